package redisadapter_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"parley/conformance/redistest"
	"parley/socketio"
	"parley/socketio/redisadapter"
	"parley/socketio/socketiotest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// eventually waits until something is so that nobody tells of.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// node is one of several servers on one Redis.
type node struct {
	io     *socketio.Server
	bus    *redisadapter.Adapter
	server *socketiotest.Server
}

// start starts servers, which prepare may change, and waits until they hear each
// other in the default namespace.
func start(t *testing.T, db *redistest.Server, count int, opts redisadapter.Options, prepare func(io *socketio.Server)) []*node {
	t.Helper()
	logger := slog.New(slog.NewTextHandler(t.Output(), nil))
	opts.Logger = logger
	nodes := make([]*node, count)
	for i := range nodes {
		client := redis.NewClient(&redis.Options{Addr: db.Addr})
		bus := redisadapter.New(client, &opts)
		io := socketio.New(&socketio.Options{Adapter: bus, Logger: logger})
		if prepare != nil {
			prepare(io)
		}
		nodes[i] = &node{io: io, bus: bus, server: socketiotest.NewServer(io)}
		t.Cleanup(func() {
			nodes[i].server.Close()
			must(t, bus.Close())
			must(t, client.Close())
		})
	}
	meet(t, nodes, "/")
	return nodes
}

// meet waits until servers hear each other in a namespace.
func meet(t *testing.T, nodes []*node, namespace string) {
	t.Helper()
	for _, n := range nodes {
		eventually(t, "the servers meet in "+namespace, func() bool {
			peers, err := n.bus.Peers(t.Context(), namespace)
			must(t, err)
			return len(peers) == len(nodes)-1
		})
	}
}

func (n *node) dial(t *testing.T, namespace string, rooms ...string) *socketiotest.Client {
	t.Helper()
	client, err := n.server.Dial(testContext(t), &socketiotest.Options{Namespace: namespace})
	must(t, err)
	t.Cleanup(client.Close)
	must(t, n.io.Of(namespace).Socket(client.ID()).Join(rooms...))
	return client
}

// answer has clients acknowledge every event with a word, until they are closed.
func answer(t *testing.T, clients map[string]*socketiotest.Client) {
	for word, client := range clients {
		go func() {
			for {
				e, err := client.Next(t.Context())
				if err != nil || e.Ack(word, "more") != nil {
					return
				}
			}
		}()
	}
}

// words returns the first argument of each answer, in order.
func words(t *testing.T, answers []socketio.Answer) []string {
	t.Helper()
	var list []string
	for _, a := range answers {
		var word string
		must(t, a.Args.Scan(&word))
		list = append(list, word)
	}
	slices.Sort(list)
	return list
}
