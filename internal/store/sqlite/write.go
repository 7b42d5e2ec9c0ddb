package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"parley/internal/store/writer"
)

var errFailed = errors.New("a flush to disk has failed before")

// writeConnection is writer.Conn on the one connection that writes.
type writeConnection struct {
	*conn
	log    *slog.Logger
	fatal  func(error)
	failed bool // a flush has failed
}

var _ writer.Conn = (*writeConnection)(nil)

// Begin implements writer.Conn. After a flush that failed nothing begins any more.
func (c *writeConnection) Begin() error {
	if c.failed {
		return errFailed
	}
	return c.do("BEGIN IMMEDIATE")
}

// Save implements writer.Conn.
func (c *writeConnection) Save() error { return c.do("SAVEPOINT part") }

// Keep implements writer.Conn.
func (c *writeConnection) Keep() error { return c.do("RELEASE part") }

// Undo implements writer.Conn.
func (c *writeConnection) Undo() error {
	if err := c.do("ROLLBACK TO part"); err != nil {
		return err
	}
	return c.do("RELEASE part")
}

// Commit implements writer.Conn.
func (c *writeConnection) Commit() error { return c.do("COMMIT") }

func (c *writeConnection) do(statement string) error {
	_, err := c.Exec(statement)
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
