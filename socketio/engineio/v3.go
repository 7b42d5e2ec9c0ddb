package engineio

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"parley/socketio/internal/wsconn"
)

// Protocol 3, for Options.AllowEIO3. It differs from protocol 4 in this:
//   - The client pings and the server pongs; see Session.Expire.
//   - A payload has the length before each packet, in UTF-16 code units. If it
//     holds binary messages and the client takes them, it is binary as a whole.
//   - A binary message begins with its type, also over WebSocket, and is
//     "b4" and base64 where it has to be text.
//   - Polls of clients with the query j are answered with JavaScript, and post
//     forms.

const (
	v3Text   = 0   // first byte of a text packet in a binary payload
	v3Binary = 1   // of a binary one
	v3EndLen = 255 // ends the length, of which each byte is a decimal digit
	v3Type   = 4   // first byte of a binary message

	v3MaxDigits = 10 // of a length

	v3Pause = 5 * time.Millisecond // between the answer to an upgrade and the open packet
)

// parsePacketV3 decodes a packet. It reports false if it is none that a client
// may send.
func parsePacketV3(b []byte, binary bool) (packet, bool) {
	if binary {
		return packet{packetMessage, b[min(1, len(b)):], true}, len(b) > 0 && b[0] == v3Type
	}
	if len(b) == 0 {
		return packet{}, false
	}
	switch b[0] {
	case packetPing:
		return packet{kind: packetPing}, true
	case packetPong:
		return packet{}, false
	case packetBinary:
		if len(b) < 2 || b[1] != packetMessage {
			return packet{}, false
		}
		n, err := base64.StdEncoding.Decode(b[2:], b[2:])
		return packet{packetMessage, b[2 : 2+n], true}, err == nil
	}
	return parsePacket(b)
}

// eachPacketOf is eachPacket for the body of a POST of this session.
func (s *Session) eachPacketOf(r *http.Request, body []byte, f func(packet) bool) bool {
	switch {
	case !s.v3:
		return eachPacket(body, f)
	case r.URL.Query().Has("j"):
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return false
		}
		return eachTextV3([]byte(unescapeJSONP.Replace(form.Get("d"))), f)
	case isBinary(r):
		return eachBinaryV3(body, f)
	}
	return eachTextV3(body, f)
}

// unescapeJSONP undoes what the client does to line breaks, which forms do not
// carry unchanged.
var unescapeJSONP = strings.NewReplacer(`\\n`, `\n`, `\n`, "\n")

// eachTextV3 is eachPacket for a text payload.
func eachTextV3(payload []byte, f func(packet) bool) bool {
	if len(payload) == 0 || !utf8.Valid(payload) {
		return false
	}
	for len(payload) > 0 {
		digits, rest, ok := bytes.Cut(payload, []byte{':'})
		if !ok || len(digits) == 0 || len(digits) > v3MaxDigits {
			return false
		}
		length, ok := decimal(digits, '0')
		if !ok {
			return false
		}
		size, ok := sizeOfUnits(rest, length)
		if !ok {
			return false
		}
		payload = rest[size:]
		if size == 0 {
			continue
		}
		p, ok := parsePacketV3(rest[:size], false)
		if !ok {
			return false
		}
		if !f(p) {
			return true
		}
	}
	return true
}

// eachBinaryV3 is eachPacket for a binary payload.
func eachBinaryV3(payload []byte, f func(packet) bool) bool {
	if len(payload) == 0 {
		return false
	}
	for len(payload) > 0 {
		kind := payload[0]
		end := bytes.IndexByte(payload[:min(len(payload), v3MaxDigits+2)], v3EndLen)
		if kind > v3Binary || end < 2 {
			return false
		}
		size, ok := decimal(payload[1:end], 0)
		rest := payload[end+1:]
		if !ok || size > len(rest) {
			return false
		}
		body := rest[:size]
		payload = rest[size:]
		if kind == v3Text && !utf8.Valid(body) {
			return false
		}
		p, ok := parsePacketV3(body, kind == v3Binary)
		if !ok {
			return false
		}
		if !f(p) {
			return true
		}
	}
	return true
}

// decimal reads a number of at most v3MaxDigits digits, of which zero is the
// first.
func decimal(digits []byte, zero byte) (int, bool) {
	n := 0
	for _, digit := range digits {
		if digit < zero || digit > zero+9 {
			return 0, false
		}
		n = n*10 + int(digit-zero)
	}
	return n, true
}

// sizeOfUnits returns how many bytes of text have that many UTF-16 code units.
// It reports false if text is shorter or a character would be cut.
func sizeOfUnits(text []byte, units int) (int, bool) {
	size := 0
	for units > 0 && size < len(text) {
		_, n := utf8.DecodeRune(text[size:])
		size += n
		units--
		if n == utf8.UTFMax { // a surrogate pair
			units--
		}
	}
	return size, units == 0
}

// unitsOf returns how many UTF-16 code units text has.
func unitsOf(text []byte) int {
	units := 0
	for _, b := range text {
		if utf8.RuneStart(b) {
			units++
		}
		if b >= 0xF0 { // starts a character that is a surrogate pair
			units++
		}
	}
	return units
}

// payloadV3 joins packets to what answers the poll r, and says of which type
// it is.
func payloadV3(r *http.Request, frames []*Frame, asText bool) (body []byte, media string) {
	query := r.URL.Query()
	if query.Has("j") {
		return jsonp(query.Get("j"), appendTextV3(nil, frames)), "text/javascript; charset=UTF-8"
	}
	if !asText {
		for _, f := range frames {
			if f.binary {
				return appendBinaryV3(nil, frames), "application/octet-stream"
			}
		}
	}
	return appendTextV3(nil, frames), mediaText
}

func appendTextV3(dst []byte, frames []*Frame) []byte {
	for _, f := range frames {
		packet := f.wire[f.header:]
		if f.binary {
			packet = f.base64V3()
		}
		dst = strconv.AppendInt(dst, int64(unitsOf(packet)), 10)
		dst = append(append(dst, ':'), packet...)
	}
	return dst
}

func appendBinaryV3(dst []byte, frames []*Frame) []byte {
	for _, f := range frames {
		size, kind := f.Len(), byte(v3Text)
		if f.binary {
			size, kind = size+1, v3Binary
		}
		dst = append(dst, kind)
		for _, digit := range strconv.Itoa(size) {
			dst = append(dst, byte(digit-'0'))
		}
		dst = append(dst, v3EndLen)
		if f.binary {
			dst = append(dst, v3Type)
		}
		dst = append(dst, f.wire[f.header:]...)
	}
	return dst
}

// jsonp returns a script that hands payload to the function of the page.
func jsonp(index string, payload []byte) []byte {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, index)
	literal, err := json.Marshal(string(payload)) // also escapes U+2028 and what HTML takes for markup
	if err != nil {                               // strings always encode
		literal = []byte(`""`)
	}
	return []byte("___eio[" + digits + "](" + string(literal) + ");")
}

// base64V3 is a binary message as a text packet.
func (f *Frame) base64V3() []byte {
	return base64.StdEncoding.AppendEncode([]byte{packetBinary, packetMessage}, f.wire[f.header:])
}

// respondV3 answers an upgrade ahead of the open packet. Other clients get both
// in one write; scripts for this protocol, the official suite for one, begin to
// listen for messages once they have seen the connection open, which is too
// late for what arrives together with the answer.
func respondV3(up *wsconn.Upgraded) {
	up.Conn.Write(up.Response) // an error shows when the connection is read
	up.Response = nil
	time.Sleep(v3Pause)
}

// wireV3 is a binary message as it goes over WebSocket.
func (f *Frame) wireV3(asText bool) []byte {
	if asText {
		return wsconn.AppendFrame(nil, wsconn.OpText, f.base64V3())
	}
	return f.form(func(o *forms) *[]byte { return &o.v3 }, func() []byte {
		return wsconn.AppendFrame(nil, wsconn.OpBinary, append([]byte{v3Type}, f.wire[f.header:]...))
	})
}
