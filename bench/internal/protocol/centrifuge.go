package protocol

import (
	"bytes"
	"strconv"
)

// Centrifuge is the JSON protocol of github.com/centrifugal/centrifuge: commands with ids, pushes without, several of
// them in one WebSocket message, a line each. The server subscribes everybody to the channel "chat" and publishes what
// clients send it as messages; requests are RPCs named "echo".
type Centrifuge struct{}

// Target is the path that centrifuge serves by custom.
func (Centrifuge) Target() string { return "/connection/websocket" }

// Greeting is the connect command.
func (Centrifuge) Greeting() []byte { return []byte(`{"id":1,"connect":{}}`) }

// Farewell is empty: a close frame is enough.
func (Centrifuge) Farewell() []byte { return nil }

// firstEcho keeps the ids of echoes apart from the connect command's.
const firstEcho = 2

// Next takes the first line.
func (c Centrifuge) Next(text []byte) (Event, []byte, error) {
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	if payload, ok := between(line, `{"push":{"channel":"chat","pub":{"data":"`, `"}}}`); ok {
		return Event{Kind: Deliver, Payload: payload}, rest, nil
	}
	if len(line) == 2 && string(line) == "{}" {
		return Event{Answer: []byte("{}")}, rest, nil // a ping, answered in kind
	}
	if bytes.HasPrefix(line, []byte(`{"id":1,"connect":{"client":"`)) {
		return Event{Kind: Ready}, rest, nil
	}
	body, ok := between(line, `{"id":`, `"}}`)
	number, payload, found := bytes.Cut(body, []byte(`,"rpc":{"data":"`))
	id, isNumber := parseNumber(number)
	if !ok || !found || !isNumber || id < firstEcho {
		return Event{}, nil, unexpected(line)
	}
	return Event{Kind: Ack, ID: id - firstEcho, Payload: payload}, rest, nil
}

// AppendChat sends a message, which has no answer.
func (Centrifuge) AppendChat(dst, payload []byte) []byte {
	return appendQuoted(append(dst, `{"send":{"data":`...), payload, `}}`)
}

// AppendEcho calls the RPC "echo".
func (Centrifuge) AppendEcho(dst []byte, id uint64, payload []byte) []byte {
	dst = strconv.AppendUint(append(dst, `{"id":`...), id+firstEcho, 10)
	return appendQuoted(append(dst, `,"rpc":{"method":"echo","data":`...), payload, `}}`)
}
