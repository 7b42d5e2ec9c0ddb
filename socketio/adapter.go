package socketio

import "encoding/json"

// Adapter is a bus between servers: what one publishes, all others receive.
// Messages of one publisher should arrive in order; losing some loses events,
// nothing more. Methods must not wait for the network.
type Adapter interface {
	// Publish hands a message to all other servers. The message is immutable.
	Publish(m *Message) error
	// Receive names the function that gets the messages of other servers. It
	// is called once, before any Publish. deliver may be called from any
	// goroutine and does not block.
	Receive(deliver func(m *Message))
}

// Operation is what a Message asks for.
type Operation string

// Operations between servers.
const (
	OpEmit       Operation = "emit"
	OpJoin       Operation = "join"
	OpLeave      Operation = "leave"
	OpDisconnect Operation = "disconnect"
)

// Message is an operation for the sockets of other servers.
type Message struct {
	Operation Operation `json:"op"`
	Namespace string    `json:"nsp"`
	Rooms     []string  `json:"rooms,omitempty"`  // target rooms; none means all sockets
	Except    []string  `json:"except,omitempty"` // rooms to leave out

	// OpEmit: the event's name and arguments as one JSON array, with
	// placeholders for the attachments.
	Payload     json.RawMessage `json:"payload,omitempty"`
	Attachments [][]byte        `json:"attachments,omitempty"`
	Volatile    bool            `json:"volatile,omitempty"`

	Targets []string `json:"targets,omitempty"` // OpJoin, OpLeave: rooms to join or leave
	Close   bool     `json:"close,omitempty"`   // OpDisconnect: close the connection too
}
