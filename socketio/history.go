package socketio

import (
	"math"
	"slices"
	"time"

	"parley/socketio/engineio"
)

// history is what recovery knows of a socket. The index's mu guards it, but
// for pid and since, which do not change once the socket is connected.
type history struct {
	pid    string // the client's proof of who it was
	since  uint64 // events up to this number were sent before it was connected
	stays  []stay
	sure   uint64    // the client has got the events up to this number
	met    time.Time // when its present connection was accepted
	inside bool      // it is, or was, connected by its present connection
	again  bool      // there was a connection before
	waiter *waiter   // for its end, or nil
}

// stay is a time in a room: from the event after one number up to another.
type stay struct {
	room     string
	from, to uint64
}

// open is the end of a stay that has not ended.
const open = math.MaxUint64

// parked is a socket whose client may come back.
type parked struct {
	*history
	id    string
	data  any
	until time.Time
	taken bool
}

// covers reports whether a socket can be recovered at all: clients of Socket.IO
// 2 do not know how. r may be nil.
func (r *recovery) covers(s *Socket) bool { return r != nil && !s.conn.isV2() }

// joined notes that a socket has joined a room. r may be nil, as in the
// following methods. The index's mu is held.
func (r *recovery) joined(s *Socket, room string) {
	if r.covers(s) {
		h := r.historyOf(s)
		h.stays = append(h.stays, stay{room, r.last, open})
	}
}

// historyOf returns the history of a socket, a new one if it has none.
func (r *recovery) historyOf(s *Socket) *history {
	h := r.stays[s]
	if h == nil {
		h = &history{pid: newID()}
		r.stays[s] = h
	}
	return h
}

// exited notes that a socket has left a room.
func (r *recovery) exited(s *Socket, room string) {
	if r == nil || r.stays[s] == nil {
		return
	}
	r.stays[s].exit(room, r.last)
	r.stays[s].prune(r.first())
}

// first is the number of the oldest event in the log.
func (r *recovery) first() uint64 {
	if len(r.log) == 0 {
		return r.last + 1
	}
	return r.log[0].number
}

func (h *history) exit(room string, last uint64) {
	for i := range h.stays {
		if h.stays[i].room == room && h.stays[i].to == open {
			h.stays[i].to = last
		}
	}
}

// prune forgets stays that ended before the first event that is kept, or
// without one.
func (h *history) prune(first uint64) {
	h.stays = slices.DeleteFunc(h.stays, func(s stay) bool { return s.to < first || s.to == s.from })
}

// in reports whether the socket was in a room when an event was sent.
func (h *history) in(room string, number uint64) bool {
	return slices.ContainsFunc(h.stays, func(s stay) bool { return s.room == room && s.from < number && number <= s.to })
}

// entered notes that a socket is connected.
func (r *recovery) entered(s *Socket) {
	if !r.covers(s) {
		return
	}
	h := r.historyOf(s)
	if !h.again {
		h.since, h.sure = r.last, r.last
	}
	h.inside, h.met = true, time.Now()
	r.live[h.pid] = s
}

// pid returns the secret with which a socket's client may go on later, "" if it
// may not.
func (r *recovery) pid(s *Socket) string {
	if !r.covers(s) {
		return ""
	}
	r.ns.index.mu.Lock()
	defer r.ns.index.mu.Unlock()
	return r.historyOf(s).pid
}

// left forgets a socket and returns who waits for that, or nil.
func (r *recovery) left(s *Socket) *waiter {
	if r == nil || r.stays[s] == nil {
		return nil
	}
	h := r.stays[s]
	delete(r.stays, s)
	delete(r.live, h.pid)
	w := h.waiter
	h.waiter = nil
	return w
}

// park keeps the state of a socket that is about to be removed, if its client
// may come back. It returns who waits for it to be removed, or nil.
func (r *recovery) park(s *Socket) *waiter {
	if r == nil {
		return nil
	}
	s.mu.Lock()
	data := s.data
	var from *restored
	if s.extras != nil {
		from, s.extras.restored = s.extras.restored, nil
	}
	s.mu.Unlock()
	x := &r.ns.index
	x.mu.Lock()
	defer x.mu.Unlock()
	if from != nil { // it has not come as far as to be accepted
		r.settle(from.parked)
	}
	h := r.stays[s]
	w := r.left(s)
	if h == nil || !h.inside || r.stopped || !recoverable(s.reason) {
		return w
	}
	now := time.Now()
	if alive := now.Add(-r.unsure); alive.After(h.met) {
		h.sure = max(h.sure, r.surely(alive))
	}
	h.again = true
	p := &parked{history: h, id: s.id, data: data, until: now.Add(r.opts.MaxAge)}
	r.parked[p.pid] = p
	r.enqueue(p)
	r.count(p, 1)
	r.ns.server.retain(r.ns)
	r.forget()
	return w
}

// enqueue puts a socket at the end of those that expire. Those that were taken
// never are the most of them.
func (r *recovery) enqueue(p *parked) {
	const few = 16
	if len(r.queue) > 2*len(r.parked)+few {
		r.queue = slices.DeleteFunc(r.queue, func(p *parked) bool { return p.taken })
	}
	r.queue = append(r.queue, p)
}

// recoverable reports whether a socket that ended for this reason may be gone
// on with: neither side has asked for the end.
func recoverable(reason Reason) bool {
	switch reason {
	case engineio.ReasonTransportClose, engineio.ReasonTransportError, engineio.ReasonPingTimeout:
		return true
	default:
		return false
	}
}

// count counts the rooms in which events are wanted for a socket that is
// parked, or stops to.
func (r *recovery) count(p *parked, by int) {
	rooms := []string{"", p.id}
	for _, s := range p.stays {
		if s.to == open {
			rooms = append(rooms, s.room)
		}
	}
	for _, room := range rooms {
		if r.wanted[room] += by; r.wanted[room] == 0 {
			delete(r.wanted, room)
		}
	}
}

// give gives up waiting for a client.
func (r *recovery) give(p *parked) {
	p.taken = true
	delete(r.parked, p.pid)
	r.settle(p)
}

// missed returns the events after a number that a client has not got.
func (r *recovery) missed(p *parked, after uint64) []*kept {
	var list []*kept
	for _, e := range r.log {
		if e.number > after && e.number > p.since && e.sender != p.id && p.meant(e) {
			list = append(list, e)
		}
	}
	return list
}

// meant reports whether an event was for a socket.
func (p *parked) meant(e *kept) bool {
	in := func(room string) bool { return room == p.id || p.in(room, e.number) }
	return (!e.targeted || slices.ContainsFunc(e.rooms, in)) && !slices.ContainsFunc(e.except, in)
}

// operate does to those that are parked what a message asks for that is not
// OpEmit.
func (r *recovery) operate(sel selection, m *Message) {
	if r == nil {
		return
	}
	x := &r.ns.index
	x.mu.Lock()
	defer x.mu.Unlock()
	at := &kept{number: open, targeted: sel.targeted, rooms: sel.rooms, except: sel.except}
	for _, p := range r.parked {
		if !p.meant(at) {
			continue
		}
		r.count(p, -1)
		switch m.Operation {
		case OpJoin:
			p.enter(m.Targets, r.last)
		case OpLeave:
			for _, room := range m.Targets {
				p.exit(room, r.last)
			}
		}
		r.count(p, 1)
		if m.Operation == OpDisconnect {
			r.give(p)
		}
	}
}

func (p *parked) enter(rooms []string, last uint64) {
	for _, room := range rooms {
		if room != p.id && !p.in(room, open) {
			p.stays = append(p.stays, stay{room, last, open})
		}
	}
}
