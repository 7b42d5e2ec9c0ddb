// Package msgpack is a format of Socket.IO packets: each is one binary message
// in MessagePack, as the npm package socket.io-msgpack-parser has it. Both
// sides must use it:
//
//	io := socketio.New(&socketio.Options{Parser: msgpack.Parser{}})
//
// Values become JSON and attachments on their way in, and back on their way
// out, so that handlers and adapters see no difference. Dates of JavaScript
// arrive as the strings that JSON has for them, undefined is left out or null.
package msgpack

import (
	"errors"
	"fmt"
	"strings"

	"parley/socketio/parser"
)

// Parser encodes and decodes packets. It has no state.
type Parser struct{}

// Encode returns the message of a packet.
func (Parser) Encode(p *parser.Packet) ([]byte, error) {
	const header = 64 // bytes beside namespace and payload, and some to spare
	w := writer{dst: make([]byte, 0, header+len(p.Namespace)+len(p.Payload.JSON)), attachments: p.Payload.Attachments}
	fields := 2
	if p.HasID {
		fields++
	}
	if p.Payload.JSON != nil {
		fields++
	}
	w.dst = append(w.dst, fixMap|byte(fields))
	w.string("type")
	w.dst = append(w.dst, byte(p.Type))
	w.string("nsp")
	w.string(namespaceOf(p))
	if p.HasID {
		w.string("id")
		w.uint(p.ID)
	}
	if p.Payload.JSON != nil {
		w.string("data")
		if err := w.json(p.Payload.JSON); err != nil {
			return nil, fmt.Errorf("encode packet: %w", err)
		}
	}
	return w.dst, nil
}

func namespaceOf(p *parser.Packet) string {
	if p.Namespace == "" {
		return "/"
	}
	return p.Namespace
}

var (
	errShort      = errors.New("msgpack: message ends early")
	errTrailing   = errors.New("msgpack: something follows the packet")
	errPacket     = errors.New("msgpack: not a packet")
	errType       = errors.New("msgpack: type is not supported")
	errKey        = errors.New("msgpack: a key is not a string")
	errDepth      = errors.New("msgpack: nested too deeply")
	errTooLarge   = errors.New("msgpack: packet too large")
	errAttachment = errors.New("msgpack: too many attachments")
	errJSON       = errors.New("msgpack: payload is not JSON")
)

// Decode reads the message of a packet. It keeps no reference to data.
func (Parser) Decode(data []byte, limits parser.Limits) (parser.Packet, error) {
	if len(data) > limits.MaxBytes {
		return parser.Packet{}, errTooLarge
	}
	r := reader{src: data, maxAttachments: limits.MaxAttachments}
	p, err := r.packet()
	if err != nil {
		return parser.Packet{}, err
	}
	if len(r.src) > 0 {
		return parser.Packet{}, errTrailing
	}
	return p, nil
}

// packet reads the map that a packet is.
func (r *reader) packet() (parser.Packet, error) {
	var p parser.Packet
	var payload parser.Value
	seen := map[string]bool{}
	fields, err := r.mapLength()
	for range fields {
		var key string
		if key, err = r.key(); err != nil {
			return p, err
		}
		switch key {
		case "type":
			err = r.packetType(&p)
		case "nsp":
			p.Namespace, err = r.key()
		case "id":
			p.ID, p.HasID, err = r.id()
		case "data":
			payload, err = r.payload()
		default:
			_, err = r.payload() // such as options, which are the client's own
		}
		if err != nil {
			return p, err
		}
		seen[key] = true
	}
	if err != nil {
		return p, err
	}
	if !seen["type"] || !strings.HasPrefix(p.Namespace, "/") {
		return p, errPacket
	}
	return p, p.SetPayload(payload)
}
