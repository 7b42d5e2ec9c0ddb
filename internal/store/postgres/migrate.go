package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"parley/internal/store/migrations"
)

// oldest is the first version of PostgreSQL that will do.
const oldest = 130000

// prepare brings the schema up to date. Processes that start at once wait for each other.
func prepare(ctx context.Context, config *pgx.ConnConfig) (err error) {
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(2)
	if err := checkServer(ctx, db, config.Database); err != nil {
		return err
	}
	steps, err := fs.Sub(migrations.Postgres, "postgres")
	if err != nil {
		return fmt.Errorf("read the schema: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("read the schema: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, steps, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read the schema: %w", err)
	}
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	sources := provider.ListSources()
	if newest := sources[len(sources)-1].Version; have > newest {
		return fmt.Errorf("the database %s was written by a newer Parley (schema %d, this one knows %d)", config.Database, have, newest)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bring the schema of the database %s up to date: %w", config.Database, err)
	}
	return nil
}

// checkServer refuses a server that is too old, and a database that others have filled.
func checkServer(ctx context.Context, db *sql.DB, name string) error {
	var version, tables int
	var encoding string
	var ours bool
	err := db.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_encoding'),
		(SELECT COUNT(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace),
		to_regclass('goose_db_version') IS NOT NULL`).Scan(&version, &encoding, &tables, &ours)
	switch {
	case err != nil:
		return fmt.Errorf("cannot use the database: %w", err)
	case version < oldest:
		return fmt.Errorf("PostgreSQL %d or newer is needed; this is %d", oldest/10000, version/10000)
	case encoding != "UTF8":
		return fmt.Errorf("the database %s has the encoding %s; Parley needs UTF8", name, encoding)
	case tables > 0 && !ours:
		return fmt.Errorf("the database %s is not Parley's: it has tables of another program", name)
	}
	return nil
}
