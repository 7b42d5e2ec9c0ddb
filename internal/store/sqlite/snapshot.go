package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// snapshot keeps a copy of the database as it is, beside it, and tells where. One of the same schema is replaced.
func snapshot(ctx context.Context, db *sql.DB, path string, schema int64) (string, error) {
	kept := filepath.Join(filepath.Dir(path), fmt.Sprintf("parley-schema-%d.db", schema))
	partial := kept + ".partial"
	if err := os.Remove(partial); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("remove an earlier attempt at a copy: %w", err)
	}
	file, err := os.OpenFile(partial, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) // VACUUM takes an empty file, and leaves its mode
	if err != nil {
		return "", fmt.Errorf("copy the database: %w", err)
	}
	defer file.Close()
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, partial); err != nil {
		return "", errors.Join(fmt.Errorf("copy the database to %s: %w", partial, err), os.Remove(partial))
	}
	if err := errors.Join(file.Sync(), os.Rename(partial, kept)); err != nil {
		return "", fmt.Errorf("keep the copy of the database: %w", err)
	}
	return kept, syncDir(filepath.Dir(path))
}

// syncDir puts the names in a directory on disk, where the system can.
func syncDir(dir string) error {
	opened, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open %s: %w", dir, err)
	}
	defer opened.Close()
	if err := opened.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, fs.ErrInvalid) {
		return fmt.Errorf("flush %s: %w", dir, err)
	}
	return nil
}
