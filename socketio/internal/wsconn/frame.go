// Package wsconn is the server's half of RFC 6455 on raw bytes: the upgrade of
// a hijacked HTTP connection, an incremental parser that works in place on
// whatever has been read, and encoders for frames. It does no I/O of its own
// beyond Hijack and starts no goroutine.
package wsconn

import "encoding/binary"

// Opcode is the kind of a frame (RFC 6455, section 5.2).
type Opcode byte

// Opcodes of RFC 6455.
const (
	OpContinuation Opcode = 0x0
	OpText         Opcode = 0x1
	OpBinary       Opcode = 0x2
	OpClose        Opcode = 0x8
	OpPing         Opcode = 0x9
	OpPong         Opcode = 0xA
)

func (op Opcode) isControl() bool { return op&0x8 != 0 }

func (op Opcode) isKnown() bool { return op <= OpBinary || (op >= OpClose && op <= OpPong) }

const (
	finBit  = 0x80
	rsv1Bit = 0x40
	rsvBits = 0x70
	maskBit = 0x80

	maxHeaderSize     = 14
	maxControlPayload = 125
)

// MaxHeaderSize is the room the header of an unmasked frame may need.
const MaxHeaderSize = 10

// AppendHeader appends the header of an unmasked, final frame with a payload
// of size bytes.
func AppendHeader(dst []byte, op Opcode, size int) []byte {
	return appendHeader(dst, finBit|byte(op), 0, size)
}

func appendHeader(dst []byte, first, mask byte, size int) []byte {
	dst = append(dst, first)
	switch {
	case size <= 125:
		return append(dst, mask|byte(size))
	case size <= 0xFFFF:
		return binary.BigEndian.AppendUint16(append(dst, mask|126), uint16(size))
	}
	return binary.BigEndian.AppendUint64(append(dst, mask|127), uint64(size))
}

// AppendFrame appends an unmasked, final frame, as a server sends it.
func AppendFrame(dst []byte, op Opcode, payload []byte) []byte {
	return append(AppendHeader(dst, op, len(payload)), payload...)
}

// AppendMasked appends a final frame masked with key, as a client sends it
// (RFC 6455, section 5.3).
func AppendMasked(dst []byte, op Opcode, payload []byte, key [4]byte) []byte {
	dst = appendHeader(dst, finBit|byte(op), maskBit, len(payload))
	dst = append(dst, key[:]...)
	start := len(dst)
	dst = append(dst, payload...)
	applyMask(dst[start:], key, 0)
	return dst
}

// header is a decoded frame header.
type header struct {
	first byte // FIN, RSV and opcode as received
	mask  bool
	key   [4]byte
	size  uint64
}

func (h *header) op() Opcode { return Opcode(h.first & 0x0F) }

func (h *header) fin() bool { return h.first&finBit != 0 }

// parseHeader decodes the header at the start of b and returns its size, or 0
// when b does not hold all of it.
func parseHeader(b []byte) (h header, n int) {
	if len(b) < 2 {
		return h, 0
	}
	h.first = b[0]
	h.mask = b[1]&maskBit != 0
	n = 2
	switch length := b[1] &^ maskBit; length {
	case 126:
		if len(b) < n+2 {
			return h, 0
		}
		h.size = uint64(binary.BigEndian.Uint16(b[n:]))
		n += 2
	case 127:
		if len(b) < n+8 {
			return h, 0
		}
		h.size = binary.BigEndian.Uint64(b[n:])
		n += 8
	default:
		h.size = uint64(length)
	}
	if h.mask {
		if len(b) < n+4 {
			return h, 0
		}
		copy(h.key[:], b[n:])
		n += 4
	}
	return h, n
}

// minimal reports whether size needed the length field it came in, which took
// n bytes of header (RFC 6455, section 5.2: "the minimal number of bytes").
func (h *header) minimal(n int) bool {
	if h.mask {
		n -= 4
	}
	switch n {
	case 4:
		return h.size > 125
	case 10:
		return h.size > 0xFFFF
	}
	return true
}

// applyMask XORs b with key, of which the first pos bytes (modulo 4) have been
// used, and returns the new position.
func applyMask(b []byte, key [4]byte, pos int) int {
	next := (pos + len(b)) & 3
	if pos &= 3; pos != 0 {
		key = [4]byte{key[pos], key[(pos+1)&3], key[(pos+2)&3], key[(pos+3)&3]}
	}
	word := uint64(binary.LittleEndian.Uint32(key[:]))
	word |= word << 32
	for len(b) >= 32 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^word)
		binary.LittleEndian.PutUint64(b[8:], binary.LittleEndian.Uint64(b[8:])^word)
		binary.LittleEndian.PutUint64(b[16:], binary.LittleEndian.Uint64(b[16:])^word)
		binary.LittleEndian.PutUint64(b[24:], binary.LittleEndian.Uint64(b[24:])^word)
		b = b[32:]
	}
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^word)
		b = b[8:]
	}
	for i := range b {
		b[i] ^= key[i&3]
	}
	return next
}
