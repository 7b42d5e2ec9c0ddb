// Package engineio serves Engine.IO protocol 4: sessions that exchange text
// and binary messages over HTTP long-polling and WebSocket, with heartbeats,
// an upgrade from the first to the second, and a bounded write queue.
//
// A session is a state machine driven from outside: bytes in, frames out and
// one timer structure for all of them. An idle session on WebSocket owns no
// goroutine and no buffer of its own.
//
// The specification is docs/engine.io-protocol of the socketio/socket.io
// repository, revision 4.
package engineio
