package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/socketio/internal/wsconn"
)

// The groups are those of the Autobahn suite, the cases in our own words: what
// a client sends, and what it hears until the connection is closed. Every case
// ends with the client's close, unless the server has closed before.

// exchange is one case. Wanted are the messages, pongs and the close code.
type exchange struct {
	name string
	send []byte
	want []string
}

// A frame is sent with the first byte as it is given.
func raw(first byte, payload string) []byte {
	masked := wsconn.AppendMasked(nil, wsconn.OpText, []byte(payload), [4]byte{0x37, 0xfa, 0x21, 0x3d})
	masked[0] = first
	return masked
}

const (
	fin   = 0x80
	more  = 0x00
	text  = 0x1
	data  = 0x2
	cont  = 0x0
	close = 0x8
	ping  = 0x9
	pong  = 0xA
)

func frames(list ...[]byte) []byte { return bytes.Join(list, nil) }

func closing(code int, reason string) []byte {
	return raw(fin|close, string(binary.BigEndian.AppendUint16(nil, uint16(code)))+reason)
}

func brief(kind string, payload []byte) string {
	if len(payload) > 40 {
		return fmt.Sprintf("%s %d × %.4s", kind, len(payload), payload)
	}
	return kind + " " + string(payload)
}

func TestGroup1_Framing(t *testing.T) {
	var cases []exchange
	for _, size := range []int{0, 1, 125, 126, 127, 128, 65535, 65536} {
		payload := strings.Repeat("*", size)
		for kind, op := range map[string]byte{"text": text, "data": data} {
			cases = append(cases, exchange{
				name: fmt.Sprintf("%s of %d bytes", kind, size),
				send: raw(fin|op, payload),
				want: []string{brief(kind, []byte(payload)), "close 1000"},
			})
		}
	}
	converse(t, cases)
}

func TestGroup2_PingsAndPongs(t *testing.T) {
	tooBig := strings.Repeat("\xfe", 126)
	var ten [][]byte
	var pongs []string
	for i := range 10 {
		payload := fmt.Sprint("payload-", i)
		ten, pongs = append(ten, raw(fin|ping, payload)), append(pongs, "pong "+payload)
	}
	converse(t, []exchange{
		{"an empty ping", raw(fin|ping, ""), []string{"pong ", "close 1000"}},
		{"a ping of text", raw(fin|ping, "Hello"), []string{"pong Hello", "close 1000"}},
		{"a ping of bytes", raw(fin|ping, "\x00\xff\xfe"), []string{"pong \x00\xff\xfe", "close 1000"}},
		{"a ping of 125 bytes", raw(fin|ping, tooBig[1:]), []string{brief("pong", []byte(tooBig[1:])), "close 1000"}},
		{"a ping of 126 bytes", raw(fin|ping, tooBig), []string{"close 1002"}},
		{"a pong that nobody asked for", raw(fin|pong, "so there"), []string{"close 1000"}},
		{"a pong, then a ping", frames(raw(fin|pong, "a"), raw(fin|ping, "b")), []string{"pong b", "close 1000"}},
		{"ten pings", frames(ten...), append(pongs, "close 1000")},
	})
}

func TestGroup3_ReservedBits(t *testing.T) {
	before := raw(fin|text, "small")
	var cases []exchange
	for rsv := byte(1); rsv < 8; rsv++ {
		for _, op := range []byte{text, data, ping, close} {
			cases = append(cases, exchange{
				name: fmt.Sprintf("rsv %03b on opcode %d", rsv, op),
				send: frames(before, raw(fin|rsv<<4|op, "*"), raw(fin|ping, "too late")),
				want: []string{"text small", "close 1002"},
			})
		}
	}
	converse(t, cases)
}

func TestGroup4_ReservedOpcodes(t *testing.T) {
	var cases []exchange
	for _, op := range []byte{3, 4, 5, 6, 7, 11, 12, 13, 14, 15} {
		for _, payload := range []string{"", "payload"} {
			cases = append(cases, exchange{
				name: fmt.Sprintf("opcode %d with %q", op, payload),
				send: frames(raw(fin|text, "small"), raw(fin|op, payload), raw(fin|ping, "too late")),
				want: []string{"text small", "close 1002"},
			})
		}
	}
	converse(t, cases)
}

func TestGroup5_Fragmentation(t *testing.T) {
	converse(t, []exchange{
		{"a ping in two frames", frames(raw(more|ping, "frag"), raw(fin|cont, "ment")), []string{"close 1002"}},
		{"a pong in two frames", frames(raw(more|pong, "frag"), raw(fin|cont, "ment")), []string{"close 1002"}},
		{"a text in two frames", frames(raw(more|text, "frag"), raw(fin|cont, "ment")), []string{"text fragment", "close 1000"}},
		{"a ping between two frames", frames(raw(more|text, "frag"), raw(fin|ping, "?"), raw(fin|cont, "ment")),
			[]string{"pong ?", "text fragment", "close 1000"}},
		{"a continuation of nothing", frames(raw(fin|cont, "?"), raw(fin|text, "late")), []string{"close 1002"}},
		{"an unfinished continuation of nothing", frames(raw(more|cont, "?"), raw(fin|text, "late")), []string{"close 1002"}},
		{"a text after a text that has not ended", frames(raw(more|text, "one"), raw(fin|text, "two")), []string{"close 1002"}},
		{"five frames with pings between", frames(
			raw(more|text, "f1"), raw(more|cont, "f2"), raw(fin|ping, "p1"), raw(more|cont, "f3"),
			raw(more|cont, "f4"), raw(fin|ping, "p2"), raw(fin|cont, "f5")),
			[]string{"pong p1", "pong p2", "text f1f2f3f4f5", "close 1000"}},
		{"empty frames", frames(raw(more|text, ""), raw(more|cont, ""), raw(fin|cont, "")), []string{"text ", "close 1000"}},
		{"after a whole message a continuation", frames(raw(more|data, "a"), raw(fin|cont, "b"), raw(fin|cont, "c")),
			[]string{"data ab", "close 1002"}},
	})
}

func TestGroup6_UTF8(t *testing.T) {
	const kosme = "κόσμε"
	cases := []exchange{
		{"every byte of a text in a frame of its own", oneByteFrames("Hello-µ@ßöäüàá-UTF-8!!"), []string{"text Hello-µ@ßöäüàá-UTF-8!!", "close 1000"}},
		{"cut within a rune", frames(raw(more|text, kosme[:3]), raw(fin|cont, kosme[3:])), []string{"text " + kosme, "close 1000"}},
		{"invalid in the first of two frames", frames(raw(more|text, kosme+"\xf4\x90\x80\x80"), raw(fin|ping, "too late")), []string{"close 1007"}},
		{"ends within a rune", raw(fin|text, kosme[:len(kosme)-1]), []string{"close 1007"}},
	}
	for _, valid := range []string{"\x00", "\u0080", "\u0800", "\U00010000", "\x7f", "\u07ff", "\uffff", "\U0010ffff",
		"\ud7ff", "\ue000", "\ufffd", "\ufffe", "\U0001fffe"} {
		cases = append(cases, exchange{fmt.Sprintf("valid %+q", valid), raw(fin|text, valid), []string{"text " + valid, "close 1000"}})
	}
	for _, invalid := range []string{"\x80", "\xbf", "\xc0 ", "\xe0\x80\xaf", "\xc0\xaf", "\xf0\x80\x80\xaf", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80", "\xfe", "\xff", "\xe0\x9f\xbf"} {
		cases = append(cases, exchange{fmt.Sprintf("invalid %+q", invalid), raw(fin|text, "ok"+invalid), []string{"close 1007"}})
	}
	converse(t, cases)
}

func oneByteFrames(s string) []byte {
	list := [][]byte{raw(more|text, s[:1])}
	for i := range len(s) - 1 {
		list = append(list, raw(more|cont, s[i+1:i+2]))
	}
	return frames(append(list, raw(fin|cont, ""))...)
}

func TestGroup7_Closing(t *testing.T) {
	cases := []exchange{
		{"a message after the close", frames(closing(1000, ""), raw(fin|text, "late")), []string{"close 1000"}},
		{"a second close", frames(closing(1000, ""), closing(1001, "")), []string{"close 1000"}},
		{"a close between two frames", frames(raw(more|text, "frag"), closing(1000, ""), raw(fin|cont, "ment")), []string{"close 1000"}},
		{"without a code", raw(fin|close, ""), []string{"close 1005"}},
		{"half a code", raw(fin|close, "\x03"), []string{"close 1002"}},
		{"a reason", closing(1000, "Hello World!"), []string{"close 1000"}},
		{"the longest reason", closing(1000, strings.Repeat("*", 123)), []string{"close 1000"}},
		{"a reason too long", closing(1000, strings.Repeat("*", 124)), []string{"close 1002"}},
		{"a reason that is not UTF-8", closing(1000, "\xce\xba\xed\xa0\x80edited"), []string{"close 1007"}},
	}
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		cases = append(cases, exchange{fmt.Sprint("code ", code), closing(code, ""), []string{fmt.Sprint("close ", code)}})
	}
	for _, code := range []int{0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535} {
		cases = append(cases, exchange{fmt.Sprint("invalid code ", code), closing(code, ""), []string{"close 1002"}})
	}
	converse(t, cases)
}

func TestGroup10_ManyFragments(t *testing.T) {
	payload := strings.Repeat("*", 65536)
	list := [][]byte{raw(more|text, payload[:1300])}
	for rest := payload[1300:]; rest != ""; {
		n := min(1300, len(rest))
		list = append(list, raw(more|cont, rest[:n]))
		rest = rest[n:]
	}
	list = append(list, raw(fin|cont, ""))
	converse(t, []exchange{{"64 KiB in pieces of 1,300 bytes", frames(list...), []string{brief("text", []byte(payload)), "close 1000"}}})
}

// converse plays the cases, each with the bytes in one write, and with every
// byte in a read of its own where there are few.
func converse(t *testing.T, cases []exchange) {
	url := start(t, false)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, chop := range []int{len(c.send) + 1, 1, 997} {
				if len(c.send)/chop > 400 {
					continue
				}
				if diff := cmp.Diff(c.want, play(t, url, c.send, chop)); diff != "" {
					t.Errorf("in pieces of %d bytes (-want +got):\n%s", chop, diff)
				}
			}
		})
	}
}
