package socketapi

import (
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/chat"
	"parley/internal/wire"
	"parley/socketio"
)

const (
	tracesPerSecond = 20 // to one viewer; the rest is summed
	tracedSockets   = 50 // named in one trace at most; all are counted
)

// traces is the wire view: it shows viewers which sockets an event reached, for
// events that they could have seen themselves, and never what was in them.
// While there is no viewer it costs one atomic check for each event.
type traces struct {
	io *socketio.Server

	watched atomic.Int32 // viewers
	last    atomic.Int64 // id of the newest trace

	mu      sync.Mutex // guards the map
	viewers map[*conn]*viewer
}

func newTraces(io *socketio.Server) *traces {
	return &traces{io: io, viewers: make(map[*conn]*viewer)}
}

// viewer is a socket that watches.
type viewer struct {
	socket *socketio.Socket

	mu      sync.Mutex // guards the fields below
	began   time.Time  // of the present second
	sent    int        // in it
	skipped int        // in it
	bytes   int        // of those skipped
	rest    *time.Timer
}

func (t *traces) add(c *conn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.viewers[c] == nil {
		t.viewers[c] = &viewer{socket: c.socket}
		t.watched.Add(1)
	}
}

func (t *traces) remove(c *conn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	v := t.viewers[c]
	if v == nil {
		return
	}
	delete(t.viewers, c)
	t.watched.Add(-1)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.rest != nil {
		v.rest.Stop()
	}
}

// emitted traces an event of the server. from is whose doing it is, if known.
func (t *traces) emitted(to audience, from, event string, payload any) {
	if t.watched.Load() == 0 {
		return
	}
	trace := t.trace(event, wire.DirOut, to.scope, sizeOf(event, payload))
	trace.From = from
	if to.room != 0 {
		trace.Room = wire.ID(to.room)
	}
	for s := range t.io.To(to.rooms...).Except(to.except...).Sockets() {
		trace.reach(s)
	}
	t.show(trace, func(c *conn) bool { return couldSee(c, to) })
}

// told traces an event of the server to one socket.
func (t *traces) told(s *socketio.Socket, event string, payload any) {
	if t.watched.Load() == 0 {
		return
	}
	trace := t.trace(event, wire.DirOut, wire.ScopeSelf, sizeOf(event, payload))
	trace.reach(s)
	t.show(trace, ownedBy(connOf(s)))
}

// asked traces an event of a client, for its own user.
func (t *traces) asked(c *conn, event string, size int, took time.Duration, acked bool) {
	if t.watched.Load() == 0 || event == wire.WireOn || event == wire.WireOff {
		return
	}
	trace := t.trace(event, wire.DirIn, wire.ScopeSelf, size)
	trace.From, trace.Ack, trace.MS = aliasOf(c), acked, float64(took.Microseconds())/1000
	trace.Reached = 1 // the server
	t.show(trace, ownedBy(c))
}

// traced is a trace in the making.
type traced struct{ wire.TracePush }

func (t *traces) trace(event, dir, scope string, size int) *traced {
	return &traced{wire.TracePush{
		ID: t.last.Add(1), T: wire.Time{Time: time.Now()}, Event: event, Dir: dir, Scope: scope,
		To: []string{}, Of: t.io.Len(), Bytes: size,
	}}
}

func (t *traced) reach(s *socketio.Socket) {
	if t.Reached++; len(t.To) < tracedSockets {
		t.To = append(t.To, aliasOf(connOf(s)))
	}
}

// couldSee reports whether an event for an audience was one for a viewer too, or
// for all who share a room with them but some. Under to.room nobody outside the
// room is ever in the audience.
func couldSee(c *conn, to audience) bool {
	if to.room == 0 {
		return c.session.User == to.user
	}
	rooms := c.socket.Rooms()
	return slices.Contains(rooms, chatRoom(to.room)) || slices.Contains(rooms, headRoom(to.room))
}

func ownedBy(owner *conn) func(*conn) bool {
	return func(c *conn) bool { return c.session.User == owner.session.User }
}

// aliasOf names a socket: whose it is, and which of theirs.
func aliasOf(c *conn) string {
	const enough = 4
	return c.session.User.String() + "." + c.socket.ID()[:enough]
}

func sizeOf(event string, payload any) int {
	data, err := json.Marshal(payload)
	if err != nil {
		return 0 // sending it has failed too, which is logged
	}
	return len(strconv.Quote(event)) + len(data)
}

func (t *traces) show(trace *traced, may func(*conn) bool) {
	t.mu.Lock()
	var to []*viewer
	for c, v := range t.viewers {
		if may(c) {
			to = append(to, v)
		}
	}
	t.mu.Unlock()
	for _, v := range to {
		v.show(trace.TracePush, t)
	}
}

// show sends a trace, or counts it for the sum that ends this second.
func (v *viewer) show(push wire.TracePush, t *traces) {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := time.Now()
	if now.Sub(v.began) >= time.Second {
		v.began, v.sent = now, 0
	}
	// The last of a second is for the sum.
	if v.sent < tracesPerSecond-1 {
		v.sent++
		v.send(push)
		return
	}
	v.skipped++
	v.bytes += push.Bytes
	if v.rest == nil {
		v.rest = time.AfterFunc(time.Until(v.began.Add(time.Second)), func() { v.sum(t) })
	}
}

func (v *viewer) sum(t *traces) {
	v.mu.Lock()
	defer v.mu.Unlock()
	push := t.trace("", wire.DirOut, wire.ScopeSelf, v.bytes).TracePush
	push.More = v.skipped
	v.skipped, v.bytes, v.rest = 0, 0, nil
	v.began, v.sent = time.Now(), 1
	v.send(push)
}

func (v *viewer) send(push wire.TracePush) {
	_ = v.socket.Volatile().Emit(wire.WireTrace, push) // a trace may be lost
}

// mayWatch says whether somebody may see the wire view. Error: Forbidden.
func mayWatch(policy string, role chat.Role) error {
	if policy == WireViewEveryone || policy == WireViewAdmins && (role == chat.RoleOwner || role == chat.RoleAdmin) {
		return nil
	}
	return chat.Errorf(chat.Forbidden, "The wire view is not for you on this server.")
}
