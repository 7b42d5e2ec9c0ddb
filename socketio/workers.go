package socketio

import "sync"

// workers gives goroutines to sockets that have something to do. Handlers may
// block, so no socket waits for another one's: while sockets wait, a goroutine
// is on its way to them that does nothing else. But a goroutine that has
// finished takes the next socket, if one still waits, so that under load few
// goroutines, whose stacks have grown already, serve many sockets. Without
// anything to do there is none.
type workers struct {
	mu       sync.Mutex // guards the fields below
	waiting  []*Socket  // first in, first out
	first    int        // index in waiting of the next one
	starting bool       // a goroutine is on its way
}

// start has a socket's work done on a goroutine.
func (w *workers) start(s *Socket) {
	w.mu.Lock()
	if len(w.waiting) == cap(w.waiting) && w.first > len(w.waiting)/2 {
		n := copy(w.waiting, w.waiting[w.first:]) // room enough, were it not at the front
		clear(w.waiting[n:])
		w.waiting, w.first = w.waiting[:n], 0
	}
	w.waiting = append(w.waiting, s)
	more := w.lacksStarter()
	w.mu.Unlock()
	if more {
		go w.run()
	}
}

// run is a goroutine: it works until no socket waits.
func (w *workers) run() {
	w.mu.Lock()
	w.starting = false
	for {
		s := w.take()
		more := w.lacksStarter()
		w.mu.Unlock()
		if more {
			go w.run()
		}
		if s == nil {
			return
		}
		s.work()
		w.mu.Lock()
	}
}

// lacksStarter reports whether the caller has to start a goroutine, since
// sockets wait and none is on its way. w.mu is held.
func (w *workers) lacksStarter() bool {
	if w.starting || w.first == len(w.waiting) {
		return false
	}
	w.starting = true
	return true
}

// take removes the first socket that waits, or returns nil. w.mu is held.
func (w *workers) take() *Socket {
	const kept = 1024 // sockets, for which the room is kept
	if w.first == len(w.waiting) {
		return nil
	}
	s := w.waiting[w.first]
	w.waiting[w.first] = nil
	w.first++
	switch {
	case w.first < len(w.waiting):
	case cap(w.waiting) > kept:
		w.waiting, w.first = nil, 0
	default:
		w.waiting, w.first = w.waiting[:0], 0
	}
	return s
}
