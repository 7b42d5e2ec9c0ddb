package socketio

import (
	"context"

	"parley/socketio/engineio"
	"parley/socketio/parser"
)

// SocketOperator says how events are sent to one socket. It is an immutable
// value; it comes from the methods of [Socket] of the same names.
type SocketOperator struct {
	socket   *Socket
	volatile bool
	plain    bool // not to be compressed
}

// Volatile means this socket only, and only if it can take the event at once.
func (s *Socket) Volatile() SocketOperator { return SocketOperator{socket: s, volatile: true} }

// Compress means this socket only, and says whether the event may be
// compressed if the client has negotiated it. Without it, it may.
func (s *Socket) Compress(allowed bool) SocketOperator {
	return SocketOperator{socket: s, plain: !allowed}
}

// Volatile drops the event, without an error, if the socket cannot take it at
// once.
func (o SocketOperator) Volatile() SocketOperator {
	o.volatile = true
	return o
}

// Compress says whether the event may be compressed.
func (o SocketOperator) Compress(allowed bool) SocketOperator {
	o.plain = !allowed
	return o
}

// Emit is [Socket.Emit].
func (o SocketOperator) Emit(event string, args ...any) error {
	return o.socket.emit(o.flags(), parser.Packet{}, event, args)
}

// EmitWithAck is [Socket.EmitWithAck]. An event that was dropped is never
// acknowledged.
func (o SocketOperator) EmitWithAck(ctx context.Context, event string, args ...any) (Args, error) {
	return o.socket.emitWithAck(ctx, o.flags(), event, args)
}

func (o SocketOperator) flags() engineio.Flags { return sendFlags(o.volatile, o.plain) }

// sendFlags returns how the engine is to send an event.
func sendFlags(volatile, plain bool) engineio.Flags {
	var flags engineio.Flags
	if volatile {
		flags |= engineio.Volatile
	}
	if !plain {
		flags |= engineio.Compress
	}
	return flags
}
