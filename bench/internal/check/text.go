// Package check says what a benchmark's messages contain and whether every one of them arrived: once, whole, in its
// sender's order, at everybody it was for and at nobody else.
package check

import (
	"bytes"
	"errors"
)

// MinSize is the length of the smallest message: sender and number, and some content to check.
const MinSize = 16

const (
	header = 12 // 4 hexadecimal digits of the sender, 8 of the number
	period = 61 // messages whose numbers differ by less than this differ in all of their content
)

// ErrContent means that a message is not one that a sender of this benchmark wrote.
var ErrContent = errors.New("foreign or damaged content")

// Text writes and reads messages of one size. The content follows from sender and number alone, so that whoever
// receives a message can tell what it must be without having seen it sent.
type Text struct {
	size    int
	pattern []byte
}

// NewText makes messages of size bytes, at least MinSize.
func NewText(size int) Text {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	size = max(size, MinSize)
	pattern := make([]byte, size+period)
	state := uint32(1)
	for i := range pattern {
		state = state*1664525 + 1013904223
		pattern[i] = letters[state>>16%uint32(len(letters))]
	}
	return Text{size: size, pattern: pattern}
}

// Append appends message number seq of a sender below 65,536.
func (t Text) Append(dst []byte, sender int, seq uint32) []byte {
	dst = appendHex(dst, uint32(sender), 4)
	dst = appendHex(dst, seq, 8)
	return append(dst, t.content(sender, seq)...)
}

// Parse tells sender and number of a message, and checks every byte of it.
func (t Text) Parse(message []byte) (sender int, seq uint32, err error) {
	if len(message) != t.size {
		return 0, 0, ErrContent
	}
	from, ok := parseHex(message[:4])
	number, ok2 := parseHex(message[4:header])
	if !ok || !ok2 || !bytes.Equal(message[header:], t.content(int(from), number)) {
		return 0, 0, ErrContent
	}
	return int(from), number, nil
}

func (t Text) content(sender int, seq uint32) []byte {
	shift := (uint32(sender) + seq) % period
	return t.pattern[shift : int(shift)+t.size-header]
}

func appendHex(dst []byte, v uint32, digits int) []byte {
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		dst = append(dst, "0123456789abcdef"[v>>shift&0xF])
	}
	return dst
}

func parseHex(digits []byte) (v uint32, ok bool) {
	for _, d := range digits {
		switch {
		case d >= '0' && d <= '9':
			v = v<<4 | uint32(d-'0')
		case d >= 'a' && d <= 'f':
			v = v<<4 | uint32(d-'a'+10)
		default:
			return 0, false
		}
	}
	return v, true
}
