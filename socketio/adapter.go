package socketio

import (
	"context"
	"encoding/json"
)

// Adapter is a bus between servers: what one publishes, all others receive.
// Messages of one publisher should arrive in order; losing some loses events
// and makes requests incomplete, nothing more. Methods must not wait for the
// network.
//
// An Adapter may also be a [RoomWatcher], a [NamespaceWatcher] or a [Roster].
type Adapter interface {
	// Publish hands a message to all other servers, or to the one that To
	// names. The message is immutable.
	Publish(m *Message) error
	// Receive names the function that gets the messages of other servers. It
	// is called once, before any Publish. deliver may be called from any
	// goroutine; it does not wait, but it may call Publish.
	Receive(deliver func(m *Message))
}

// NamespaceWatcher is an Adapter that wants to know which namespaces this server
// has. There are as many calls of NamespaceClosed as namespaces go; those about
// namespaces of one name may come in another order than what they tell of. They
// may come from any goroutine.
type NamespaceWatcher interface {
	Adapter
	NamespaceOpened(name string)
	NamespaceClosed(name string)
}

// Roster is an Adapter that knows by its own means which servers there are. With
// one, servers do not tell each other that they are there: OpHello, OpAlive and
// OpBye are not published, and Options.PeerHeartbeat has no meaning.
type Roster interface {
	Adapter
	// Peers names the other servers that will answer a request in a namespace,
	// with the names that From has in their answers. It may wait until ctx ends.
	Peers(ctx context.Context, namespace string) ([]string, error)
}

// Operation is what a Message asks for.
type Operation string

// Operations between servers.
const (
	OpEmit       Operation = "emit"
	OpAsk        Operation = "ask" // OpEmit with acknowledgements
	OpJoin       Operation = "join"
	OpLeave      Operation = "leave"
	OpDisconnect Operation = "disconnect"
	OpFetch      Operation = "fetch"  // tell of the sockets
	OpServerEmit Operation = "server" // an event for the servers themselves
	OpAnswer     Operation = "answer" // to OpAsk, OpFetch, OpServerEmit
	OpHello      Operation = "hello"  // a server is there: answer with OpAlive
	OpAlive      Operation = "alive"  // it still is
	OpBye        Operation = "bye"    // it goes
)

// Message is an operation for other servers. Most concern those of their
// sockets that are in a namespace and in the rooms named.
type Message struct {
	Operation Operation `json:"op"`
	From      string    `json:"from,omitempty"` // id of the publisher
	To        string    `json:"to,omitempty"`   // id of the only server that it is for
	Request   uint64    `json:"req,omitempty"`  // of From, to be answered; in OpAnswer of To

	Namespace string   `json:"nsp,omitempty"`
	Targeted  bool     `json:"targeted,omitempty"` // only sockets in Rooms; else all
	Rooms     []string `json:"rooms,omitempty"`
	Except    []string `json:"except,omitempty"` // rooms to leave out

	// OpEmit, OpAsk, OpServerEmit: the event's name and arguments as one JSON
	// array, with placeholders for the attachments. OpAnswer: the arguments.
	Payload     json.RawMessage `json:"payload,omitempty"`
	Attachments [][]byte        `json:"attachments,omitempty"`
	Volatile    bool            `json:"volatile,omitempty"`
	Plain       bool            `json:"plain,omitempty"`   // not to be compressed
	Timeout     int64           `json:"timeout,omitempty"` // with Request: milliseconds that From waits

	Targets []string `json:"targets,omitempty"` // OpJoin, OpLeave: rooms to join or leave
	Close   bool     `json:"close,omitempty"`   // OpDisconnect: close the connection too

	// OpAnswer. To OpAsk one answer has the Count of sockets that were asked,
	// and each of those has one of its own.
	Count   *int           `json:"count,omitempty"`
	Socket  string         `json:"socket,omitempty"`
	Sockets []RemoteSocket `json:"sockets,omitempty"` // to OpFetch
	Error   string         `json:"error,omitempty"`   // instead of a payload
}

// publish sends an operation of a namespace to the other servers, if any.
func (b BroadcastOperator) publish(n *Namespace, m *Message) error {
	c := b.ns.server.cluster
	if c == nil || b.local {
		return nil
	}
	b.address(n, m)
	return c.publish(m)
}

// address says in a message which sockets it is for.
func (b BroadcastOperator) address(n *Namespace, m *Message) {
	m.Namespace = n.name
	m.Targeted, m.Rooms, m.Except = b.sel.targeted, b.sel.rooms, b.sel.except
}

// receive does what another server has published.
func (s *Server) receive(m *Message) {
	if !s.cluster.hears(m) {
		return
	}
	if m.Operation == OpAnswer {
		s.cluster.answer(m)
		return
	}
	s.mu.Lock()
	n := s.namespaces[m.Namespace]
	s.mu.Unlock()
	if n == nil {
		s.cluster.decline(m)
		return
	}
	if m.carriesEvent() && !isArray(m.Payload) {
		s.opts.Logger.Warn("another server sent an event that is none", "from", m.From)
		return
	}
	sel := selection{targeted: m.Targeted, rooms: m.Rooms, except: m.Except}
	switch m.Operation {
	case OpEmit:
		n.broadcast(sel, m)
	case OpAsk:
		n.askFor(sel, m)
	case OpFetch:
		s.cluster.reply(m, &Message{Sockets: n.describe(sel)})
	case OpServerEmit:
		n.serverEvent(m)
	case OpJoin, OpLeave, OpDisconnect:
		n.operate(sel, m)
	}
}

func (m *Message) carriesEvent() bool {
	return m.Operation == OpEmit || m.Operation == OpAsk || m.Operation == OpServerEmit
}

// isArray looks only as far as needed to handle the text safely.
func isArray(text json.RawMessage) bool {
	return len(text) >= len("[]") && text[0] == '[' && text[len(text)-1] == ']'
}

// decline answers a request about a namespace that this server does not have.
func (c *cluster) decline(m *Message) {
	none := 0
	switch {
	case m.Request == 0:
	case m.Operation == OpAsk:
		c.reply(m, &Message{Count: &none})
	case m.Operation == OpFetch:
		c.reply(m, &Message{})
	case m.Operation == OpServerEmit:
		c.reply(m, &Message{Error: errNoServerHandler})
	}
}
