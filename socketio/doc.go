// Package socketio is a Socket.IO server (protocol v5 over Engine.IO v4).
//
// A [Server] is an http.Handler. It holds namespaces; a [Namespace] holds the
// sockets that are connected to it and the rooms they are in. Four ways of
// sending cover everything else:
//
//	s.Emit("hello", 1)                  // only this socket
//	io.Emit("news", x)                  // everyone in the namespace
//	s.Broadcast().Emit("joined", name)  // everyone but this socket
//	io.To("room-1").Emit("typing", id)  // everyone in a room
//
// Middleware and handlers are registered before the first client arrives and
// are immutable from then on. Handlers of one socket run one at a time and in
// the order in which its events came, on a goroutine that exists only while
// there are events to handle; a handler may therefore wait, for an
// acknowledgement of its own socket too. Sending never waits.
//
// Methods take a context exactly when they may wait.
package socketio
