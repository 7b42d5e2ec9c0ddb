package sqlite

import (
	"errors"
	"fmt"
	"strings"

	"parley/internal/store"
)

// conn is one connection with its prepared statements. It is used by one goroutine at a time.
type conn struct {
	lib   *library
	stmts map[string]*statement
}

var _ store.Conn = (*conn)(nil)

// openConn opens a connection with the settings that all have and some more ("name(value)").
func openConn(path string, pragmas ...string) (*conn, error) {
	lib, err := openLibrary(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	c := newConn(lib)
	for _, pragma := range append([]string{
		"busy_timeout(5000)", "journal_mode(wal)", "synchronous(" + flushing() + ")", "foreign_keys(1)", "temp_store(memory)", "trusted_schema(0)",
	}, pragmas...) {
		if _, err := c.Exec("PRAGMA " + pragma); err != nil {
			return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), c.close())
		}
	}
	return c, nil
}

func newConn(lib *library) *conn { return &conn{lib: lib, stmts: make(map[string]*statement)} }

func (c *conn) close() error {
	for _, stmt := range c.stmts {
		stmt.close()
	}
	return c.lib.close()
}

func (c *conn) stmt(query string) (*statement, error) {
	if stmt, ok := c.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := c.lib.prepare(query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", firstWords(query), explain(err))
	}
	c.stmts[query] = stmt
	return stmt, nil
}

// Exec implements store.Conn.
func (c *conn) Exec(query string, args ...any) (int64, error) {
	stmt, more, err := c.start(query, args)
	if err != nil {
		return 0, err
	}
	defer stmt.reset()
	for more {
		if more, err = stmt.step(); err != nil {
			return 0, fmt.Errorf("%s: %w", firstWords(query), explain(err))
		}
	}
	return c.lib.changes(), nil
}

// Query implements store.Conn.
func (c *conn) Query(query string, args ...any) (store.Rows, error) {
	stmt, more, err := c.start(query, args)
	if err != nil {
		return nil, err
	}
	return &rows{stmt: stmt, more: more, query: query}, nil
}

// start runs a statement until its first row, and tells whether there is one.
func (c *conn) start(query string, args []any) (*statement, bool, error) {
	stmt, err := c.stmt(query)
	if err != nil {
		return nil, false, err
	}
	more := false
	if err = stmt.bind(args); err == nil {
		more, err = stmt.step()
	}
	if err != nil {
		stmt.reset()
		return nil, false, fmt.Errorf("%s: %w", firstWords(query), explain(err))
	}
	return stmt, more, nil
}

// pragma reads one setting of the connection, a text or a number.
func (c *conn) pragma(name string) (string, error) {
	answer, err := c.Query("PRAGMA " + name)
	if err != nil {
		return "", err
	}
	defer answer.Close()
	if !answer.Next() {
		return "", errors.Join(fmt.Errorf("the pragma %s has no value", name), answer.Err())
	}
	return answer.(*rows).stmt.text(0), nil
}

// rows is the answer of a query. The first row is there when it begins.
type rows struct {
	stmt   *statement
	query  string
	more   bool // the statement stands on a row
	begun  bool // that row has been asked for
	err    error
	closed bool
}

// Next implements store.Rows.
func (r *rows) Next() bool {
	if r.err != nil || r.closed {
		return false
	}
	if !r.begun {
		r.begun = true
		return r.more
	}
	if !r.more {
		return false
	}
	more, err := r.stmt.step()
	if err != nil {
		r.err = fmt.Errorf("%s: %w", firstWords(r.query), explain(err))
	}
	r.more = more
	return more
}

// Scan implements store.Rows.
func (r *rows) Scan(dest ...any) error {
	if len(dest) != r.stmt.columns {
		return fmt.Errorf("%s: %d columns for %d values", firstWords(r.query), r.stmt.columns, len(dest))
	}
	for i, d := range dest {
		if !r.stmt.column(i, d) {
			return fmt.Errorf("%s: column %d is no %T", firstWords(r.query), i, d)
		}
	}
	return nil
}

// Err implements store.Rows.
func (r *rows) Err() error { return r.err }

// Close implements store.Rows.
func (r *rows) Close() error {
	if !r.closed {
		r.closed = true
		r.stmt.reset()
	}
	return nil
}

// firstWords is what of a statement goes into an error.
func firstWords(query string) string {
	words := strings.Fields(query)
	return strings.Join(words[:min(len(words), 6)], " ")
}
