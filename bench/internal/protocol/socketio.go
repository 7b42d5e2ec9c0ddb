package protocol

import (
	"bytes"
	"strconv"
)

// SocketIO is Socket.IO v5 over Engine.IO v4, and of it what the load handlers use: "chat", "join", "room" and "echo".
type SocketIO struct{}

// Target asks for WebSocket at once; polling is not benchmarked.
func (SocketIO) Target() string { return "/socket.io/?EIO=4&transport=websocket" }

// Greeting is empty: the server speaks first.
func (SocketIO) Greeting() []byte { return nil }

// Farewell leaves the namespace, as the official client does.
func (SocketIO) Farewell() []byte { return []byte("41") }

// Next takes the whole text: an Engine.IO packet is one message.
func (s SocketIO) Next(text []byte) (Event, []byte, error) {
	if len(text) < 1 {
		return Event{}, nil, unexpected(text)
	}
	switch text[0] {
	case '0':
		return Event{Answer: []byte("40")}, nil, nil
	case '2':
		return Event{Answer: []byte("3")}, nil, nil
	case '6':
		return Event{}, nil, nil
	}
	event, err := s.packet(text)
	return event, nil, err
}

// packet takes a Socket.IO packet inside an Engine.IO message.
func (SocketIO) packet(text []byte) (Event, error) {
	if payload, ok := between(text, `42["chat","`, `"]`); ok {
		return Event{Kind: Deliver, Payload: payload}, nil
	}
	if payload, ok := between(text, `42["room","`, `"]`); ok {
		return Event{Kind: Deliver, Payload: payload}, nil
	}
	if bytes.HasPrefix(text, []byte(`40{"sid":"`)) {
		return Event{Kind: Ready}, nil
	}
	if _, ok := between(text, `42["auth",{`, `}]`); ok {
		return Event{}, nil // the conformance server's greeting, which the official suite asks for
	}
	if !bytes.HasPrefix(text, []byte("43")) {
		return Event{}, unexpected(text)
	}
	bracket := bytes.IndexByte(text, '[')
	if bracket < 0 {
		return Event{}, unexpected(text)
	}
	id, ok := parseNumber(text[2:bracket])
	if !ok {
		return Event{}, unexpected(text)
	}
	payload, _ := between(text[bracket:], `["`, `"]`) // the ack of a join may be empty or anything
	return Event{Kind: Ack, ID: id, Payload: payload}, nil
}

// AppendChat emits "chat".
func (SocketIO) AppendChat(dst, payload []byte) []byte {
	return appendQuoted(append(dst, `42["chat",`...), payload, `]`)
}

// AppendEcho emits "echo" with an ack.
func (SocketIO) AppendEcho(dst []byte, id uint64, payload []byte) []byte {
	dst = strconv.AppendUint(append(dst, "42"...), id, 10)
	return appendQuoted(append(dst, `["echo",`...), payload, `]`)
}

// AppendJoin emits "join" with an ack.
func (SocketIO) AppendJoin(dst []byte, id uint64, room string) []byte {
	dst = strconv.AppendUint(append(dst, "42"...), id, 10)
	return appendQuoted(append(dst, `["join",`...), []byte(room), `]`)
}

// AppendRoom emits "room".
func (SocketIO) AppendRoom(dst []byte, room string, payload []byte) []byte {
	dst = appendQuoted(append(dst, `42["room",`...), []byte(room), `,`)
	return appendQuoted(dst, payload, `]`)
}

// appendQuoted appends plain letters and digits as a JSON string, and what follows it.
func appendQuoted(dst, plain []byte, after string) []byte {
	dst = append(dst, '"')
	dst = append(dst, plain...)
	dst = append(dst, '"')
	return append(dst, after...)
}

// between is text without the given beginning and end, if it has both.
func between(text []byte, begin, end string) ([]byte, bool) {
	if len(text) < len(begin)+len(end) || string(text[:len(begin)]) != begin || string(text[len(text)-len(end):]) != end {
		return nil, false
	}
	return text[len(begin) : len(text)-len(end)], true
}

// parseNumber reads a decimal number of at most 18 digits.
func parseNumber(digits []byte) (n uint64, ok bool) {
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	for _, d := range digits {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + uint64(d-'0')
	}
	return n, true
}
