package postgres

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/store"
)

// maxTransaction is how long a transaction may take before its connection counts as lost.
const maxTransaction = 30 * time.Second

// conn is one connection with its prepared statements. It is used by one goroutine at a time. It works on pgconn: the
// layers above would convert and keep what is known here.
type conn struct {
	raw     *pgconn.PgConn
	stmts   map[string]string // statement → the name it is prepared under
	ahead   []string          // statements that travel in front of the next one
	values  [][]byte
	formats []int16
	failed  error // the last statement's, until ahead undoes it
}

var _ store.Conn = (*conn)(nil)

func newConn(raw *pgconn.PgConn) *conn { return &conn{raw: raw, stmts: make(map[string]string)} }

// name prepares a statement on its first use.
func (c *conn) name(query string) (string, error) {
	if name, ok := c.stmts[query]; ok {
		return name, nil
	}
	name := "s" + strconv.Itoa(len(c.stmts))
	if _, err := c.raw.Prepare(context.Background(), name, query, nil); err != nil {
		return "", fmt.Errorf("prepare %q: %w", firstWords(query), explain(err))
	}
	c.stmts[query] = name
	return name, nil
}

// Formats of values on the wire.
const (
	textFormat   = 0
	binaryFormat = 1
)

func (c *conn) bind(args []any) error {
	c.values, c.formats = c.values[:0], c.formats[:0]
	for i, arg := range args {
		var value []byte
		format := int16(textFormat)
		switch v := arg.(type) {
		case nil:
		case int64:
			value = strconv.AppendInt(nil, v, 10)
		case string:
			value = []byte(storable(v))
		case []byte:
			value, format = v, binaryFormat
			if value == nil {
				value = []byte{}
			}
		default:
			return fmt.Errorf("argument %d is a %T", i+1, arg)
		}
		c.values, c.formats = append(c.values, value), append(c.formats, format)
	}
	return nil
}

// storable is a text as PostgreSQL takes it: UTF-8 without zero bytes.
func storable(text string) string {
	if utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 {
		return text
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// run sends a statement behind those that go ahead of it, in one round trip.
func (c *conn) run(query string, args []any) (*rows, error) {
	r := &rows{conn: c, query: query}
	name, err := c.name(query)
	if err == nil {
		err = c.bind(args)
	}
	if err != nil {
		c.failed = err
		return nil, err
	}
	// Without a context that can end: pgconn would start a goroutine to watch it. The deadline of the transaction holds.
	if len(c.ahead) == 0 {
		r.answer = c.raw.ExecPrepared(context.Background(), name, c.values, c.formats, nil)
		return r, nil
	}
	batch := &pgconn.Batch{}
	for _, statement := range c.ahead {
		first, err := c.name(statement)
		if err != nil {
			c.failed = err
			return nil, err
		}
		batch.ExecPrepared(first, nil, nil, nil)
	}
	batch.ExecPrepared(name, c.values, c.formats, nil)
	r.all = c.raw.ExecBatch(context.Background(), batch)
	for range c.ahead {
		if r.all.NextResult() {
			_, _ = r.all.ResultReader().Close() // what went wrong is told by the close of all
		}
	}
	c.ahead = c.ahead[:0]
	if !r.all.NextResult() {
		return nil, cmp.Or(r.Close(), errors.New("a statement has no answer"))
	}
	r.answer = r.all.ResultReader()
	return r, nil
}

// Exec implements store.Conn.
func (c *conn) Exec(query string, args ...any) (int64, error) {
	r, err := c.run(query, args)
	if err != nil {
		return 0, err
	}
	err = r.Close()
	return r.tag.RowsAffected(), err
}

// Query implements store.Conn.
func (c *conn) Query(query string, args ...any) (store.Rows, error) {
	r, err := c.run(query, args)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// setting reads one setting of the session.
func (c *conn) setting(name string) (string, error) {
	r, err := c.run("SHOW "+name, nil)
	if err != nil {
		return "", err
	}
	defer r.Close()
	var value string
	if !r.Next() {
		return "", errors.Join(fmt.Errorf("the setting %s has no value", name), r.Close())
	}
	return value, r.Scan(&value)
}

// rows is the answer of a statement.
type rows struct {
	conn   *conn
	query  string
	all    *pgconn.MultiResultReader // nil if the statement went alone
	answer *pgconn.ResultReader
	tag    pgconn.CommandTag
	err    error
	closed bool
}

// Next implements store.Rows.
func (r *rows) Next() bool {
	if r.closed {
		return false
	}
	if r.answer.NextRow() {
		return true
	}
	r.Close()
	return false
}

// Scan implements store.Rows.
func (r *rows) Scan(dest ...any) error {
	values := r.answer.Values()
	if len(dest) != len(values) {
		return fmt.Errorf("%s: %d columns for %d values", firstWords(r.query), len(values), len(dest))
	}
	for i, value := range values {
		if err := scan(dest[i], value); err != nil {
			return fmt.Errorf("%s: column %d: %w", firstWords(r.query), i, err)
		}
	}
	return nil
}

func scan(dest any, value []byte) (err error) {
	if value == nil {
		return errors.New("there is no value")
	}
	switch d := dest.(type) {
	case *int64:
		*d, err = strconv.ParseInt(string(value), 10, 64)
	case *string:
		*d = string(value)
	case *[]byte:
		*d, err = hex.DecodeString(strings.TrimPrefix(string(value), `\x`))
	default:
		err = fmt.Errorf("wanted as a %T", dest)
	}
	return err
}

// Err implements store.Rows.
func (r *rows) Err() error { return r.err }

// Close implements store.Rows. It reads what is left.
func (r *rows) Close() error {
	if r.closed {
		return r.err
	}
	r.closed = true
	var err error
	if r.answer != nil {
		r.tag, err = r.answer.Close()
	}
	if r.all != nil {
		if closeErr := r.all.Close(); err == nil {
			err = closeErr
		}
	}
	if err != nil {
		r.err = fmt.Errorf("%s: %w", firstWords(r.query), explain(err))
		r.conn.failed = r.err
	}
	return r.err
}

// firstWords is what of a statement goes into an error.
func firstWords(query string) string {
	words := strings.Fields(query)
	return strings.Join(words[:min(len(words), 6)], " ")
}
