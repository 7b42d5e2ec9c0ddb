package socketio

import (
	"iter"
	"slices"

	"parley/socketio/engineio"
	"parley/socketio/parser"
)

// BroadcastOperator says which sockets of a namespace an operation is for. It
// is an immutable value: every method returns a new one, so that it can be
// kept and shared. It comes from a Server, a Namespace or a Socket.
//
// Room names include socket ids: every socket is in a room of its own.
type BroadcastOperator struct {
	ns       *Namespace
	sel      selection
	volatile bool
	local    bool
	plain    bool // not to be compressed
}

// To narrows to the sockets in any of the rooms, in addition to those of
// earlier calls. A socket in several of them is reached once; without any
// room, nobody is.
func (b BroadcastOperator) To(rooms ...string) BroadcastOperator {
	b.sel.targeted = true
	b.sel.rooms = slices.Concat(b.sel.rooms, rooms)
	return b
}

// In is To.
func (b BroadcastOperator) In(rooms ...string) BroadcastOperator { return b.To(rooms...) }

// Except leaves out the sockets in any of the rooms.
func (b BroadcastOperator) Except(rooms ...string) BroadcastOperator {
	b.sel.except = slices.Concat(b.sel.except, rooms)
	return b
}

// Volatile drops the event for sockets that cannot take it at once, instead of
// queueing it.
func (b BroadcastOperator) Volatile() BroadcastOperator {
	b.volatile = true
	return b
}

// Local keeps the operation on this server when an Adapter connects several.
func (b BroadcastOperator) Local() BroadcastOperator {
	b.local = true
	return b
}

// Compress says whether the event may be compressed for those clients that have
// negotiated it, see Options.Engine.PerMessageDeflate. Without it, it may.
func (b BroadcastOperator) Compress(allowed bool) BroadcastOperator {
	b.plain = !allowed
	return b
}

// Emit sends an event. It is encoded once, whatever the number of sockets, and
// Emit does not wait for any of them. Events of one goroutine reach each
// socket in the order of the calls. See [Socket.Emit] for the arguments and
// errors; sockets that are gone or full are no error.
func (b BroadcastOperator) Emit(event string, args ...any) error {
	payload, err := b.ns.server.encode(event, args)
	if err != nil {
		return err
	}
	for _, n := range b.ns.actual() {
		m := &Message{
			Operation: OpEmit, Payload: payload.JSON, Attachments: payload.Attachments, Volatile: b.volatile, Plain: b.plain,
		}
		n.broadcast(b.sel, m)
		if err := b.publish(n, m); err != nil {
			return err
		}
	}
	return nil
}

// broadcast sends the event of an OpEmit to a selection of this server's
// sockets. Who is gone or full is no error.
func (n *Namespace) broadcast(sel selection, m *Message) {
	payload := parser.Value{JSON: m.Payload, Attachments: m.Attachments}
	flags := sendFlags(m.Volatile, m.Plain) | engineio.Deferred
	var list []*Socket
	var done func()
	if n.recovery != nil && !m.Volatile {
		list, done, _ = n.recovery.send(sel, payload, flags)
	} else {
		list, done = n.index.find(sel)
		frames := n.server.framesOf(parser.Packet{Type: parser.Event, Namespace: n.name, Payload: payload})
		for _, s := range list {
			if s != sel.sender {
				_ = s.deliver(flags, frames)
			}
		}
	}
	defer done()
	if n.overheard.Load() {
		n.tellOutgoing(payload, sel.sender, list...)
	}
}

// Sockets iterates over those of the sockets that are connected to this
// server, as they were when the iteration began.
func (b BroadcastOperator) Sockets() iter.Seq[*Socket] {
	return func(yield func(*Socket) bool) {
		for _, n := range b.ns.actual() {
			for s := range n.sockets(b.sel) {
				if s.Connected() && !yield(s) {
					return
				}
			}
		}
	}
}

// sockets iterates over a selection, sockets included that have joined a room
// before they were accepted.
func (n *Namespace) sockets(sel selection) iter.Seq[*Socket] {
	return func(yield func(*Socket) bool) {
		list, done := n.index.find(sel)
		defer done()
		for _, s := range list {
			if s != sel.sender && !yield(s) {
				return
			}
		}
	}
}

// SocketsJoin puts the sockets into the rooms, on all servers.
func (b BroadcastOperator) SocketsJoin(rooms ...string) error {
	return b.operate(&Message{Operation: OpJoin, Targets: rooms})
}

// SocketsLeave takes the sockets out of the rooms, on all servers.
func (b BroadcastOperator) SocketsLeave(rooms ...string) error {
	return b.operate(&Message{Operation: OpLeave, Targets: rooms})
}

// DisconnectSockets disconnects the sockets, on all servers; see
// [Socket.Disconnect].
func (b BroadcastOperator) DisconnectSockets(closeConn bool) error {
	return b.operate(&Message{Operation: OpDisconnect, Close: closeConn})
}

// operate does what a message asks for, here and on the other servers.
func (b BroadcastOperator) operate(m *Message) error {
	for _, n := range b.ns.actual() {
		n.operate(b.sel, m)
		copied := *m
		if err := b.publish(n, &copied); err != nil {
			return err
		}
	}
	return nil
}

// operate does what a message that is not OpEmit asks for.
func (n *Namespace) operate(sel selection, m *Message) {
	n.recovery.operate(sel, m)
	for s := range n.sockets(sel) {
		switch m.Operation {
		case OpJoin:
			_ = s.Join(m.Targets...) // fails if the socket is gone, which is as good
		case OpLeave:
			s.Leave(m.Targets...)
		case OpDisconnect:
			s.Disconnect(m.Close)
		}
	}
}
