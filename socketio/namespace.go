package socketio

import (
	"context"
	"iter"
)

// Namespace is a set of sockets with handlers and rooms of its own.
//
// Use, UseEvent, OnConnect and the Handle methods must be called before the
// first client connects to the namespace; they panic afterwards.
type Namespace struct{}

// Name is the namespace's name, "/" for the default one.
func (n *Namespace) Name() string { panic("not yet") }

// ConnectFunc decides whether a socket may connect. A nil error accepts it.
type ConnectFunc func(ctx context.Context, s *Socket) error

// Use adds middleware that runs before a socket is connected. The first one
// added is the outermost. A returned *ConnectError is sent to the client as
// connect_error; of any other error the client learns only that there was one.
// The socket can be given data and be put into rooms, but not be written to.
func (n *Namespace) Use(mw func(next ConnectFunc) ConnectFunc) { panic("not yet") }

// UseEvent adds middleware around every event handler of the namespace, the
// one for unknown events included. The first one added is the outermost.
func (n *Namespace) UseEvent(mw func(next Handler) Handler) { panic("not yet") }

// OnConnect adds a function that runs when a socket has been told that it is
// connected, before the first of its events is handled. An error disconnects
// the socket and is logged.
func (n *Namespace) OnConnect(f func(ctx context.Context, s *Socket) error) { panic("not yet") }

// Handle registers the handler of an event. It panics if the name is reserved
// or has a handler already.
func (n *Namespace) Handle(event string, h Handler) { panic("not yet") }

// HandleFunc registers a function as the handler of an event; see Handle.
func (n *Namespace) HandleFunc(event string, f func(ctx context.Context, e *Event) error) {
	n.Handle(event, HandlerFunc(f))
}

// HandleUnknown registers the handler of all events that have none. Without
// one they are ignored.
func (n *Namespace) HandleUnknown(h Handler) { panic("not yet") }

// Socket returns the connected socket with this id, or nil.
func (n *Namespace) Socket(id string) *Socket { panic("not yet") }

// Sockets iterates over the sockets connected to this server; see
// [BroadcastOperator.Sockets].
func (n *Namespace) Sockets() iter.Seq[*Socket] { panic("not yet") }

// Len is the number of sockets connected to this server.
func (n *Namespace) Len() int { panic("not yet") }

// Emit sends an event to every socket; see [BroadcastOperator.Emit].
func (n *Namespace) Emit(event string, args ...any) error { panic("not yet") }

// To narrows to the sockets in any of the rooms.
func (n *Namespace) To(rooms ...string) BroadcastOperator { panic("not yet") }

// In is To.
func (n *Namespace) In(rooms ...string) BroadcastOperator { return n.To(rooms...) }

// Except leaves out the sockets in any of the rooms.
func (n *Namespace) Except(rooms ...string) BroadcastOperator { panic("not yet") }

// Volatile drops the event for sockets that cannot take it at once.
func (n *Namespace) Volatile() BroadcastOperator { panic("not yet") }

// Local keeps the operation on this server.
func (n *Namespace) Local() BroadcastOperator { panic("not yet") }

// SocketsJoin puts every socket into the rooms.
func (n *Namespace) SocketsJoin(rooms ...string) error { panic("not yet") }

// SocketsLeave takes every socket out of the rooms.
func (n *Namespace) SocketsLeave(rooms ...string) error { panic("not yet") }

// DisconnectSockets disconnects every socket; see [Socket.Disconnect].
func (n *Namespace) DisconnectSockets(closeConn bool) error { panic("not yet") }
