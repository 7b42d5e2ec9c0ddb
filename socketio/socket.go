package socketio

import (
	"context"

	"parley/socketio/engineio"
)

// Socket is a client's connection to one namespace. Its methods may be called
// from any goroutine.
type Socket struct{}

// ID is the socket's id: 20 random characters, another at every connect and
// unrelated to the Engine.IO session's id.
func (s *Socket) ID() string { panic("not yet") }

// Namespace is the namespace that the socket is connected to.
func (s *Socket) Namespace() *Namespace { panic("not yet") }

// Handshake tells how the client connected.
func (s *Socket) Handshake() *Handshake { panic("not yet") }

// Engine is the Engine.IO session under the socket.
func (s *Socket) Engine() *engineio.Session { panic("not yet") }

// Data is what SetData attached to the socket, nil at first.
func (s *Socket) Data() any { panic("not yet") }

// SetData attaches a value to the socket, such as who it belongs to.
func (s *Socket) SetData(v any) { panic("not yet") }

// Connected reports whether the socket has been accepted and not disconnected.
func (s *Socket) Connected() bool { panic("not yet") }

// Context is cancelled as soon as the socket is disconnected.
func (s *Socket) Context() context.Context { panic("not yet") }

// Join puts the socket into rooms. It fails with ErrDisconnected, and joins
// none, when the socket is disconnected.
func (s *Socket) Join(rooms ...string) error { panic("not yet") }

// Leave takes the socket out of rooms. Its own room cannot be left.
func (s *Socket) Leave(rooms ...string) { panic("not yet") }

// Rooms lists the rooms that the socket is in, its own first.
func (s *Socket) Rooms() []string { panic("not yet") }

// Emit sends an event to this socket only. It does not wait: what cannot be
// written at once is queued.
//
// Arguments are encoded as JSON, without HTML escaping; json.RawMessage goes
// out as it is; every []byte, at any depth, becomes a binary attachment;
// parser.Value relays a received value.
// Errors: ErrReservedEvent, ErrDisconnected, engineio.ErrQueueFull, or what
// the encoding of an argument failed with.
func (s *Socket) Emit(event string, args ...any) error { panic("not yet") }

// EmitWithAck sends an event and waits for the client's acknowledgement, whose
// arguments it returns. It fails with ErrDisconnected as soon as the socket is
// disconnected, and with the error of ctx when that ends; give it a deadline.
func (s *Socket) EmitWithAck(ctx context.Context, event string, args ...any) (Args, error) {
	panic("not yet")
}

// Call is EmitWithAck for an acknowledgement of one argument, decoded into Out.
func Call[Out any](ctx context.Context, s *Socket, event string, args ...any) (Out, error) {
	var out Out
	answer, err := s.EmitWithAck(ctx, event, args...)
	if err != nil {
		return out, err
	}
	return out, answer.Scan(&out)
}

// Broadcast means every socket of the namespace but this one.
func (s *Socket) Broadcast() BroadcastOperator { panic("not yet") }

// To means the sockets in any of the rooms, but not this one.
func (s *Socket) To(rooms ...string) BroadcastOperator { panic("not yet") }

// In is To.
func (s *Socket) In(rooms ...string) BroadcastOperator { return s.To(rooms...) }

// Except means every socket but this one and those in any of the rooms.
func (s *Socket) Except(rooms ...string) BroadcastOperator { panic("not yet") }

// Volatile means this socket only, and only if it can take the event at once.
func (s *Socket) Volatile() VolatileSocket { panic("not yet") }

// VolatileSocket is what [Socket.Volatile] returns.
type VolatileSocket struct{}

// Emit is [Socket.Emit], but the event is dropped, without an error, if the
// socket cannot take it at once.
func (v VolatileSocket) Emit(event string, args ...any) error { panic("not yet") }

// Disconnect disconnects the socket from its namespace; the client sees "io
// server disconnect" and does not connect again by itself. What was sent
// before is delivered. With closeConn the connection under it is closed too,
// and with it the client's sockets of other namespaces.
func (s *Socket) Disconnect(closeConn bool) { panic("not yet") }

// OnDisconnecting adds a function that runs when the socket is disconnected,
// while it is still in its rooms. It runs after the socket's handlers, on
// their goroutine.
func (s *Socket) OnDisconnecting(f func(reason Reason)) { panic("not yet") }

// OnDisconnect adds a function that runs when the socket has been disconnected
// and has left its rooms. It runs after the socket's handlers, on their
// goroutine; on a socket that is disconnected already it runs at once.
func (s *Socket) OnDisconnect(f func(reason Reason)) { panic("not yet") }
