// Package protocol speaks, as a client, what the benchmarked servers speak over WebSocket text messages.
package protocol

import "fmt"

// Kind says what an Event is.
type Kind byte

// Kinds of Event.
const (
	Other   Kind = iota // nothing that a benchmark looks at, such as a heartbeat
	Ready               // the client may now send
	Deliver             // a broadcast reached this client
	Ack                 // a request was answered
)

// Event is one thing a server said.
type Event struct {
	Kind    Kind
	ID      uint64 // of the request, for Ack
	Payload []byte // the message in question, inside the parsed text
	Answer  []byte // what the client must send at once, if anything; shared, not to be changed
}

// Protocol is one client protocol. Implementations keep no state and may be shared.
type Protocol interface {
	// Target is what the opening handshake requests.
	Target() string
	// Greeting is what a client sends as soon as the WebSocket is open, if anything.
	Greeting() []byte
	// Farewell is what a client sends before its close frame, if anything.
	Farewell() []byte
	// Next takes the first event of a text message and returns what is left of the text. A text that does not
	// belong to the protocol as a benchmark uses it is an error.
	Next(text []byte) (Event, []byte, error)
	// AppendChat appends a request to send payload to everybody, without an ack.
	AppendChat(dst, payload []byte) []byte
	// AppendEcho appends a request to get payload back as the ack with this id.
	AppendEcho(dst []byte, id uint64, payload []byte) []byte
}

// Rooms is a Protocol with rooms that clients join by themselves.
type Rooms interface {
	Protocol
	// AppendJoin appends a request to join a room, answered by the ack with this id.
	AppendJoin(dst []byte, id uint64, room string) []byte
	// AppendRoom appends a request to send payload to everybody else in the room, without an ack.
	AppendRoom(dst []byte, room string, payload []byte) []byte
}

// Named is the protocol with the given name: "socketio" or "centrifuge".
func Named(name string) (Protocol, error) {
	switch name {
	case "socketio":
		return SocketIO{}, nil
	case "centrifuge":
		return Centrifuge{}, nil
	}
	return nil, fmt.Errorf("no protocol %q", name)
}

// unexpected quotes the beginning of a text that does not belong here.
func unexpected(text []byte) error {
	return fmt.Errorf("unexpected message %.120q", text)
}
