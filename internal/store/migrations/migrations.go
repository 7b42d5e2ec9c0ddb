// Package migrations holds the database schemas, one numbered file a step, forward only.
package migrations

import "embed"

// SQLite is the schema of SQLite, in the folder "sqlite".
//
//go:embed sqlite/*.sql
var SQLite embed.FS

// Postgres is the schema of PostgreSQL, in the folder "postgres".
//
//go:embed postgres/*.sql
var Postgres embed.FS
