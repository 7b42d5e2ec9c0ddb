package socketio

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
)

// Namespace is a set of sockets with handlers and rooms of its own.
//
// Use, UseEvent, OnConnect and the Handle methods must be called before the
// first client connects to the namespace; they panic afterwards.
type Namespace struct {
	server *Server
	name   string // "" if it stands for others
	table  *table // shared with the namespace that stands for this one
	index  roomIndex

	recovery *recovery // nil unless Options.Recovery is set
	once     sync.Once // prepares it for its first socket

	overheard atomic.Bool // a socket has had a listener for what is sent to it

	// Guarded by server.mu.
	static   bool                  // made by Of
	users    int                   // sockets, and those that are about to be
	parent   *Namespace            // stands for this one, or nil
	children map[string]*Namespace // that this one stands for
}

func newNamespace(s *Server, name string) *Namespace {
	n := &Namespace{server: s, name: name, table: &table{}}
	n.recovery = newRecovery(n)
	n.index.recovery = n.recovery
	return n
}

// prepare is called before the first socket comes.
func (n *Namespace) prepare() {
	n.once.Do(func() {
		n.table.freeze()
		n.index.events = newRoomEvents(n)
	})
}

// stop ends what the namespace keeps going without sockets.
func (n *Namespace) stop() {
	n.recovery.stop()
}

// remove takes a socket that has ended out of the namespace.
func (n *Namespace) remove(s *Socket) {
	waiting := n.recovery.park(s)
	n.index.remove(s)
	waiting.run()
}

// Name is the namespace's name, "/" for the default one and "" for one that
// stands for others.
func (n *Namespace) Name() string { return n.name }

// ConnectFunc decides whether a socket may connect. A nil error accepts it.
type ConnectFunc func(ctx context.Context, s *Socket) error

// Use adds middleware that runs before a socket is connected. The first one
// added is the outermost. A returned *ConnectError is sent to the client as
// connect_error; of any other error the client learns only that there was one.
// The socket can be given data and be put into rooms, but not be written to.
// The context ends when the client goes.
func (n *Namespace) Use(mw func(next ConnectFunc) ConnectFunc) {
	n.table.change(func() { n.table.middleware = append(n.table.middleware, mw) })
}

// UseEvent adds middleware around every event handler of the namespace, the
// one for unknown events included. The first one added is the outermost.
func (n *Namespace) UseEvent(mw func(next Handler) Handler) {
	n.table.change(func() { n.table.around = append(n.table.around, mw) })
}

// OnConnect adds a function that runs when a socket has been told that it is
// connected, before the first of its events is handled. An error disconnects
// the socket and is logged.
func (n *Namespace) OnConnect(f func(ctx context.Context, s *Socket) error) {
	n.table.change(func() { n.table.onConnect = append(n.table.onConnect, f) })
}

// Handle registers the handler of an event. It panics if the name is reserved
// or has a handler already.
func (n *Namespace) Handle(event string, h Handler) {
	n.table.change(func() { n.table.handle(event, h) })
}

// HandleFunc registers a function as the handler of an event; see Handle.
func (n *Namespace) HandleFunc(event string, f func(ctx context.Context, e *Event) error) {
	n.Handle(event, HandlerFunc(f))
}

// HandleUnknown registers the handler of all events that have none. Without
// one they are ignored.
func (n *Namespace) HandleUnknown(h Handler) {
	n.table.change(func() { n.table.unknown = h })
}

// Socket returns the connected socket with this id, or nil.
func (n *Namespace) Socket(id string) *Socket { return n.index.socket(id) }

// Len is the number of sockets connected to this server.
func (n *Namespace) Len() int {
	total := 0
	for _, actual := range n.actual() {
		total += actual.index.len()
	}
	return total
}

// RoomLen is the number of sockets in a room on this server. It costs the same
// for every room.
func (n *Namespace) RoomLen(room string) int {
	total := 0
	for _, actual := range n.actual() {
		total += actual.index.lenOf(room)
	}
	return total
}

// Rooms lists the rooms on this server that have sockets, in no order, without
// those of single sockets.
func (n *Namespace) Rooms() []string {
	var names []string
	for _, actual := range n.actual() {
		names = append(names, actual.index.names()...)
	}
	return names
}

// Dynamic reports whether the namespace exists because a client asked for it;
// see [Server.OfMatching].
func (n *Namespace) Dynamic() bool {
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	return n.parent != nil && !n.static
}

// Handles reports whether an event has a handler of its own.
func (n *Namespace) Handles(event string) bool {
	n.table.mu.Lock()
	defer n.table.mu.Unlock()
	return n.table.handlers[event] != nil
}

// actual is the namespace itself, or those that it stands for.
func (n *Namespace) actual() []*Namespace {
	if n.children == nil {
		return []*Namespace{n}
	}
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	list := make([]*Namespace, 0, len(n.children))
	for _, child := range n.children {
		list = append(list, child)
	}
	return list
}

func (n *Namespace) all() BroadcastOperator { return BroadcastOperator{ns: n} }

// Sockets iterates over the sockets connected to this server; see
// [BroadcastOperator.Sockets].
func (n *Namespace) Sockets() iter.Seq[*Socket] { return n.all().Sockets() }

// Emit sends an event to every socket; see [BroadcastOperator.Emit].
func (n *Namespace) Emit(event string, args ...any) error { return n.all().Emit(event, args...) }

// EmitWithAck sends an event to every socket and waits for their
// acknowledgements; see [BroadcastOperator.EmitWithAck].
func (n *Namespace) EmitWithAck(ctx context.Context, event string, args ...any) ([]Answer, error) {
	return n.all().EmitWithAck(ctx, event, args...)
}

// FetchSockets describes the sockets of all servers; see
// [BroadcastOperator.FetchSockets].
func (n *Namespace) FetchSockets(ctx context.Context) ([]RemoteSocket, error) {
	return n.all().FetchSockets(ctx)
}

// To means the sockets in any of the rooms; see [BroadcastOperator.To].
func (n *Namespace) To(rooms ...string) BroadcastOperator { return n.all().To(rooms...) }

// In is To.
func (n *Namespace) In(rooms ...string) BroadcastOperator { return n.To(rooms...) }

// Except leaves out the sockets in any of the rooms.
func (n *Namespace) Except(rooms ...string) BroadcastOperator { return n.all().Except(rooms...) }

// Volatile drops the event for sockets that cannot take it at once.
func (n *Namespace) Volatile() BroadcastOperator { return n.all().Volatile() }

// Compress says whether the event may be compressed; see
// [BroadcastOperator.Compress].
func (n *Namespace) Compress(allowed bool) BroadcastOperator { return n.all().Compress(allowed) }

// Local keeps the operation on this server.
func (n *Namespace) Local() BroadcastOperator { return n.all().Local() }

// SocketsJoin puts every socket into the rooms, on all servers.
func (n *Namespace) SocketsJoin(rooms ...string) error { return n.all().SocketsJoin(rooms...) }

// SocketsLeave takes every socket out of the rooms, on all servers.
func (n *Namespace) SocketsLeave(rooms ...string) error { return n.all().SocketsLeave(rooms...) }

// DisconnectSockets disconnects every socket, on all servers; see
// [Socket.Disconnect].
func (n *Namespace) DisconnectSockets(closeConn bool) error {
	return n.all().DisconnectSockets(closeConn)
}
