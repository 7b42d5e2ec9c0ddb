package socketapi

import (
	"context"
	"sync"

	"parley/internal/chat"
)

// locks are one lock per user, shared by a fixed number of stripes. Under it a
// socket joins its rooms and a change of membership takes effect, so that
// whichever comes second sees the first: a kick that races a connect wins.
//
// It is held while reading from the database, which waits for no writer, and
// never while writing to it.
type locks struct {
	stripes [256]sync.Mutex
}

func newLocks() *locks { return new(locks) }

// with runs f under the user's lock.
func (l *locks) with(user chat.ID, f func()) {
	stripe := &l.stripes[uint64(user)%uint64(len(l.stripes))]
	stripe.Lock()
	defer stripe.Unlock()
	f()
}

// gauge counts what is being done. Its zero value is ready.
type gauge struct {
	mu    sync.Mutex // guards the fields below
	count int
	idle  chan struct{} // closed when count reaches 0; nil while nobody waits
}

func (g *gauge) enter() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count++
}

func (g *gauge) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count--
	if g.count == 0 && g.idle != nil {
		close(g.idle)
		g.idle = nil
	}
}

// wait returns when nothing is being done, or with the error of ctx.
func (g *gauge) wait(ctx context.Context) error {
	g.mu.Lock()
	if g.count == 0 {
		g.mu.Unlock()
		return nil
	}
	if g.idle == nil {
		g.idle = make(chan struct{})
	}
	idle := g.idle
	g.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tasks are goroutines that timers have started. Its zero value is ready.
type tasks struct {
	mu      sync.Mutex // guards closed
	closed  bool
	running sync.WaitGroup
}

// do runs f unless the tasks are closed.
func (t *tasks) do(f func()) {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return
	}
	t.running.Add(1)
	t.mu.Unlock()
	defer t.running.Done()
	f()
}

// close lets nothing begin any more and waits for what has, or for ctx.
func (t *tasks) close(ctx context.Context) error {
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	return waitFor(ctx, &t.running)
}

// waitFor waits for a group, or returns the error of ctx.
func waitFor(ctx context.Context, group *sync.WaitGroup) error {
	done := make(chan struct{})
	go func() {
		group.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
