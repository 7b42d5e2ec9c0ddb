// Package ws is as much of RFC 6455 as a benchmark needs, on both ends: unfragmented frames, the opening handshake,
// no extensions. It is independent of the server under test, so that a fault there is not excused by the same fault here.
package ws

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// Opcodes of RFC 6455 §5.2.
const (
	Text   = 0x1
	Binary = 0x2
	Close  = 0x8
	Ping   = 0x9
	Pong   = 0xA
)

// Errors of Parse.
var (
	ErrFragment = errors.New("fragmented or extended frame")
	ErrTooLarge = errors.New("frame over 16 MiB")
)

const maxPayload = 16 << 20

// Frame is one frame, its payload unmasked and inside the parsed buffer.
type Frame struct {
	Opcode  byte
	Payload []byte
}

// Parse takes the frame at the start of b, unmasking it in place, and returns how many bytes it took:
// 0 when b does not hold the whole frame yet.
func Parse(b []byte) (Frame, int, error) {
	if len(b) < 2 {
		return Frame{}, 0, nil
	}
	if b[0]&0xF0 != 0x80 || b[0]&0x0F == 0 {
		return Frame{}, 0, ErrFragment
	}
	length, at := uint64(b[1]&0x7F), 2
	switch length {
	case 126:
		if len(b) < 4 {
			return Frame{}, 0, nil
		}
		length, at = uint64(binary.BigEndian.Uint16(b[2:])), 4
	case 127:
		if len(b) < 10 {
			return Frame{}, 0, nil
		}
		length, at = binary.BigEndian.Uint64(b[2:]), 10
	}
	if length > maxPayload {
		return Frame{}, 0, ErrTooLarge
	}
	masked := b[1]&0x80 != 0
	if masked {
		at += 4
	}
	end := at + int(length)
	if len(b) < end {
		return Frame{}, 0, nil
	}
	if masked {
		mask(b[at:end], binary.LittleEndian.Uint32(b[at-4:]))
	}
	return Frame{Opcode: b[0] & 0x0F, Payload: b[at:end:end]}, end, nil
}

// AppendServer appends an unmasked frame, as servers send it.
func AppendServer(dst []byte, opcode byte, payload []byte) []byte {
	return append(appendHeader(dst, opcode, 0, len(payload)), payload...)
}

// clientKey masks every frame of a client. One fixed key is enough between two programs of ours on one machine;
// it is not zero, so that a server that forgets to unmask is found out.
const clientKey = 0x5AC31E97

// AppendClient appends a masked frame, as clients send it.
func AppendClient(dst []byte, opcode byte, payload []byte) []byte {
	dst = appendHeader(dst, opcode, 0x80, len(payload))
	dst = binary.LittleEndian.AppendUint32(dst, clientKey)
	start := len(dst)
	dst = append(dst, payload...)
	mask(dst[start:], clientKey)
	return dst
}

func appendHeader(dst []byte, opcode, maskBit byte, length int) []byte {
	switch {
	case length < 126:
		return append(dst, 0x80|opcode, maskBit|byte(length))
	case length < 1<<16:
		return binary.BigEndian.AppendUint16(append(dst, 0x80|opcode, maskBit|126), uint16(length))
	default:
		return binary.BigEndian.AppendUint64(append(dst, 0x80|opcode, maskBit|127), uint64(length))
	}
}

// mask applies the little-endian key to b, eight bytes at a time.
func mask(b []byte, key uint32) {
	wide := uint64(key)<<32 | uint64(key)
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^wide)
		b = b[8:]
	}
	for i := range b {
		b[i] ^= byte(key)
		key = bits.RotateLeft32(key, -8)
	}
}
