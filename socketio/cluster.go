package socketio

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// cluster is what a server knows of the others behind its Adapter. Each tells
// from time to time that it is alive, so that a request knows from whom it has
// to expect an answer; if the Adapter is a Roster, that knows.
type cluster struct {
	server  *Server
	adapter Adapter
	roster  Roster           // the adapter, or nil
	watcher NamespaceWatcher // the adapter, or nil
	id      string
	events  serverEvents

	mu       sync.Mutex // guards the fields below
	peers    map[string]*peer
	requests map[uint64]*gathering
	last     uint64      // request
	timer    *time.Timer // nil with a roster
	closed   bool
}

// peer is another server.
type peer struct {
	heard time.Time // of it, last
	left  bool      // it said goodbye; what it said before may still arrive
}

// silent is the number of heartbeats that a server may miss.
const silent = 3

func newCluster(s *Server, adapter Adapter) *cluster {
	c := &cluster{server: s, adapter: adapter, id: s.id, peers: map[string]*peer{}, requests: map[uint64]*gathering{}}
	c.roster, _ = adapter.(Roster)
	c.watcher, _ = adapter.(NamespaceWatcher)
	c.events.cluster = c
	return c
}

// start makes the server one that others hear of.
func (c *cluster) start() {
	c.adapter.Receive(c.server.receive)
	if c.roster != nil {
		return
	}
	c.tell(&Message{Operation: OpHello})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timer = time.AfterFunc(c.server.opts.PeerHeartbeat, c.beat)
}

// beat tells that this server is alive and forgets those that are not.
func (c *cluster) beat() {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	c.timer.Reset(c.server.opts.PeerHeartbeat)
	var gone []string
	for id, p := range c.peers {
		if time.Since(p.heard) > silent*c.server.opts.PeerHeartbeat {
			delete(c.peers, id)
			gone = append(gone, id)
		}
	}
	c.mu.Unlock()
	for _, id := range gone {
		c.lose(id)
	}
	c.tell(&Message{Operation: OpAlive})
}

// stop tells the others that this server goes and ends what it waits for.
func (c *cluster) stop() {
	c.mu.Lock()
	again := c.closed
	c.closed = true
	if c.timer != nil {
		c.timer.Stop()
	}
	c.mu.Unlock()
	if again {
		return
	}
	c.events.stop()
	if c.roster == nil {
		c.tell(&Message{Operation: OpBye})
	}
}

// opened tells of a new namespace. c may be nil.
func (c *cluster) opened(namespace string) {
	if c != nil && c.watcher != nil {
		c.watcher.NamespaceOpened(namespace)
	}
}

// vanished tells of a namespace that has gone. c may be nil.
func (c *cluster) vanished(namespace string) {
	if c != nil && c.watcher != nil {
		c.watcher.NamespaceClosed(namespace)
	}
}

// publish hands a message to the adapter.
func (c *cluster) publish(m *Message) error {
	m.From = c.id
	return c.adapter.Publish(m)
}

// tell is publish for what nobody waits for.
func (c *cluster) tell(m *Message) {
	if err := c.publish(m); err != nil {
		c.server.opts.Logger.Warn("publish to other servers failed", "operation", string(m.Operation), "error", err)
	}
}

// reply answers a request.
func (c *cluster) reply(to, answer *Message) {
	answer.Operation, answer.To, answer.Request = OpAnswer, to.From, to.Request
	c.tell(answer)
}

// hears notes that the sender of a message is alive and reports whether there
// is something to do about the message.
func (c *cluster) hears(m *Message) bool {
	if m.From == c.id || m.To != "" && m.To != c.id {
		return false
	}
	if m.From != "" && c.roster == nil {
		c.note(m.From, m.Operation == OpBye)
	}
	switch m.Operation {
	case OpHello:
		c.tell(&Message{Operation: OpAlive, To: m.From})
		return false
	case OpAlive:
		return false
	case OpBye:
		c.lose(m.From)
		return false
	default:
		return true
	}
}

func (c *cluster) note(id string, left bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.peers[id]
	if p == nil {
		p = &peer{}
		c.peers[id] = p
	}
	p.left = p.left || left
	if !p.left || left {
		p.heard = time.Now()
	}
}

// lose gives up the answers of a server that has gone, and of its sockets,
// which have gone with it.
func (c *cluster) lose(id string) {
	c.mu.Lock()
	waiting := make([]*gathering, 0, len(c.requests))
	for _, g := range c.requests {
		waiting = append(waiting, g)
	}
	c.mu.Unlock()
	for _, g := range waiting {
		g.peerGone(id)
	}
}

// ask publishes a request, of which the answers are gathered until forget.
func (c *cluster) ask(ctx context.Context, g *gathering, m *Message) (forget func(), err error) {
	if deadline, ok := ctx.Deadline(); ok {
		m.Timeout = max(1, time.Until(deadline).Milliseconds())
	}
	var listed []string
	if c.roster != nil {
		if listed, err = c.roster.Peers(ctx, m.Namespace); err != nil {
			return func() {}, fmt.Errorf("socketio: find the other servers: %w", err)
		}
	}
	id := c.expect(g, m, listed)
	m.Request = id
	if err = c.publish(m); err != nil {
		g.giveUp(id, err)
	}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.requests, id)
	}, err
}

// expect makes a request, which is answered by the servers that are known and
// those that are listed.
func (c *cluster) expect(g *gathering, m *Message, listed []string) (request uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	single := m.Operation != OpAsk
	for _, peer := range listed {
		g.expectPeer(share{peer, c.last}, single)
	}
	for peer, p := range c.peers {
		if !p.left {
			g.expectPeer(share{peer, c.last}, single)
		}
	}
	c.requests[c.last] = g
	return c.last
}

// answer hands an answer to who waits for it, if anybody does.
func (c *cluster) answer(m *Message) {
	c.mu.Lock()
	g := c.requests[m.Request]
	c.mu.Unlock()
	if g != nil {
		g.take(m)
	}
}
