package socketio_test

import (
	"encoding/json"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

// bus connects servers in the process. Messages cross it as JSON.
type bus struct {
	delay time.Duration // the longest; messages overtake each other
	slow  sync.WaitGroup

	mu    sync.Mutex // guards the fields below
	peers []*busAdapter
	lose  func(m *socketio.Message) bool // default nothing
}

// losing makes the bus lose messages from now on.
func (b *bus) losing(lose func(m *socketio.Message) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lose = lose
}

func (b *bus) loses(m *socketio.Message) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lose != nil && b.lose(m)
}

type busAdapter struct {
	bus     *bus
	deliver func(*socketio.Message)
}

func (b *bus) adapter() *busAdapter {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := &busAdapter{bus: b}
	b.peers = append(b.peers, a)
	return a
}

func (a *busAdapter) Publish(m *socketio.Message) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	a.bus.mu.Lock()
	peers := a.bus.peers
	a.bus.mu.Unlock()
	for _, peer := range peers {
		if peer != a && peer.deliver != nil {
			a.bus.carry(peer, data)
		}
	}
	return nil
}

func (b *bus) carry(to *busAdapter, data []byte) {
	m := &socketio.Message{}
	if err := json.Unmarshal(data, m); err != nil {
		panic(err)
	}
	if b.loses(m) {
		return
	}
	if b.delay == 0 {
		to.deliver(m)
		return
	}
	b.slow.Go(func() {
		time.Sleep(rand.N(b.delay))
		to.deliver(m)
	})
}

func (a *busAdapter) Receive(deliver func(*socketio.Message)) { a.deliver = deliver }

// node is one of several servers, in memory, with clients.
type node struct {
	io      *socketio.Server
	server  *socketiotest.Server
	clients []*socketiotest.Client
}

// cluster starts servers on a bus, each with clients that acknowledge "ask"
// with the id of their socket.
func cluster(t *testing.T, b *bus, servers, clients int) []*node {
	t.Helper()
	nodes := make([]*node, servers)
	for i := range nodes {
		opts := quiet(t)
		opts.Adapter = b.adapter()
		io := socketio.New(opts)
		handleSettle(io.Namespace)
		nodes[i] = &node{io: io, server: socketiotest.NewMemoryServer(io)}
	}
	for _, n := range nodes {
		for range clients {
			client, err := n.server.Dial(t.Context(), nil)
			must(t, err)
			n.clients = append(n.clients, client)
		}
	}
	time.Sleep(b.delay) // until the servers know each other
	return nodes
}

// answering has clients acknowledge every event with the id of their socket,
// until they are closed.
func (n *node) answering(t *testing.T, clients ...*socketiotest.Client) {
	for _, client := range clients {
		go func() {
			for {
				e, err := client.Next(t.Context())
				if err != nil || e.Ack(client.ID()) != nil {
					return
				}
			}
		}()
	}
}

// stop closes the clients and the servers, and waits for what is on the bus.
func stop(b *bus, nodes []*node) {
	for _, n := range nodes {
		for _, client := range n.clients {
			client.Close()
		}
		n.server.Close()
	}
	b.slow.Wait()
}
