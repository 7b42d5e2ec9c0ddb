package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/store"
	"parley/internal/store/migrations"
)

// longest is how long one look at the database may take, as PostgreSQL reads it.
const longest = "5min"

// checkAdvice is the remedy where PostgreSQL itself is in doubt.
const checkAdvice = "Stop the servers of Parley, keep the database as it is, and restore the latest backup into a new one. pg_amcheck and the log of " +
	"PostgreSQL tell more."

// Examine reads the database, also while servers work on it: what PostgreSQL says of its pages and indexes, references
// between rows, and what store.Examine looks for. It writes nothing. What takes longer than five minutes is told as
// unfinished. An error says why the database could not be read at all; it does not tell the password.
func Examine(ctx context.Context, url string, tell func(what string)) (e store.Examination, err error) {
	c, err := examiner(ctx, url, map[string]string{"default_transaction_read_only": "on"})
	if err != nil {
		return store.Examination{}, err
	}
	defer func() { err = errors.Join(err, c.raw.Close(context.WithoutCancel(ctx))) }()
	return c.examine(tell)
}

// Alone examines the database while nobody else can write, and keeps what f does about it if f returns nil.
func Alone(ctx context.Context, url string, tell func(what string), f func(store.Conn, store.Examination) error) (err error) {
	c, err := examiner(ctx, url, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.raw.Close(context.WithoutCancel(ctx))) }() // which undoes what is not committed
	for _, statement := range []string{begin, onlyWriter} {
		if _, err := c.Exec(statement); err != nil {
			return fmt.Errorf("keep others from writing: %w", err)
		}
	}
	e, err := c.examine(tell)
	if err != nil {
		return err
	}
	if err := f(c, e); err != nil {
		return err
	}
	_, err = c.Exec(commit)
	return err
}

// examiner connects with settings under which large answers come soonest.
func examiner(ctx context.Context, url string, settings map[string]string) (*conn, error) {
	config, err := pgconn.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the database must be postgres://USER@HOST/NAME") // the cause may tell the password
	}
	if config.ConnectTimeout == 0 || config.ConnectTimeout > connectTimeout {
		config.ConnectTimeout = connectTimeout
	}
	maps.Copy(config.RuntimeParams, map[string]string{"application_name": "parley doctor", "statement_timeout": longest, "lock_timeout": "10s"})
	maps.Copy(config.RuntimeParams, settings)
	raw, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("cannot use the database: %w", err)
	}
	c := newConn(raw)
	if err := c.mustBeParleys(config.Database); err != nil {
		return nil, errors.Join(err, raw.Close(ctx))
	}
	return c, nil
}

func (c *conn) mustBeParleys(name string) error {
	there, err := c.numbers(`SELECT COUNT(*) FROM pg_class WHERE relname IN ('goose_db_version', 'rooms', 'messages')
		AND relnamespace = current_schema()::regnamespace`)
	if err != nil {
		return fmt.Errorf("cannot use the database: %w", err)
	}
	if there[0] < 3 {
		return fmt.Errorf("there is no chat in the database %s", name)
	}
	return nil
}

// numbers is one row of whole numbers.
func (c *conn) numbers(query string) ([]int64, error) {
	rows, err := c.run(query, nil)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, errors.Join(fmt.Errorf("%s: no answer", firstWords(query)), rows.Close())
	}
	answer := make([]int64, len(rows.answer.Values()))
	dest := make([]any, len(answer))
	for i := range answer {
		dest[i] = &answer[i]
	}
	return answer, errors.Join(rows.Scan(dest...), rows.Close())
}

func (c *conn) examine(tell func(string)) (store.Examination, error) {
	tell("what PostgreSQL knows of its pages and indexes")
	faults, err := c.doubts()
	if err != nil {
		return store.Examination{}, err
	}
	newest, err := migrations.Newest(migrations.Postgres, "postgres")
	if err != nil {
		return store.Examination{}, err
	}
	old, err := store.SchemaFault(c, newest)
	if err != nil || len(old) > 0 {
		return store.Examination{Faults: append(faults, old...)}, err
	}
	dangling, err := c.danglingRows(tell)
	if err != nil {
		return store.Examination{}, err
	}
	e, err := store.Examine(c, tell)
	e.Faults = append(append(faults, dangling...), e.Faults...)
	return e, err
}

// doubts are what PostgreSQL itself has found.
func (c *conn) doubts() (faults []store.Fault, err error) {
	for what, query := range map[string]string{
		"PostgreSQL has read %d pages of the database whose checksum was wrong.": `SELECT COALESCE(SUM(checksum_failures), 0)::bigint
			FROM pg_stat_database WHERE datname = current_database()`,
		"%d indexes were not finished.": `SELECT COUNT(*) FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
			WHERE t.relnamespace = current_schema()::regnamespace AND NOT i.indisvalid`,
	} {
		count, err := c.numbers(query)
		if err != nil {
			return nil, fmt.Errorf("ask PostgreSQL: %w", err)
		}
		if count[0] > 0 {
			faults = append(faults, store.Fault{What: fmt.Sprintf(what, count[0]), Remedy: checkAdvice})
		}
	}
	return faults, nil
}

// reference is a column whose values are those of a column of another table.
type reference struct{ table, column, parent, key string }

// danglingRows finds rows that refer to others that are not there, although PostgreSQL should have kept that from happening.
func (c *conn) danglingRows(tell func(string)) (faults []store.Fault, err error) {
	references, err := c.references()
	if err != nil {
		return nil, fmt.Errorf("read the references between tables: %w", err)
	}
	for _, r := range references {
		what := fmt.Sprintf("rows of %s and of %s that they refer to", r.table, r.parent)
		tell(what)
		count, err := c.numbers(fmt.Sprintf(`SELECT COUNT(*) FROM %s AS c WHERE c.%s IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM %s AS p WHERE p.%s = c.%s)`, r.table, r.column, r.parent, r.key, r.column))
		switch {
		case errors.Is(err, store.ErrTooLong):
			faults = append(faults, store.Unfinished(what))
		case err != nil:
			return nil, err
		case count[0] > 0:
			faults = append(faults, store.Fault{
				What:   fmt.Sprintf("%d rows of %s belong to rows of %s that are not there.", count[0], r.table, r.parent),
				Remedy: checkAdvice,
			})
		}
	}
	return faults, nil
}

func (c *conn) references() (all []reference, err error) {
	rows, err := c.run(`SELECT k.conrelid::regclass::text, quote_ident(a.attname), k.confrelid::regclass::text, quote_ident(b.attname)
		FROM pg_constraint k
		JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
		JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
		WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace ORDER BY 1, 2`, nil)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r reference
		if err := rows.Scan(&r.table, &r.column, &r.parent, &r.key); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Close()
}
