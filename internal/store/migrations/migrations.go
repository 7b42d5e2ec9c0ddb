// Package migrations holds the database schemas, one numbered file a step, forward only.
package migrations

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
)

// SQLite is the schema of SQLite, in the folder "sqlite".
//
//go:embed sqlite/*.sql
var SQLite embed.FS

// Postgres is the schema of PostgreSQL, in the folder "postgres".
//
//go:embed postgres/*.sql
var Postgres embed.FS

// Newest is the number of the last step in a folder.
func Newest(steps embed.FS, folder string) (newest int64, err error) {
	files, err := fs.Glob(steps, folder+"/*.sql")
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("there is no schema in %s: %w", folder, err)
	}
	if _, err := fmt.Sscanf(path.Base(files[len(files)-1]), "%d_", &newest); err != nil {
		return 0, fmt.Errorf("the schema %s has no number: %w", files[len(files)-1], err)
	}
	return newest, nil
}
