package engineio

import (
	"encoding/base64"
	"sync/atomic"

	"parley/socketio/internal/wsconn"
)

// Frame is one encoded message. It is immutable: one Frame is sent to any
// number of sessions, whatever their transport, and encoded once for each.
type Frame struct {
	wire   []byte // as it goes over WebSocket, with its header
	header uint8  // size of that header
	binary bool

	deflated atomic.Pointer[[]byte] // the same compressed, once somebody needs it
}

// NewText returns a text message. It takes ownership of data, which must be
// valid UTF-8.
func NewText(data []byte) *Frame { return newPacket(packetMessage, data) }

// NewBinary returns a binary message. It takes ownership of data.
func NewBinary(data []byte) *Frame {
	wire := make([]byte, 0, wsconn.MaxHeaderSize+len(data))
	wire = wsconn.AppendHeader(wire, wsconn.OpBinary, len(data))
	return &Frame{wire: append(wire, data...), header: uint8(len(wire)), binary: true}
}

// newPacket returns a text packet of any type.
func newPacket(kind byte, data []byte) *Frame {
	wire := make([]byte, 0, wsconn.MaxHeaderSize+1+len(data))
	wire = wsconn.AppendHeader(wire, wsconn.OpText, 1+len(data))
	header := uint8(len(wire))
	return &Frame{wire: append(append(wire, kind), data...), header: header}
}

// Len returns the size in bytes of the packet: the message, and one byte for
// its type if it is a text.
func (f *Frame) Len() int { return len(f.wire) - int(f.header) }

// compressed returns the frame as it goes over WebSocket compressed.
func (f *Frame) compressed(d *wsconn.Deflater) []byte {
	if wire := f.deflated.Load(); wire != nil {
		return *wire
	}
	op := wsconn.OpText
	if f.binary {
		op = wsconn.OpBinary
	}
	wire, err := d.AppendFrame(nil, op, f.wire[f.header:])
	if err != nil || wire == nil {
		wire = f.wire // it gets no smaller, or the level is none of compress/flate's
	}
	f.deflated.Store(&wire)
	return wire
}

// appendText appends the packet in its form for text-only transports.
func (f *Frame) appendText(dst []byte) []byte {
	packet := f.wire[f.header:]
	if !f.binary {
		return append(dst, packet...)
	}
	return base64.StdEncoding.AppendEncode(append(dst, packetBinary), packet)
}
