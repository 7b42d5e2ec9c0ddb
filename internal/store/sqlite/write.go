package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"parley/internal/store"
	"parley/internal/store/writer"
)

var errFailed = errors.New("a flush to disk has failed before")

// writeConnection is writer.Conn on the one connection that writes. It does without savepoints, which cost a tenth of a
// send, until a function has written something and is refused. That is rare; then all functions of the batch run again,
// with savepoints.
type writeConnection struct {
	*conn
	log    *slog.Logger
	fatal  func(error)
	failed bool // a flush has failed

	careful bool // there are savepoints in this transaction
	wrote   bool // something has been written since Save
	written int  // bytes, about, since they were last asked for
}

var _ writer.Conn = (*writeConnection)(nil)

// Exec implements store.Conn.
func (c *writeConnection) Exec(query string, args ...any) (int64, error) {
	c.noteWrite(args)
	return c.conn.Exec(query, args...)
}

// Query implements store.Conn.
func (c *writeConnection) Query(query string, args ...any) (store.Rows, error) {
	if !strings.HasPrefix(query, "SELECT") {
		c.noteWrite(args)
	}
	return c.conn.Query(query, args...)
}

// noteWrite counts a page for the statement and the length of its texts.
func (c *writeConnection) noteWrite(args []any) {
	const page = 4096
	c.wrote = true
	c.written += page
	for _, arg := range args {
		if text, ok := arg.(string); ok {
			c.written += len(text)
		}
	}
}

// takeWritten is how many bytes, about, have been written since it was last asked.
func (c *writeConnection) takeWritten() int {
	count := c.written
	c.written = 0
	return count
}

// Begin implements writer.Conn. After a flush that failed nothing begins any more.
func (c *writeConnection) Begin() error {
	if c.failed {
		return errFailed
	}
	c.careful = false
	return c.do("BEGIN IMMEDIATE")
}

// Save implements writer.Conn.
func (c *writeConnection) Save() error {
	c.wrote = false
	if c.careful {
		return c.do("SAVEPOINT part")
	}
	return nil
}

// Keep implements writer.Conn.
func (c *writeConnection) Keep() error {
	if c.careful {
		return c.do("RELEASE part")
	}
	return nil
}

// Undo implements writer.Conn.
func (c *writeConnection) Undo() error {
	if c.careful {
		return errors.Join(c.do("ROLLBACK TO part"), c.do("RELEASE part"))
	}
	if !c.wrote {
		return nil
	}
	if err := errors.Join(c.do("ROLLBACK"), c.do("BEGIN IMMEDIATE")); err != nil {
		return err
	}
	c.careful = true
	return writer.ErrRedo
}

// Commit implements writer.Conn.
func (c *writeConnection) Commit() error { return c.do("COMMIT") }

func (c *writeConnection) do(statement string) error {
	_, err := c.conn.Exec(statement)
	return err
}

// IsFault implements writer.Conn.
func (c *writeConnection) IsFault(err error) bool { return isStoreFault(err) }

// Abort implements writer.Conn.
func (c *writeConnection) Abort(cause error) writer.Outcome {
	outcome := writer.Undone
	if isFlushFault(cause) {
		c.failed = true
		outcome = writer.Unknown
		if c.fatal != nil {
			c.fatal(fmt.Errorf("%w: %w", writer.ErrUnknown, cause))
		}
	}
	// SQLite may have rolled back by itself; then there is nothing to undo and it says so.
	if err := c.do("ROLLBACK"); err != nil {
		c.log.Debug("the transaction was rolled back already", "error", err)
	}
	return outcome
}

// errNotRestored: the connection was never lost, and there is nothing to be learnt.
var errNotRestored = errors.New("the disk has not taken a write since")

// Restore implements writer.Conn.
func (c *writeConnection) Restore(context.Context) (writer.Outcome, error) {
	return writer.Unknown, errNotRestored
}

// Close implements writer.Conn.
func (c *writeConnection) Close() error { return c.close() }
