package postgres

import (
	"context"
	"errors"
	"time"

	"parley/internal/store/writer"
)

var errNotLost = errors.New("the connection was not lost")

// Restore implements writer.Conn.
func (c *writeConnection) Restore(ctx context.Context) (writer.Outcome, error) {
	if !c.raw.IsClosed() {
		return writer.Undone, errNotLost
	}
	began := time.Now()
	for {
		outcome, err := c.reconnect(ctx)
		if err == nil {
			c.log.Info("the database is back", "after", time.Since(began).Round(time.Millisecond))
			return outcome, nil
		}
		c.log.Debug("the database is away", "error", err)
		select {
		case <-ctx.Done():
			return writer.Unknown, ctx.Err()
		case <-time.After(reconnectEvery):
		}
	}
}

// reconnect connects and reads what has become of the last transaction. Its server may still be busy with it; the lock
// waits for that.
func (c *writeConnection) reconnect(ctx context.Context) (writer.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	if err := c.connect(ctx); err != nil {
		return writer.Unknown, err
	}
	outcome, err := c.lastOutcome()
	if err != nil {
		c.cut()
	}
	return outcome, err
}

func (c *writeConnection) lastOutcome() (writer.Outcome, error) {
	c.ahead = append(c.ahead[:0], begin, onlyWriter)
	answer, err := c.Query(`SELECT COALESCE(MAX(batch), 0) FROM commits WHERE id = $1`, c.id)
	if err != nil {
		return writer.Unknown, err
	}
	var batch int64
	if !answer.Next() {
		return writer.Unknown, errors.Join(errors.New("the last commit cannot be read"), answer.Close())
	}
	if err := errors.Join(answer.Scan(&batch), answer.Close()); err != nil {
		return writer.Unknown, err
	}
	if _, err := c.Exec(rollback); err != nil {
		return writer.Unknown, err
	}
	if batch == c.batch {
		return writer.Kept, nil
	}
	return writer.Undone, nil
}
