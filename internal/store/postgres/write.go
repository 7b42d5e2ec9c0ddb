package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/store/writer"
)

// The statements around the functions of a batch. They travel ahead of what comes after them, so that a function costs
// the round trips of its own statements only.
const (
	begin = "BEGIN"
	// One transaction writes at a time, in all processes on the database: rules read before they write, and rooms of two
	// batches could wait for each other. The lock is freed after the commit is on disk.
	onlyWriter = "SELECT pg_advisory_xact_lock(5786643)"
	save       = "SAVEPOINT part"
	keep       = "RELEASE part"
	undo       = "ROLLBACK TO part"
	commit     = "COMMIT"
	rollback   = "ROLLBACK"
	sign       = `INSERT INTO commits (id, batch, at) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, at = excluded.at`
)

// reconnectEvery is the time between two attempts to reach a database that is away.
const reconnectEvery = 100 * time.Millisecond

// writeConnection is writer.Conn on one connection. It signs each transaction with a number, so that it can learn after a
// lost connection whether the last one was committed.
type writeConnection struct {
	*conn
	config *pgconn.Config
	log    *slog.Logger
	id     string // of this process in the table commits

	batch int64
	asked bool // the commit has been asked for
}

var _ writer.Conn = (*writeConnection)(nil)

// openWriter connects, and forgets processes that are long gone.
func openWriter(ctx context.Context, config *pgconn.Config, id string, log *slog.Logger) (*writeConnection, error) {
	c := &writeConnection{config: config, id: id, log: log}
	if err := c.connect(ctx); err != nil {
		return nil, err
	}
	const kept = 7 * 24 * time.Hour
	if _, err := c.Exec(`DELETE FROM commits WHERE at < $1`, time.Now().Add(-kept).UnixMilli()); err != nil {
		return nil, errors.Join(fmt.Errorf("forget earlier processes: %w", err), c.Close())
	}
	return c, nil
}

// connect makes a connection whose commits are on disk when they return, or says why not.
func (c *writeConnection) connect(ctx context.Context) error {
	raw, err := pgconn.ConnectConfig(ctx, c.config)
	if err != nil {
		return err
	}
	c.conn = newConn(raw)
	if err := errors.Join(raw.Conn().SetDeadline(time.Now().Add(maxTransaction)), c.prepare()); err != nil {
		return errors.Join(err, raw.Close(ctx))
	}
	return nil
}

func (c *writeConnection) prepare() error {
	for _, statement := range []string{"SET lock_timeout = '10s'", "SET idle_in_transaction_session_timeout = '10s'"} {
		if _, err := c.Exec(statement); err != nil {
			return err
		}
	}
	if err := verifyDurable(c.conn); err != nil {
		return err
	}
	for _, statement := range []string{begin, onlyWriter, save, keep, undo, commit, rollback, sign} {
		if _, err := c.name(statement); err != nil {
			return err
		}
	}
	return nil
}

// verifyDurable refuses a server that answers a commit before it is on disk. The part of it that a session may choose is
// chosen.
func verifyDurable(c *conn) error {
	for _, name := range []string{"fsync", "full_page_writes"} {
		value, err := c.setting(name)
		if err != nil {
			return fmt.Errorf("verify %s: %w", name, err)
		}
		if value != "on" {
			return fmt.Errorf("PostgreSQL runs with %s=%s: a power failure would lose what was acknowledged. Turn it on", name, value)
		}
	}
	durable := func() (bool, error) {
		value, err := c.setting("synchronous_commit")
		return value == "on" || value == "remote_apply", err
	}
	if is, err := durable(); is || err != nil {
		return err
	}
	if _, err := c.Exec("SET synchronous_commit = on"); err != nil {
		return fmt.Errorf("set synchronous_commit: %w", err)
	}
	if is, err := durable(); !is || err != nil {
		return errors.Join(errors.New("PostgreSQL does not let synchronous_commit be on"), err)
	}
	return nil
}

// Begin implements writer.Conn.
func (c *writeConnection) Begin() error {
	c.batch++
	c.asked, c.failed = false, nil
	c.ahead = append(c.ahead[:0], begin, onlyWriter)
	if err := c.raw.Conn().SetDeadline(time.Now().Add(maxTransaction)); err != nil {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	return nil
}

// Save implements writer.Conn.
func (c *writeConnection) Save() error {
	c.ahead = append(c.ahead, save)
	return nil
}

// Keep implements writer.Conn. A function that went on after a statement had failed has failed.
func (c *writeConnection) Keep() error {
	if c.failed != nil {
		return c.failed
	}
	if !c.untouched() {
		c.ahead = append(c.ahead, keep)
	}
	return nil
}

// Undo implements writer.Conn.
func (c *writeConnection) Undo() error {
	if c.failed == nil {
		if !c.untouched() {
			c.ahead = append(c.ahead, undo, keep)
		}
		return nil
	}
	if isFault(c.failed) {
		return c.failed
	}
	c.failed = nil
	_, err := c.Exec(undo)
	c.ahead = append(c.ahead, keep)
	return err
}

// untouched tells that nothing has been sent since Save, and takes that back.
func (c *writeConnection) untouched() bool {
	if len(c.ahead) == 0 || c.ahead[len(c.ahead)-1] != save {
		return false
	}
	c.ahead = c.ahead[:len(c.ahead)-1]
	return true
}

// Commit implements writer.Conn.
func (c *writeConnection) Commit() error {
	if slices.Contains(c.ahead, begin) { // nothing has been asked of the database
		c.ahead = c.ahead[:0]
		return nil
	}
	c.asked = true
	ended, err := c.commitWith(sign, c.id, c.batch, time.Now().UnixMilli())
	if err != nil {
		return err
	}
	if ended != commit {
		return fmt.Errorf("the commit was answered with %s", ended)
	}
	return nil
}

// commitWith runs a last statement and the commit in one round trip, and tells how the transaction ended.
func (c *writeConnection) commitWith(statement string, args ...any) (string, error) {
	if err := c.bind(args); err != nil {
		return "", err
	}
	batch := &pgconn.Batch{}
	for _, first := range c.ahead {
		batch.ExecPrepared(c.stmts[first], nil, nil, nil)
	}
	batch.ExecPrepared(c.stmts[statement], c.values, c.formats, nil)
	batch.ExecPrepared(c.stmts[commit], nil, nil, nil)
	c.ahead = c.ahead[:0]
	answers := c.raw.ExecBatch(context.Background(), batch)
	var ended pgconn.CommandTag
	for answers.NextResult() {
		ended, _ = answers.ResultReader().Close() // what went wrong is told by the close of all
	}
	if err := answers.Close(); err != nil {
		return "", fmt.Errorf("commit: %w", explain(err))
	}
	return ended.String(), nil
}

// IsFault implements writer.Conn.
func (c *writeConnection) IsFault(err error) bool { return isFault(err) }

// Abort implements writer.Conn.
func (c *writeConnection) Abort(cause error) writer.Outcome {
	c.ahead, c.failed = c.ahead[:0], nil
	if !c.raw.IsClosed() {
		if _, err := c.Exec(rollback); err == nil {
			return writer.Undone // also what was committed in vain: PostgreSQL has said that it was not
		}
		c.cut()
	}
	if c.asked {
		return writer.Unknown
	}
	return writer.Undone
}

// cut ends the connection without a word.
func (c *writeConnection) cut() {
	_ = c.raw.Conn().Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = c.raw.Close(ctx)
}

// Close implements writer.Conn.
func (c *writeConnection) Close() error {
	if c.raw.IsClosed() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	_, err := c.Exec(`DELETE FROM commits WHERE id = $1`, c.id)
	return errors.Join(err, c.raw.Close(ctx))
}
