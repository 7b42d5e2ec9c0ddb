package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"parley/internal/chat"
	"parley/internal/store"
)

// ErrUnknown answers a write whose flush failed: it may be there after a restart, or not.
var ErrUnknown = errors.New("the disk failed while the write was flushed: it may or may not have been kept")

var (
	errClosed = errors.New("the store is closed")
	errFailed = errors.New("a flush to disk has failed before")
)

// writer owns the one connection that writes, and the goroutine that uses it.
type writer struct {
	conn       *conn
	publisher  *publisher
	checkpoint *checkpointer
	maxBatch   int
	log        *slog.Logger
	fatal      func(error)

	jobs    chan *job
	stop    chan struct{} // closed by close
	stopped chan struct{} // closed when the goroutine is gone

	failed bool // a flush has failed; the goroutine's own

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

func startWriter(c *conn, p *publisher, checkpoint *checkpointer, o Options) *writer {
	w := &writer{
		conn: c, publisher: p, checkpoint: checkpoint, maxBatch: o.MaxBatch, log: o.Log, fatal: o.Fatal,
		jobs: make(chan *job, o.MaxBatch), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go w.run()
	return w
}

func (w *writer) update(ctx context.Context, f func(chat.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{f: f, done: make(chan struct{})}
	select {
	case <-w.stop:
		return refusal(errClosed)
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
			return refusal(errClosed)
		}
	}
	if j.panicked != nil {
		panic(j.panicked)
	}
	return j.err
}

func (w *writer) health() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lastErr
}

func (w *writer) setHealth(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lastErr = err
}

// close lets the goroutine finish what waits, and closes the connection.
func (w *writer) close() error {
	close(w.stop)
	<-w.stopped
	return w.conn.close()
}

func (w *writer) run() {
	defer close(w.stopped)
	for {
		select {
		case j := <-w.jobs:
			w.batch(j)
		case fold := <-w.checkpoint.last:
			fold(w.conn)
		case <-w.stop:
			for len(w.jobs) > 0 {
				w.batch(<-w.jobs)
			}
			return
		}
	}
}

// batch runs a job and those that wait behind it in one transaction.
func (w *writer) batch(first *job) {
	jobs, err := w.runJobs(first)
	if len(jobs) == 0 {
		return
	}
	if err == nil {
		err = w.commit()
	}
	if err != nil {
		w.refuse(jobs, err)
		return
	}
	w.setHealth(nil)
	for _, j := range jobs {
		if j.err == nil && j.panicked == nil {
			w.publisher.add(j.tx.Hooks())
		}
		close(j.done)
	}
	w.checkpoint.wrote(len(jobs))
}

// runJobs runs all jobs that wait, and those that arrive meanwhile, up to the limit. An error is a fault of the store.
func (w *writer) runJobs(first *job) (jobs []*job, err error) {
	for j := first; j != nil; j = w.next(len(jobs)) {
		if !j.state.CompareAndSwap(jobWaiting, jobTaken) {
			continue
		}
		jobs = append(jobs, j)
		if len(jobs) == 1 {
			if err := w.begin(); err != nil {
				return jobs, err
			}
		}
		if err := w.runJob(j); err != nil {
			return jobs, err
		}
	}
	return jobs, nil
}

// next is the next job that waits, nil if none does or the batch is full.
func (w *writer) next(taken int) *job {
	if taken >= w.maxBatch {
		return nil
	}
	select {
	case j := <-w.jobs:
		return j
	default:
		return nil
	}
}

// begin starts the transaction. After a flush that failed there is none any more.
func (w *writer) begin() error {
	if w.failed {
		return errFailed
	}
	if _, err := w.conn.Exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	return nil
}

// runJob runs one function inside a savepoint, so that what it refuses does not touch its neighbours. An error is a
// fault of the store, not of the function.
func (w *writer) runJob(j *job) error {
	if _, err := w.conn.Exec("SAVEPOINT job"); err != nil {
		return err
	}
	j.tx = store.NewTx(w.conn)
	func() {
		defer func() { j.panicked = recover() }()
		j.err = j.f(j.tx)
	}()
	if j.err != nil && isStoreFault(j.err) {
		return j.err
	}
	if j.err != nil || j.panicked != nil {
		if _, err := w.conn.Exec("ROLLBACK TO job"); err != nil {
			return err
		}
	}
	_, err := w.conn.Exec("RELEASE job")
	return err
}

func (w *writer) commit() error {
	_, err := w.conn.Exec("COMMIT")
	return err
}

// refuse undoes a batch and tells everyone in it: also who was refused by a rule, for the rule may have seen a
// neighbour's write that is undone now.
func (w *writer) refuse(jobs []*job, cause error) {
	answer := refusal(cause)
	if isFlushFault(cause) {
		w.failed = true
		answer = fmt.Errorf("%w: %w", ErrUnknown, cause)
		if w.fatal != nil {
			w.fatal(answer)
		}
	}
	if w.health() == nil {
		w.log.Error("writes are refused until one succeeds", "error", cause)
	}
	w.setHealth(cause)
	// SQLite may have rolled back by itself; then there is nothing to undo and it says so.
	if _, err := w.conn.Exec("ROLLBACK"); err != nil {
		w.log.Debug("the transaction was rolled back already", "error", err)
	}
	for _, j := range jobs {
		j.err = answer
		close(j.done)
	}
}
