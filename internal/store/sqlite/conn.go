package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	sqlite "modernc.org/sqlite"

	"parley/internal/store"
)

// conn is one connection with its prepared statements. It is used by one goroutine at a time. It works on the driver
// itself: database/sql would add its locks and conversions to each of the eight statements of a send.
type conn struct {
	raw   driver.Conn
	stmts map[string]driver.Stmt
	args  []driver.NamedValue
}

var _ store.Conn = (*conn)(nil)

// openConn opens a connection with the settings that all have and some more ("name(value)").
func openConn(path string, pragmas ...string) (*conn, error) {
	query := url.Values{"_pragma": append([]string{
		"busy_timeout(5000)", "journal_mode(wal)", "synchronous(" + flushing() + ")", "foreign_keys(1)", "temp_store(memory)", "trusted_schema(0)",
	}, pragmas...)}
	raw, err := new(sqlite.Driver).Open(fileURI(path, query))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, explain(err))
	}
	return &conn{raw: raw, stmts: make(map[string]driver.Stmt)}, nil
}

func fileURI(path string, query url.Values) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query.Encode()}).String()
}

func (c *conn) close() error {
	var errs []error
	for _, stmt := range c.stmts {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, c.raw.Close())...)
}

func (c *conn) stmt(query string) (driver.Stmt, error) {
	if stmt, ok := c.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := c.raw.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", firstWords(query), explain(err))
	}
	c.stmts[query] = stmt
	return stmt, nil
}

func (c *conn) bind(args []any) []driver.NamedValue {
	c.args = c.args[:0]
	for i, arg := range args {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: arg})
	}
	return c.args
}

// Exec implements store.Conn.
func (c *conn) Exec(query string, args ...any) (int64, error) {
	stmt, err := c.stmt(query)
	if err != nil {
		return 0, err
	}
	// Without a context that can end: the driver would start a goroutine to watch it.
	result, err := stmt.(driver.StmtExecContext).ExecContext(context.Background(), c.bind(args))
	if err != nil {
		return 0, fmt.Errorf("%s: %w", firstWords(query), explain(err))
	}
	return result.RowsAffected()
}

// Query implements store.Conn.
func (c *conn) Query(query string, args ...any) (store.Rows, error) {
	stmt, err := c.stmt(query)
	if err != nil {
		return nil, err
	}
	answer, err := stmt.(driver.StmtQueryContext).QueryContext(context.Background(), c.bind(args))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", firstWords(query), explain(err))
	}
	return &rows{answer: answer, values: make([]driver.Value, len(answer.Columns())), query: query}, nil
}

// pragma reads one setting of the connection.
func (c *conn) pragma(name string) (string, error) {
	answer, err := c.Query("PRAGMA " + name)
	if err != nil {
		return "", err
	}
	defer answer.Close()
	if !answer.Next() {
		return "", errors.Join(fmt.Errorf("the pragma %s has no value", name), answer.Err())
	}
	return fmt.Sprint(answer.(*rows).values[0]), nil
}

// rows is the answer of a query.
type rows struct {
	answer driver.Rows
	values []driver.Value
	query  string
	err    error
	closed bool
}

// Next implements store.Rows.
func (r *rows) Next() bool {
	if r.err != nil || r.closed {
		return false
	}
	err := r.answer.Next(r.values)
	if err == nil {
		return true
	}
	if err != io.EOF {
		r.err = fmt.Errorf("%s: %w", firstWords(r.query), explain(err))
	}
	return false
}

// Scan implements store.Rows.
func (r *rows) Scan(dest ...any) error {
	if len(dest) != len(r.values) {
		return fmt.Errorf("%s: %d columns for %d values", firstWords(r.query), len(r.values), len(dest))
	}
	for i, value := range r.values {
		ok := false
		switch d := dest[i].(type) {
		case *int64:
			*d, ok = value.(int64)
		case *string:
			*d, ok = value.(string)
		case *[]byte:
			*d, ok = value.([]byte)
		}
		if !ok {
			return fmt.Errorf("%s: column %d is a %T, wanted a %T", firstWords(r.query), i, value, dest[i])
		}
	}
	return nil
}

// Err implements store.Rows.
func (r *rows) Err() error { return r.err }

// Close implements store.Rows.
func (r *rows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	return r.answer.Close()
}

// firstWords is what of a statement goes into an error.
func firstWords(query string) string {
	words := strings.Fields(query)
	return strings.Join(words[:min(len(words), 6)], " ")
}
