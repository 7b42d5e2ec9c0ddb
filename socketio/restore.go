package socketio

import (
	"encoding/json"
	"errors"
	"sync"
	"time"

	"parley/socketio/engineio"
)

// errForgotten says that events were dropped that a socket that is being
// recovered should have been sent.
var errForgotten = errors.New("socketio: missed events are not kept any more")

// claim is what a client says of the socket that it had.
type claim struct {
	PID    string  `json:"pid"`
	Offset *string `json:"offset"` // nil if it has got no event
}

func claimOf(auth json.RawMessage) claim {
	var c claim
	if auth == nil || json.Unmarshal(auth, &c) != nil { // an application's own pid, of another type
		return claim{}
	}
	return c
}

// restored is a socket that goes on, until it is accepted.
type restored struct {
	*parked
	after uint64 // the client has got the events up to this number
}

// waiter is a connect that waits for the end of the socket before.
type waiter struct {
	once sync.Once
	next func()
}

func (w *waiter) run() {
	if w != nil {
		w.once.Do(w.next)
	}
}

// hold has a connect wait for the socket that its client had, if that has ended
// but is not removed yet, since its handlers are busy. It reports false if there
// is nothing to wait for. r may be nil.
func (r *recovery) hold(auth json.RawMessage, next func()) bool {
	if r == nil {
		return false
	}
	w := &waiter{next: next}
	x := &r.ns.index
	x.mu.Lock()
	before := r.live[claimOf(auth).PID]
	if before == nil || before.stage() != ended {
		x.mu.Unlock()
		return false
	}
	h := r.stays[before]
	displaced := h.waiter
	h.waiter = w
	x.mu.Unlock()
	displaced.run()
	time.AfterFunc(r.ns.server.opts.DisconnectGrace, w.run)
	return true
}

// restore returns the socket that a client had, for one use, or nil.
func (r *recovery) restore(c *conn, auth json.RawMessage) *Socket {
	if r == nil {
		return nil
	}
	said := claimOf(auth)
	if said.PID == "" {
		return nil
	}
	x := &r.ns.index
	defer x.tell()
	r.order.Lock()
	defer r.order.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	p := r.parked[said.PID]
	if p == nil {
		return nil
	}
	p.taken = true
	delete(r.parked, p.pid)
	after, known := p.since, true
	if said.Offset != nil {
		after, known = r.numberOf(*said.Offset)
	}
	if !known || after > r.last || r.lacks(p, after) || !time.Now().Before(p.until) {
		r.settle(p)
		return nil
	}
	s := &Socket{id: p.id, ns: r.ns, conn: c, session: c.session, working: true, recovered: true, data: p.data}
	s.extras = &extras{auth: auth, restored: &restored{p, after}}
	p.inside = false
	r.stays[s] = p.history
	for _, stay := range p.stays {
		if stay.to == open {
			x.enter(s, stay.room)
		}
	}
	return s
}

// lacks reports whether events have been dropped that a client may not have
// got.
func (r *recovery) lacks(p *parked, after uint64) bool {
	return r.first()-1 > max(after, p.sure)
}

// settle ends the wait for a client that is not parked any more.
func (r *recovery) settle(p *parked) {
	r.count(p, -1)
	r.ns.server.release(r.ns)
}

// resume sends a restored socket what it has missed. What is sent from now on
// it gets like all others. order is held.
func (r *recovery) resume(s *Socket, from *restored) error {
	x := &r.ns.index
	x.mu.Lock()
	defer x.mu.Unlock()
	r.settle(from.parked)
	if r.lacks(from.parked, from.after) {
		return errForgotten
	}
	for _, e := range r.missed(from.parked, from.after) {
		_ = s.session.Send(engineio.Deferred|engineio.Compress, e.frames...) // fails if the client has gone again
	}
	return nil
}

// Recovered reports whether the socket goes on where one that lost its
// connection ended: with its id, rooms and data, and without having missed an
// event. See [Recovery].
func (s *Socket) Recovered() bool { return s.recovered }
