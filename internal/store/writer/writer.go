// Package writer is group commit, the same for every database: one goroutine runs all functions that wait in one
// transaction, each in a part of its own that can be undone, and answers them once the commit is on disk. What they
// registered with AfterCommit runs on one further goroutine, in commit order.
package writer

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"

	"parley/internal/chat"
	"parley/internal/store"
)

// Conn is the connection that writes. One goroutine uses it at a time.
type Conn interface {
	store.Conn
	Begin() error
	Save() error // begins the part of one function
	Keep() error // ends the part
	// Undo ends the part and takes back what it wrote. ErrRedo: it took back the whole transaction and began it anew.
	Undo() error
	Commit() error

	// IsFault tells an error of the database from one of a statement. After a fault nothing of the transaction can be
	// relied on.
	IsFault(error) bool
	// Abort ends a transaction that a fault has ended.
	Abort(cause error) Outcome
	// Restore makes the connection as good as new after Abort, and tells what has become of a transaction that was
	// Unknown. It takes as long as the database is away, or until ctx ends. With an error, how the connection is shows in
	// the next batch only.
	Restore(ctx context.Context) (Outcome, error)
	Close() error
}

// Outcome is what has become of a transaction.
type Outcome int

// The outcomes.
const (
	Undone  Outcome = iota // nothing of it was kept
	Kept                   // all of it is on disk
	Unknown                // it may have been kept or not
)

// ErrUnknown answers a write of which nobody can tell whether it was kept.
var ErrUnknown = errors.New("the write may or may not have been kept")

// ErrRedo tells that all functions of a batch have to run again, for one part could not be undone alone.
var ErrRedo = errors.New("the transaction begins anew")

// errClosed is why a closed store refuses.
var errClosed = errors.New("the store is closed")

// Options configures a Writer.
type Options struct {
	MaxBatch  int                     // functions in one transaction; required
	Log       *slog.Logger            // required
	Committed func()                  // called after each commit; default nothing
	Between   <-chan func()           // functions to run on the writer's goroutine between two batches; default none
	Refusal   func(cause error) error // what a client is told when a write was not kept; required
}

// Writer owns the one connection that writes, and the goroutine that uses it.
type Writer struct {
	conn      Conn
	opts      Options
	publisher *publisher

	jobs    chan *job
	stop    chan struct{} // closed by Close
	stopped chan struct{} // closed when the goroutine is gone

	mu      sync.Mutex // guards the fields below
	lastErr error      // of the last batch
}

// job is one function that waits to be run.
type job struct {
	f     func(chat.Tx) error
	state atomic.Int32
	done  chan struct{}

	tx       *store.Tx
	err      error // valid after done
	panicked any   // valid after done
}

// The states of a job. It leaves jobWaiting once: for the batch that takes it or because its caller gave up.
const (
	jobWaiting = iota
	jobTaken
	jobGivenUp
)

// Start takes over a connection.
func Start(c Conn, o Options) *Writer {
	w := &Writer{
		conn: c, opts: o, publisher: startPublisher(),
		jobs: make(chan *job, o.MaxBatch), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go w.run()
	return w
}

// Update is chat.Store's.
func (w *Writer) Update(ctx context.Context, f func(chat.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{f: f, done: make(chan struct{})}
	select {
	case <-w.stop:
		return w.opts.Refusal(errClosed)
	case <-ctx.Done():
		return ctx.Err()
	case w.jobs <- j:
	}
	select {
	case <-j.done:
	case <-ctx.Done():
		if j.state.CompareAndSwap(jobWaiting, jobGivenUp) {
			return ctx.Err()
		}
		<-j.done // it has begun; what becomes of it is known soon
	case <-w.stopped:
		select {
		case <-j.done:
		default:
			return w.opts.Refusal(errClosed)
		}
	}
	if j.panicked != nil {
		panic(j.panicked)
	}
	return j.err
}

// Health is why writes are refused, or nil if they are not.
func (w *Writer) Health() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lastErr
}

func (w *Writer) setHealth(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lastErr = err
}

// Close finishes what waits, runs what was registered with AfterCommit and closes the connection.
func (w *Writer) Close() error {
	close(w.stop)
	<-w.stopped
	w.publisher.close()
	return w.conn.Close()
}

func (w *Writer) run() {
	defer close(w.stopped)
	for {
		select {
		case j := <-w.jobs:
			w.gather()
			w.batch(j)
		case f := <-w.opts.Between:
			f()
		case <-w.stop:
			for len(w.jobs) > 0 {
				w.batch(<-w.jobs)
			}
			return
		}
	}
}
