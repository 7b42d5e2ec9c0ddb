package sqlite

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/chat"
	"parley/internal/store"
)

// errClosed is why a closed store refuses.
var errClosed = errors.New("the store is closed")

// readers is a pool of connections that cannot write.
type readers struct {
	free   chan *conn
	count  int
	closed chan struct{}
}

func openReaders(path string, count int) (*readers, error) {
	r := &readers{free: make(chan *conn, count), closed: make(chan struct{})}
	for range count {
		c, err := openConn(path, "query_only(1)", "cache_size(-4096)")
		if err != nil {
			return nil, errors.Join(err, r.close())
		}
		r.free <- c
		r.count++
	}
	return r, nil
}

func (r *readers) view(ctx context.Context, f func(chat.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var c *conn
	select {
	case c = <-r.free:
	case <-r.closed:
		return refusal(errClosed)
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { r.free <- c }()

	if _, err := c.Exec("BEGIN"); err != nil {
		return fmt.Errorf("begin a read: %w", err)
	}
	defer c.Exec("ROLLBACK") // nothing was written
	return f(store.NewTx(c))
}

// close refuses further reads and waits for those that run.
func (r *readers) close() error {
	close(r.closed)
	var errs []error
	for range r.count {
		errs = append(errs, (<-r.free).close())
	}
	return errors.Join(errs...)
}
