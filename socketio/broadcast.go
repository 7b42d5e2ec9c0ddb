package socketio

import "iter"

// BroadcastOperator says which sockets of a namespace an operation is for. It
// is an immutable value: every method returns a new one, so that it can be
// kept and shared.
//
// Room names include socket ids: every socket is in a room of its own.
type BroadcastOperator struct{}

// To narrows to the sockets in any of the rooms, in addition to those of
// earlier calls. A socket in several of them is reached once.
func (b BroadcastOperator) To(rooms ...string) BroadcastOperator { panic("not yet") }

// In is To.
func (b BroadcastOperator) In(rooms ...string) BroadcastOperator { return b.To(rooms...) }

// Except leaves out the sockets in any of the rooms.
func (b BroadcastOperator) Except(rooms ...string) BroadcastOperator { panic("not yet") }

// Volatile drops the event for sockets that cannot take it at once, instead of
// queueing it.
func (b BroadcastOperator) Volatile() BroadcastOperator { panic("not yet") }

// Local keeps the operation on this server when an Adapter connects several.
func (b BroadcastOperator) Local() BroadcastOperator { panic("not yet") }

// Emit sends an event. It is encoded once, whatever the number of sockets, and
// Emit does not wait for any of them. Events of one goroutine reach each
// socket in the order of the calls. See [Socket.Emit] for the arguments and
// errors; sockets that are gone or full are no error.
func (b BroadcastOperator) Emit(event string, args ...any) error { panic("not yet") }

// Sockets iterates over those of the sockets that are connected to this
// server, as they were when the iteration began.
func (b BroadcastOperator) Sockets() iter.Seq[*Socket] { panic("not yet") }

// SocketsJoin puts the sockets into the rooms, on all servers.
func (b BroadcastOperator) SocketsJoin(rooms ...string) error { panic("not yet") }

// SocketsLeave takes the sockets out of the rooms, on all servers.
func (b BroadcastOperator) SocketsLeave(rooms ...string) error { panic("not yet") }

// DisconnectSockets disconnects the sockets, on all servers; see
// [Socket.Disconnect].
func (b BroadcastOperator) DisconnectSockets(closeConn bool) error { panic("not yet") }
