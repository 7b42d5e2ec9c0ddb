// Package store is the body of SQL that chat.Tx is made of, the same for every database. The packages below it bring
// the connections: sqlite has one writer with group commit and many readers.
package store

import (
	"errors"
	"fmt"
	"time"

	"parley/internal/chat"
)

// Conn runs statements inside one transaction. Arguments are int64, string, []byte or nil and are written $1, $2, ...;
// a violated unique constraint is chat.ErrExists. A statement's text is a constant, so that it is prepared once.
type Conn interface {
	Exec(query string, args ...any) (changed int64, err error)
	Query(query string, args ...any) (Rows, error)
	Dialect() Dialect
}

// Rows is the answer of a query, read like sql.Rows. Close may be called twice.
type Rows interface {
	Next() bool
	Scan(dest ...any) error // *int64, *string or *[]byte
	Err() error
	Close() error
}

// Dialect is what of the SQL is not the same for every database: the search index.
type Dialect struct {
	// AddTexts tells the index of texts that are not empty, at positions that it does not know.
	AddTexts func(c Conn, texts []chat.IndexText) error
	// DropText is the statement that forgets the text at position $1, if there is one.
	DropText string
	// DropTexts is the statement that forgets all texts.
	DropTexts string
	// Found is what a query reads from: the messages x at the last $4 positions from $2 and below $3 with what $1 asks for.
	Found string
	// Match is $1 of Found.
	Match func(q chat.SearchQuery) string
}

// Tx is chat.Tx over a Conn.
type Tx struct {
	conn  Conn
	hooks []func()
}

var _ chat.Tx = (*Tx)(nil)

// NewTx begins nothing: the caller has.
func NewTx(conn Conn) *Tx { return &Tx{conn: conn} }

// AfterCommit implements chat.Tx.
func (t *Tx) AfterCommit(hook func()) { t.hooks = append(t.hooks, hook) }

// Hooks are the functions registered by AfterCommit.
func (t *Tx) Hooks() []func() { return t.hooks }

// exec runs a statement that must change a row.
func (t *Tx) exec(query string, args ...any) error {
	changed, err := t.conn.Exec(query, args...)
	if err != nil {
		return err
	}
	if changed == 0 {
		return chat.ErrNotFound
	}
	return nil
}

// row reads exactly one row. Error: chat.ErrNotFound if there is none.
func (t *Tx) row(query string, args []any, dest ...any) error {
	rows, err := t.conn.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return chat.ErrNotFound
	}
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	return rows.Close()
}

// exists tells whether a query answers a row.
func (t *Tx) exists(query string, args ...any) (bool, error) {
	var one int64
	err := t.row(query, args, &one)
	if errors.Is(err, chat.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// list reads all rows of a query, each through scan.
func list[T any](t *Tx, scan func(Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.conn.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := []T{}
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("scan a row: %w", err)
		}
		found = append(found, one)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return found, rows.Close()
}

// Times are Unix milliseconds; the zero time is NULL in a row and 0 in an answer.

func fromTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func toTime(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// orNull is NULL for an empty text.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// numberOrNull is NULL for zero.
func numberOrNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// idOrNull is NULL for no id.
func idOrNull(id chat.ID) any {
	if id == 0 {
		return nil
	}
	return int64(id)
}
