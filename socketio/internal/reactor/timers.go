package reactor

import (
	"sync"
	"time"
)

// Expirer is the owner of a Timer.
type Expirer interface {
	// Expire is called when the time has come, on a goroutine that serves all
	// timers: it must not block. It may set the timer again. A Set or Stop that
	// ran at the same moment may have been too late; Timers.Pending tells.
	Expire()
}

// Timer is one deadline. It is embedded in its owner and belongs to one
// Timers; its zero value is not set.
type Timer struct {
	index int // position in the heap plus one; guarded by Timers.mu
}

// Timers calls many owners at their deadlines, with one runtime timer for
// all: a heap of four children per node, ordered by time. Setting or stopping
// costs O(log n), a deadline is met as exactly as the runtime's timers are.
type Timers struct {
	start   time.Time
	running sync.Mutex // held while Expire is called

	mu      sync.Mutex // guards the fields below
	heap    []deadline
	alarm   *time.Timer
	stopped bool
}

type deadline struct {
	when  time.Duration // since start
	timer *Timer
	owner Expirer
}

// NewTimers returns an empty set.
func NewTimers() *Timers { return &Timers{start: time.Now()} }

// Set makes owner's Expire be called after d, instead of at t's former
// deadline if it has one.
func (ts *Timers) Set(t *Timer, d time.Duration, owner Expirer) {
	when := time.Since(ts.start) + d
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.stopped {
		return
	}
	if t.index == 0 {
		ts.heap = append(ts.heap, deadline{timer: t})
		t.index = len(ts.heap)
	}
	i := t.index - 1
	ts.heap[i].when, ts.heap[i].owner = when, owner
	if ts.fix(i) == 0 {
		ts.wake(when)
	}
}

// Stop forgets t's deadline. An Expire that runs already goes on.
func (ts *Timers) Stop(t *Timer) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.remove(t)
}

// Pending reports whether t is set. Inside Expire it means that the call is
// about a deadline that has been replaced.
func (ts *Timers) Pending(t *Timer) bool {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	return t.index != 0
}

// Shutdown forgets all deadlines and waits for an Expire that runs.
func (ts *Timers) Shutdown() {
	ts.mu.Lock()
	ts.stopped = true
	for _, d := range ts.heap {
		d.timer.index = 0
	}
	ts.heap = nil
	if ts.alarm != nil {
		ts.alarm.Stop()
	}
	ts.mu.Unlock()
	ts.running.Lock()
	defer ts.running.Unlock()
}

// wake sets the alarm for when. ts.mu is held.
func (ts *Timers) wake(when time.Duration) {
	d := max(0, when-time.Since(ts.start))
	if ts.alarm == nil {
		ts.alarm = time.AfterFunc(d, ts.run)
		return
	}
	ts.alarm.Reset(d)
}

// run calls the owners whose time has come.
func (ts *Timers) run() {
	ts.running.Lock()
	defer ts.running.Unlock()
	for {
		owner := ts.due()
		if owner == nil {
			return
		}
		owner.Expire()
	}
}

// due removes the first deadline if its time has come, else sets the alarm
// for it.
func (ts *Timers) due() Expirer {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if len(ts.heap) == 0 {
		return nil
	}
	first := ts.heap[0]
	if first.when > time.Since(ts.start) {
		ts.wake(first.when)
		return nil
	}
	ts.remove(first.timer)
	return first.owner
}

func (ts *Timers) remove(t *Timer) {
	if t.index == 0 {
		return
	}
	i, last := t.index-1, len(ts.heap)-1
	t.index = 0
	moved := ts.heap[last]
	ts.heap[last] = deadline{}
	ts.heap = ts.heap[:last]
	if i != last {
		ts.heap[i] = moved
		ts.fix(i)
	}
	if cap(ts.heap) > minHeap && len(ts.heap) < cap(ts.heap)/4 {
		ts.heap = append(make([]deadline, 0, cap(ts.heap)/2), ts.heap...)
	}
}

const (
	children = 4
	minHeap  = 1024 // below this capacity the heap does not shrink
)

// fix restores the order around position i and returns where its entry went.
func (ts *Timers) fix(i int) int {
	entry := ts.heap[i]
	for i > 0 {
		parent := (i - 1) / children
		if ts.heap[parent].when <= entry.when {
			break
		}
		i = ts.move(parent, i)
	}
	for {
		child := ts.earliestChild(i)
		if child == 0 || ts.heap[child].when >= entry.when {
			break
		}
		i = ts.move(child, i)
	}
	ts.heap[i] = entry
	entry.timer.index = i + 1
	return i
}

// move puts the entry at from to the position to and returns from.
func (ts *Timers) move(from, to int) int {
	ts.heap[to] = ts.heap[from]
	ts.heap[to].timer.index = to + 1
	return from
}

// earliestChild returns the child of i that is due first, or 0.
func (ts *Timers) earliestChild(i int) int {
	best := 0
	for child := i*children + 1; child <= i*children+children && child < len(ts.heap); child++ {
		if best == 0 || ts.heap[child].when < ts.heap[best].when {
			best = child
		}
	}
	return best
}
