package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"

	"github.com/pressly/goose/v3"

	"parley/internal/store/migrations"
)

// applicationID marks the file as Parley's: "Parl".
const applicationID = 0x5061726c

// prepareFile makes the database file, readable by its owner only, or checks the one that is there, and brings its
// schema up to date. A copy of what an upgrade changes is kept.
func prepareFile(ctx context.Context, path string, log *slog.Logger) (err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open the database file: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("open the database file: %w", err)
	}
	settings := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)"}}
	uri := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: settings.Encode()}
	db, err := sql.Open("sqlite", uri.String()) // which the driver registers
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	err = migrate(ctx, db, path, log)
	if err == nil {
		err = checkSound(ctx, db, path)
	}
	if isDamaged(err) || errors.Is(err, ErrDamaged) {
		return fmt.Errorf("the database %s is damaged or no database at all; %s: %w", path, howToMend, err)
	}
	return err
}

func migrate(ctx context.Context, db *sql.DB, path string, log *slog.Logger) error {
	if err := checkOwner(ctx, db, path); err != nil {
		return err
	}
	steps, err := fs.Sub(migrations.SQLite, "sqlite")
	if err != nil {
		return fmt.Errorf("read the schema: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, steps)
	if err != nil {
		return fmt.Errorf("read the schema: %w", err)
	}
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	sources := provider.ListSources()
	newest := sources[len(sources)-1].Version
	if have > newest {
		return fmt.Errorf("the database %s was written by a newer Parley (schema %d, this one knows %d)", path, have, newest)
	}
	if 0 < have && have < newest {
		kept, err := snapshot(ctx, db, path, have)
		if err != nil {
			return fmt.Errorf("before the upgrade of the schema: %w", err)
		}
		log.Info("the schema is being upgraded; the database as it was is kept", "from", have, "to", newest, "kept", kept)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bring the schema of %s up to date: %w", path, err)
	}
	return nil
}

// checkOwner refuses a file that another program has filled, and marks an empty one.
func checkOwner(ctx context.Context, db *sql.DB, path string) error {
	var owner, tables int64
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&owner); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if owner == applicationID {
		return nil
	}
	if tables > 0 {
		return fmt.Errorf("the database %s is not Parley's", path)
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID)); err != nil {
		return fmt.Errorf("mark %s: %w", path, err)
	}
	return nil
}
