package socketio

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"parley/socketio/engineio"
	"parley/socketio/parser"
)

// Socket is a client's connection to one namespace. Its methods may be called
// from any goroutine.
type Socket struct {
	id      string
	ns      *Namespace
	conn    *conn
	session *engineio.Session

	progress atomic.Uint32 // a stage; changed under mu
	working  bool          // a goroutine handles the inbox, or will never again; guarded by mu
	finished bool          // the functions that want to know of the end have run; guarded by mu
	watched  bool          // there are listeners; guarded by mu

	recovered bool // it goes on where another one ended; set once

	mu       sync.Mutex // guards the fields below
	inbox    inbox
	reason   Reason // why it ended
	data     any
	stopWork context.CancelFunc // of the handlers' context, nil while none run
	extras   *extras            // nil until something is needed of it

	place place // belongs to ns.index
}

// extras are what many sockets never have. Socket.mu guards it.
type extras struct {
	auth    json.RawMessage // set once, before the socket is known
	acks    map[uint64]awaiter
	lastAck uint64
	ctx     context.Context // of Socket.Context, nil until it is asked for
	cancel  context.CancelFunc

	disconnecting, disconnect []func(Reason)
	listeners                 []*listener

	restored *restored // what it goes on from, until it is accepted

	expires time.Time   // of SetDeadline
	expiry  *time.Timer // nil without a deadline
	buckets []bucket    // of Namespace.Limit; what is in them belongs to whoever handles events
}

// stage is how far a socket has come.
type stage = uint32

const (
	connecting stage = iota // middleware decides about it
	answering               // the client is being told
	connected
	ended
)

func newSocket(ns *Namespace, c *conn, auth json.RawMessage) *Socket {
	s := &Socket{ns: ns, conn: c, session: c.session}
	if c.isV2() {
		s.id = c.idV2(ns)
	} else {
		s.id = newID()
	}
	s.working = true // on the connect
	if auth != nil {
		s.extras = &extras{auth: auth}
	}
	return s
}

// extra returns the extras. s.mu is held.
func (s *Socket) extra() *extras {
	if s.extras == nil {
		s.extras = &extras{}
	}
	return s.extras
}

// newID returns 120 random bits in 20 characters.
func newID() string {
	var b [15]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func (s *Socket) stage() stage { return s.progress.Load() }

// ID is the socket's id: 20 random characters, another at every connect and
// unrelated to the Engine.IO session's id. Clients of Socket.IO 2 know only the
// latter: theirs is made of it.
func (s *Socket) ID() string { return s.id }

// Namespace is the namespace that the socket is connected to.
func (s *Socket) Namespace() *Namespace { return s.ns }

// Engine is the Engine.IO session under the socket.
func (s *Socket) Engine() *engineio.Session { return s.session }

// Data is what SetData attached to the socket, nil at first.
func (s *Socket) Data() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data
}

// SetData attaches a value to the socket, such as who it belongs to.
func (s *Socket) SetData(v any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = v
}

// Connected reports whether the socket has been accepted and not disconnected.
func (s *Socket) Connected() bool { return s.settledStage() == connected }

// settledStage is the stage, after the answer to a connect that is just being
// sent: its client may know already. s.mu is not held.
func (s *Socket) settledStage() stage {
	stage := s.stage()
	if stage == answering { // it does not take long
		s.mu.Lock()
		stage = s.stage()
		s.mu.Unlock()
	}
	return stage
}

// Context is cancelled as soon as the socket is disconnected.
func (s *Socket) Context() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.extra()
	if x.ctx == nil {
		x.ctx, x.cancel = context.WithCancel(context.Background())
		if s.stage() == ended {
			x.cancel()
		}
	}
	return x.ctx
}

// Join puts the socket into rooms. It fails with ErrDisconnected, and joins
// none, when the socket is disconnected.
func (s *Socket) Join(rooms ...string) error {
	if s.stage() == ended || !s.ns.index.join(s, rooms) {
		return ErrDisconnected
	}
	return nil
}

// Leave takes the socket out of rooms. Its own room cannot be left.
func (s *Socket) Leave(rooms ...string) { s.ns.index.leaveRooms(s, rooms) }

// Rooms lists the rooms that the socket is in, its own first.
func (s *Socket) Rooms() []string { return s.ns.index.roomsOf(s) }

// Joined reports whether the socket is in a room, which may be its own.
func (s *Socket) Joined(room string) bool { return s.ns.index.joined(s, room) }

// Emit sends an event to this socket only. It does not wait: what cannot be
// written at once is queued.
//
// Arguments are encoded as JSON, without HTML escaping; json.RawMessage goes
// out as it is; every []byte, at any depth, becomes a binary attachment;
// parser.Value relays a received value, a parser.Appender writes itself. The event is compressed where the
// client has negotiated it, see Options.Engine.PerMessageDeflate, and unless
// it is sent with Compress(false).
// Errors: ErrReservedEvent, ErrDisconnected, engineio.ErrQueueFull, or what
// the encoding of an argument failed with.
func (s *Socket) Emit(event string, args ...any) error {
	return s.emit(engineio.Compress, parser.Packet{}, event, args)
}

// emit sends an event as the packet p, of which the id may be set.
func (s *Socket) emit(flags engineio.Flags, p parser.Packet, event string, args []any) error {
	payload, err := s.ns.server.encode(event, args)
	if err != nil {
		return err
	}
	if s.ns.recovery != nil && !p.HasID && flags&engineio.Volatile == 0 {
		err = s.emitKept(flags, payload)
	} else {
		p.Type, p.Payload = parser.Event, payload
		err = s.send(flags, p)
	}
	if err != nil {
		return err
	}
	if s.ns.overheard.Load() {
		s.ns.tellOutgoing(payload, nil, s)
	}
	return nil
}

// emitKept sends an event that is sent again if the client misses it.
func (s *Socket) emitKept(flags engineio.Flags, payload parser.Value) error {
	if !s.Connected() {
		return ErrDisconnected
	}
	_, done, err := s.ns.recovery.send(selection{targeted: true, rooms: []string{s.id}}, payload, flags)
	done()
	return err
}

// send sends a packet of the connected socket.
func (s *Socket) send(flags engineio.Flags, p parser.Packet) error {
	p.Namespace = s.ns.name
	return s.deliver(flags, s.ns.server.framesOf(p))
}

// deliver sends frames, unless the socket is not connected.
func (s *Socket) deliver(flags engineio.Flags, frames []*engineio.Frame) error {
	stage := s.stage()
	if stage == answering { // the answer goes first
		stage = s.settledStage()
	}
	if stage != connected {
		return ErrDisconnected
	}
	err := s.session.Send(flags, frames...)
	if err == engineio.ErrClosed {
		return ErrDisconnected
	}
	return err
}

// EmitWithAck sends an event and waits for the client's acknowledgement, whose
// arguments it returns. It fails with ErrDisconnected as soon as the socket is
// disconnected, and with the error of ctx when that ends; give it a deadline.
func (s *Socket) EmitWithAck(ctx context.Context, event string, args ...any) (Args, error) {
	return s.emitWithAck(ctx, engineio.Compress, event, args)
}

// Broadcast means every socket of the namespace but this one.
func (s *Socket) Broadcast() BroadcastOperator {
	return BroadcastOperator{ns: s.ns, sel: selection{sender: s}}
}

// To means the sockets in any of the rooms, but not this one.
func (s *Socket) To(rooms ...string) BroadcastOperator { return s.Broadcast().To(rooms...) }

// In is To.
func (s *Socket) In(rooms ...string) BroadcastOperator { return s.To(rooms...) }

// Except means every socket but this one and those in any of the rooms.
func (s *Socket) Except(rooms ...string) BroadcastOperator { return s.Broadcast().Except(rooms...) }
