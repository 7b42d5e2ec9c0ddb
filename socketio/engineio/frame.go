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
	forms    atomic.Pointer[forms]  // the same for other protocols, if it is binary and somebody needs it
}

// forms are how a binary frame goes over what is not plain WebSocket. Nil ones
// are not made yet.
type forms struct{ v3, stream []byte }

// form returns one of the forms, which make makes once, or a few times if
// several need it first at the same time.
func (f *Frame) form(which func(*forms) *[]byte, make func() []byte) []byte {
	var known forms
	if made := f.forms.Load(); made != nil {
		known = *made
	}
	wire := which(&known)
	if *wire == nil {
		*wire = make()
		f.forms.Store(&known)
	}
	return *wire
}

// NewText returns a text message of the parts put together, which must be
// valid UTF-8. It copies them.
func NewText(parts ...[]byte) *Frame { return newPacket(packetMessage, parts...) }

// NewBinary returns a binary message of the parts put together. It copies them.
func NewBinary(parts ...[]byte) *Frame {
	size := sizeOf(parts)
	wire := make([]byte, 0, wsconn.MaxHeaderSize+size)
	wire = wsconn.AppendHeader(wire, wsconn.OpBinary, size)
	return &Frame{wire: appendAll(wire, parts), header: uint8(len(wire)), binary: true}
}

// newPacket returns a text packet of any type.
func newPacket(kind byte, parts ...[]byte) *Frame {
	size := 1 + sizeOf(parts)
	wire := make([]byte, 0, wsconn.MaxHeaderSize+size)
	wire = wsconn.AppendHeader(wire, wsconn.OpText, size)
	header := uint8(len(wire))
	return &Frame{wire: appendAll(append(wire, kind), parts), header: header}
}

func sizeOf(parts [][]byte) int {
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	return size
}

func appendAll(dst []byte, parts [][]byte) []byte {
	for _, part := range parts {
		dst = append(dst, part...)
	}
	return dst
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
