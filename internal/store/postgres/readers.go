package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/internal/chat"
	"parley/internal/store"
)

// readers is a pool of connections for reading.
type readers struct{ pool *pgxpool.Pool }

const beginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

func (r *readers) view(ctx context.Context, f func(chat.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	held, c, err := r.begin(ctx)
	if isFault(err) { // the pool had a connection from before a restart; it has new ones now
		r.pool.Reset()
		held, c, err = r.begin(ctx)
	}
	if ctx.Err() != nil && err != nil {
		return ctx.Err()
	}
	if err != nil {
		return refusal(err)
	}
	defer held.Release()
	defer c.Exec(rollback) // nothing was written
	if err := f(store.NewTx(c)); err != nil {
		if isFault(err) {
			return refusal(err)
		}
		return err
	}
	return nil
}

func (r *readers) begin(ctx context.Context) (*pgxpool.Conn, *conn, error) {
	held, err := r.pool.Acquire(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("connect to the database: %w", err)
	}
	c := connOf(held.Conn().PgConn())
	err = c.raw.Conn().SetDeadline(time.Now().Add(maxTransaction))
	if err == nil {
		_, err = c.Exec(beginRead)
	}
	if err != nil {
		held.Release()
		return nil, nil, errors.Join(errLost, err)
	}
	return held, c, nil
}

// connOf is what is known of a connection of the pool.
func connOf(raw *pgconn.PgConn) *conn {
	const key = "parley"
	known := raw.CustomData()
	if c, ok := known[key].(*conn); ok {
		return c
	}
	c := newConn(raw)
	known[key] = c
	return c
}

func (r *readers) close() { r.pool.Close() }
