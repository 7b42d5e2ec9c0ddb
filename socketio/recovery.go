package socketio

import (
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/socketio/engineio"
	"parley/socketio/parser"
)

// Recovery keeps, for a client whose connection broke, its socket's id, rooms
// and data, and the events that it misses, so that a connect in time goes on
// where the last one ended; see [Socket.Recovered]. Every event that may have
// to be sent again carries an extra argument, a string, from which the client
// tells where it was. Events that are volatile or want an acknowledgement are
// not sent again.
//
// A recovered socket is a new Socket: functions of OnConnect run for it, and
// listeners, limits and deadlines are those of its new life.
//
// The state is kept by this server alone: with several, the client has to come
// back to the same one. It is good for one connect. A client that cannot be
// given everything it has missed is not recovered and connects anew.
type Recovery struct {
	// MaxAge is how long after its disconnect a client may come back.
	// Default 2m.
	MaxAge time.Duration

	// MaxEvents and MaxBytes bound the events that a namespace keeps. Default
	// 10,000 and 4 MiB.
	MaxEvents int
	MaxBytes  int

	// MaxSockets bounds the clients that a namespace waits for; the one that
	// went first is given up. Default 10,000.
	MaxSockets int

	// SkipMiddleware connects a recovered socket without asking the
	// middleware of Use again. Default false: it is asked, and finds the
	// socket's rooms and data restored.
	SkipMiddleware bool
}

func (o Recovery) withDefaults() Recovery {
	const age, events, bytes, sockets = 2 * time.Minute, 10_000, 4 << 20, 10_000
	if o.MaxAge == 0 {
		o.MaxAge = age
	}
	if o.MaxEvents == 0 {
		o.MaxEvents = events
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = bytes
	}
	if o.MaxSockets == 0 {
		o.MaxSockets = sockets
	}
	return o
}

// recovery is what one namespace keeps. Its events are numbered, in the order
// in which every socket gets them.
//
// Locks: order before Socket.mu before roomIndex.mu.
type recovery struct {
	ns     *Namespace
	opts   Recovery
	unsure time.Duration // for which a broken connection may go unnoticed
	prefix string        // of offsets, so that no other string looks like one

	order sync.Mutex // held while events are numbered and queued, but not while they are written

	// Guarded by the index's mu.
	last    uint64 // number of the latest event
	log     []*kept
	bytes   int       // of the log
	dropped time.Time // when the latest event was sent that the log has dropped
	stays   map[*Socket]*history
	live    map[string]*Socket // by pid, those that are connected or about to be removed
	parked  map[string]*parked // by pid
	queue   []*parked          // in the order in which they expire, some of them taken already
	wanted  map[string]int     // rooms of those that are parked; "" is the namespace
	timer   *time.Timer        // nil if there is nothing to forget
	stopped bool
}

// kept is an event that may have to be sent again.
type kept struct {
	number   uint64
	at       time.Time
	targeted bool
	rooms    []string
	except   []string
	sender   string
	frames   []*engineio.Frame
	size     int
}

// newRecovery returns nil unless the options ask for recovery.
func newRecovery(n *Namespace) *recovery {
	opts := &n.server.opts
	if opts.Recovery == nil {
		return nil
	}
	const prefix = 6 // characters
	return &recovery{
		ns: n, opts: opts.Recovery.withDefaults(), unsure: n.server.engine.Patience(), prefix: newID()[:prefix] + ".",
		stays: map[*Socket]*history{}, live: map[string]*Socket{}, parked: map[string]*parked{}, wanted: map[string]int{},
	}
}

// send sends an event to a selection of the namespace's sockets, and keeps it if
// it is for anybody. done must be called when the list is not needed any more.
func (r *recovery) send(sel selection, payload parser.Value, flags engineio.Flags) (list []*Socket, done func(), err error) {
	x := &r.ns.index
	r.order.Lock()
	defer r.order.Unlock()
	x.mu.Lock()
	list, done = x.findLocked(sel)
	if !r.concerns(sel, list) {
		x.mu.Unlock()
		return list, done, nil
	}
	r.last++
	number := r.last
	x.mu.Unlock()

	payload.JSON = r.withOffset(payload.JSON, number)
	frames := r.ns.server.framesOf(parser.Packet{Type: parser.Event, Namespace: r.ns.name, Payload: payload})
	for _, s := range list {
		if s != sel.sender {
			err = s.deliver(flags|engineio.Deferred, frames)
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	r.keep(&kept{number: number, targeted: sel.targeted, rooms: sel.rooms, except: sel.except, frames: frames}, sel.sender)
	return list, done, err
}

// concerns reports whether an event is for anybody, connected or awaited.
func (r *recovery) concerns(sel selection, list []*Socket) bool {
	if len(list) > 1 || len(list) == 1 && list[0] != sel.sender {
		return true
	}
	if !sel.targeted {
		return r.wanted[""] > 0
	}
	for _, room := range sel.rooms {
		if r.wanted[room] > 0 {
			return true
		}
	}
	return false
}

// withOffset adds the offset to the JSON array of an event.
func (r *recovery) withOffset(event []byte, number uint64) []byte {
	const most = 32 // bytes of an offset
	out := make([]byte, 0, len(event)+most)
	out = append(out, event[:len(event)-1]...)
	out = append(append(out, `,"`...), r.prefix...)
	out = strconv.AppendUint(out, number, offsetBase)
	return append(out, `"]`...)
}

const offsetBase = 36

// numberOf reads an offset. Clients send whatever string was the last argument
// of the last event they got.
func (r *recovery) numberOf(offset string) (uint64, bool) {
	digits, ours := strings.CutPrefix(offset, r.prefix)
	if !ours {
		return 0, false
	}
	number, err := strconv.ParseUint(digits, offsetBase, 64)
	return number, err == nil
}

// keep adds an event to the log.
func (r *recovery) keep(e *kept, sender *Socket) {
	e.at = time.Now()
	if sender != nil {
		e.sender = sender.id
	}
	for _, f := range e.frames {
		e.size += f.Len()
	}
	r.log = append(r.log, e)
	r.bytes += e.size
	r.forget()
}

// forget drops what is too old or too much, and sees to it that somebody looks
// again.
func (r *recovery) forget() {
	now := time.Now()
	drop := 0
	for bytes := r.bytes; drop < len(r.log); drop++ {
		e := r.log[drop]
		if bytes <= r.opts.MaxBytes && len(r.log)-drop <= r.opts.MaxEvents && now.Sub(e.at) < r.opts.MaxAge+r.unsure {
			break
		}
		bytes -= e.size
	}
	for _, e := range r.log[:drop] {
		r.bytes -= e.size
		r.dropped = e.at
	}
	clear(r.log[:drop])
	r.log = r.log[drop:]
	for len(r.queue) > 0 && (r.queue[0].taken || !now.Before(r.queue[0].until) || len(r.parked) > r.opts.MaxSockets) {
		if p := r.queue[0]; !p.taken {
			r.give(p)
		}
		r.queue[0] = nil
		r.queue = r.queue[1:]
	}
	r.schedule(now)
}

// schedule has forget called when the next thing is too old.
func (r *recovery) schedule(now time.Time) {
	if r.timer != nil || r.stopped || len(r.log) == 0 && len(r.queue) == 0 {
		return
	}
	next := now.Add(r.opts.MaxAge + r.unsure)
	if len(r.log) > 0 {
		next = r.log[0].at.Add(r.opts.MaxAge + r.unsure)
	}
	if len(r.queue) > 0 && r.queue[0].until.Before(next) {
		next = r.queue[0].until
	}
	r.timer = time.AfterFunc(next.Sub(now), func() {
		r.ns.index.mu.Lock()
		defer r.ns.index.mu.Unlock()
		r.timer = nil
		r.forget()
	})
}

// stop ends the timer. What is kept is of no use any more.
func (r *recovery) stop() {
	if r == nil {
		return
	}
	r.ns.index.mu.Lock()
	defer r.ns.index.mu.Unlock()
	r.stopped = true
	if r.timer != nil {
		r.timer.Stop()
	}
}

// surely returns the number of the last event that a client has got if its
// connection was found alive at a time, 0 if that is not known.
func (r *recovery) surely(alive time.Time) uint64 {
	if !r.dropped.Before(alive) {
		return 0
	}
	after := sort.Search(len(r.log), func(i int) bool { return !r.log[i].at.Before(alive) })
	if after == len(r.log) {
		return r.last
	}
	return r.log[after].number - 1
}
