package writer

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"parley/internal/store"
)

// gather lets those run who are about to ask, if few wait: in a larger batch each pays less for the flush and for pages,
// and what is published reaches each recipient in fewer writes. It takes no time where nobody is about to run. Many that
// wait do not wait for more: they are flushed while the next ones gather.
func (w *Writer) gather() {
	const few = 16
	if len(w.jobs) < few {
		runtime.Gosched()
	}
}

// batch runs a job and those that wait behind it in one transaction.
func (w *Writer) batch(first *job) {
	jobs, err := w.runJobs(first)
	if len(jobs) == 0 {
		return
	}
	if err == nil {
		err = w.conn.Commit()
	}
	if err != nil {
		w.fail(jobs, err)
		return
	}
	w.setHealth(nil)
	w.answer(jobs)
}

// answer tells everyone in a batch that was kept.
func (w *Writer) answer(jobs []*job) {
	for _, j := range jobs {
		if j.err == nil && j.panicked == nil {
			w.publisher.add(j.tx.Hooks())
		}
		close(j.done)
	}
	if w.opts.Committed != nil {
		w.opts.Committed()
	}
}

// runJobs runs all jobs that wait, and those that arrive meanwhile, up to the limit. An error is a fault of the store.
func (w *Writer) runJobs(first *job) (jobs []*job, err error) {
	for j := first; j != nil; j = w.next(len(jobs)) {
		if !j.state.CompareAndSwap(jobWaiting, jobTaken) {
			continue
		}
		jobs = append(jobs, j)
		if len(jobs) == 1 {
			if err := w.conn.Begin(); err != nil {
				return jobs, fmt.Errorf("begin: %w", err)
			}
		}
		err := w.runJob(j)
		if errors.Is(err, ErrRedo) {
			err = w.redo(jobs)
		}
		if err != nil {
			return jobs, err
		}
	}
	return jobs, nil
}

// redo runs the functions of a batch again, in a transaction in which parts can be undone.
func (w *Writer) redo(jobs []*job) error {
	for _, j := range jobs {
		j.err, j.panicked = nil, nil
		if err := w.runJob(j); err != nil {
			return err
		}
	}
	return nil
}

// next is the next job that waits, nil if none does or the batch is full.
func (w *Writer) next(taken int) *job {
	if taken >= w.opts.MaxBatch {
		return nil
	}
	select {
	case j := <-w.jobs:
		return j
	default:
		return nil
	}
}

// runJob runs one function in a part of its own, so that what it refuses does not touch its neighbours. An error is a
// fault of the store, not of the function.
func (w *Writer) runJob(j *job) error {
	if err := w.conn.Save(); err != nil {
		return err
	}
	j.tx = store.NewTx(w.conn)
	func() {
		defer func() { j.panicked = recover() }()
		j.err = j.f(j.tx)
	}()
	if j.err == nil && j.panicked == nil {
		j.err = w.conn.Keep()
	}
	switch {
	case j.err != nil && w.conn.IsFault(j.err):
		return j.err
	case j.err != nil || j.panicked != nil:
		return w.conn.Undo()
	}
	return nil
}

// fail ends a batch that was not committed and tells everyone in it: also who was refused by a rule, for the rule may
// have seen a neighbour's write that is undone now. Who arrives before the database is back is refused at once.
func (w *Writer) fail(jobs []*job, cause error) {
	if w.Health() == nil {
		w.opts.Log.Error("writes are refused until one succeeds", "error", cause)
	}
	w.setHealth(cause)
	outcome := w.conn.Abort(cause)
	if outcome == Undone {
		w.refuse(jobs, w.opts.Refusal(cause))
	}
	settled, err := w.restore(cause)
	if err == nil {
		w.setHealth(nil)
	}
	switch {
	case outcome == Undone:
	case err != nil || settled == Unknown:
		w.refuse(jobs, fmt.Errorf("%w: %w", ErrUnknown, errors.Join(cause, err)))
	case settled == Kept:
		w.answer(jobs)
	default:
		w.refuse(jobs, w.opts.Refusal(cause))
	}
}

// restore waits for the connection.
func (w *Writer) restore(cause error) (outcome Outcome, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	restored := make(chan struct{})
	go func() {
		defer close(restored)
		outcome, err = w.conn.Restore(ctx)
	}()
	stop := w.stop
	for {
		select {
		case <-restored:
			return outcome, err
		case <-stop:
			stop = nil
			cancel()
		case j := <-w.jobs:
			if j.state.CompareAndSwap(jobWaiting, jobTaken) {
				w.refuse([]*job{j}, w.opts.Refusal(cause))
			}
		}
	}
}

func (w *Writer) refuse(jobs []*job, answer error) {
	for _, j := range jobs {
		j.err = answer
		close(j.done)
	}
}
