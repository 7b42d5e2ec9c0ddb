package socketio

import (
	"encoding/json"
)

// Adapter is a bus between servers: what one publishes, all others receive.
// Messages of one publisher should arrive in order; losing some loses events,
// nothing more. Methods must not wait for the network.
type Adapter interface {
	// Publish hands a message to all other servers. The message is immutable.
	Publish(m *Message) error
	// Receive names the function that gets the messages of other servers. It
	// is called once, before any Publish. deliver may be called from any
	// goroutine and does not wait.
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
	Targeted  bool      `json:"targeted,omitempty"` // only sockets in Rooms; else all
	Rooms     []string  `json:"rooms,omitempty"`
	Except    []string  `json:"except,omitempty"` // rooms to leave out

	// OpEmit: the event's name and arguments as one JSON array, with
	// placeholders for the attachments.
	Payload     json.RawMessage `json:"payload,omitempty"`
	Attachments [][]byte        `json:"attachments,omitempty"`
	Volatile    bool            `json:"volatile,omitempty"`
	Plain       bool            `json:"plain,omitempty"` // not to be compressed

	Targets []string `json:"targets,omitempty"` // OpJoin, OpLeave: rooms to join or leave
	Close   bool     `json:"close,omitempty"`   // OpDisconnect: close the connection too
}

// publish sends an operation of a namespace to the other servers, if any.
func (b BroadcastOperator) publish(n *Namespace, m *Message) error {
	adapter := b.ns.server.opts.Adapter
	if adapter == nil || b.local {
		return nil
	}
	m.Namespace = n.name
	m.Targeted, m.Rooms, m.Except = b.sel.targeted, b.sel.rooms, b.sel.except
	return adapter.Publish(m)
}

// receive does what another server has published.
func (s *Server) receive(m *Message) {
	s.mu.Lock()
	n := s.namespaces[m.Namespace]
	s.mu.Unlock()
	if n == nil {
		return
	}
	sel := selection{targeted: m.Targeted, rooms: m.Rooms, except: m.Except}
	if m.Operation != OpEmit {
		n.operate(sel, m)
		return
	}
	n.broadcast(sel, m)
}
