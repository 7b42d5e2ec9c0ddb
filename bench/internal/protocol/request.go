package protocol

import "bytes"

// Request is what a Socket.IO client asks a server with the load handlers.
type Request struct {
	Event   string // "chat", "join", "room" or "echo"
	ID      []byte // the digits of the ack id, empty when no ack is wanted
	Room    []byte
	Payload []byte
}

// ParseRequest takes an event packet as the clients of this package send it; ok is false for anything else. The
// result lies inside text. It is for servers of the benchmark, and no JSON parser.
func ParseRequest(text []byte) (r Request, ok bool) {
	bracket := bytes.IndexByte(text, '[')
	if bracket < 2 || text[0] != '4' || text[1] != '2' {
		return Request{}, false
	}
	r.ID = text[2:bracket]
	body := text[bracket:]
	if r.Payload, ok = between(body, `["chat","`, `"]`); ok {
		r.Event = "chat"
		return r, true
	}
	if r.Payload, ok = between(body, `["echo","`, `"]`); ok {
		r.Event = "echo"
		return r, true
	}
	if r.Room, ok = between(body, `["join","`, `"]`); ok {
		r.Event = "join"
		return r, true
	}
	both, ok := between(body, `["room","`, `"]`)
	if !ok {
		return Request{}, false
	}
	r.Event = "room"
	r.Room, r.Payload, ok = bytes.Cut(both, []byte(`","`))
	return r, ok
}

// AppendRoomed appends what members of a room get to hear.
func AppendRoomed(dst, payload []byte) []byte {
	return appendQuoted(append(dst, `42["room",`...), payload, `]`)
}

// AppendAck appends the answer to a request; a nil payload makes an ack without arguments.
func AppendAck(dst, id, payload []byte) []byte {
	dst = append(append(dst, "43"...), id...)
	if payload == nil {
		return append(dst, "[]"...)
	}
	return appendQuoted(append(dst, '['), payload, `]`)
}
