package socketiotest

import (
	"context"
	"sync"
)

// queue holds what has come until a test asks for it.
type queue[T any] struct {
	mu    sync.Mutex // guards the fields below
	items []T
	err   error         // why nothing more comes
	ready chan struct{} // closed at the next change; nil if nobody waits
}

func (q *queue[T]) push(item T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err == nil {
		q.items = append(q.items, item)
		q.wake()
	}
}

// fail ends the queue, once.
func (q *queue[T]) fail(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err == nil {
		q.err = err
		q.wake()
	}
}

func (q *queue[T]) wake() {
	if q.ready != nil {
		close(q.ready)
		q.ready = nil
	}
}

// next waits for an item, for the end of the queue or of ctx.
func (q *queue[T]) next(ctx context.Context) (item T, err error) {
	for {
		q.mu.Lock()
		if len(q.items) > 0 {
			item, q.items = q.items[0], q.items[1:]
			q.mu.Unlock()
			return item, nil
		}
		if q.err != nil {
			defer q.mu.Unlock()
			return item, q.err
		}
		if q.ready == nil {
			q.ready = make(chan struct{})
		}
		ready := q.ready
		q.mu.Unlock()
		select {
		case <-ready:
		case <-ctx.Done():
			return item, ctx.Err()
		}
	}
}
