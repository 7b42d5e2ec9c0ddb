package socketio_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

// rosterAdapter is one that knows which servers there are, and hears of the
// namespaces of its own.
type rosterAdapter struct {
	*busAdapter
	peers func() ([]string, error)

	mu         sync.Mutex // guards the fields below
	operations []socketio.Operation
	namespaces map[string]int
}

func (a *rosterAdapter) Publish(m *socketio.Message) error {
	a.mu.Lock()
	a.operations = append(a.operations, m.Operation)
	a.mu.Unlock()
	return a.busAdapter.Publish(m)
}

func (a *rosterAdapter) Peers(context.Context, string) ([]string, error) { return a.peers() }

func (a *rosterAdapter) NamespaceOpened(name string) { a.change(name, 1) }
func (a *rosterAdapter) NamespaceClosed(name string) { a.change(name, -1) }

func (a *rosterAdapter) change(name string, by int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.namespaces[name] += by
}

// open lists the namespaces that the server has.
func (a *rosterAdapter) open() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var names []string
	for name, count := range a.namespaces {
		if count > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestRoster_SaysWhoIsToAnswer(t *testing.T) {
	b := &bus{}
	var nodes [2]*socketio.Server
	var adapters [2]*rosterAdapter
	for i := range nodes {
		adapters[i] = &rosterAdapter{busAdapter: b.adapter(), namespaces: map[string]int{}}
		opts := quiet(t)
		opts.Adapter = adapters[i]
		nodes[i] = socketio.New(opts)
		start(t, nodes[i])
	}
	adapters[0].peers = func() ([]string, error) { return []string{nodes[1].ID()}, nil }
	nodes[1].HandleServer("ask", func(_ context.Context, e *socketio.ServerEvent) error { return e.Ack("yes") })

	answers, err := nodes[0].ServerSideEmitWithAck(testContext(t), "ask")
	if must(t, err); len(answers) != 1 {
		t.Errorf("got %v", answers)
	}
	adapters[0].peers = func() ([]string, error) { return nil, nil }
	answers, err = nodes[0].ServerSideEmitWithAck(testContext(t), "ask")
	if must(t, err); len(answers) != 0 {
		t.Errorf("nobody is there, and answers %v", answers)
	}
	lost := errors.New("lost")
	adapters[0].peers = func() ([]string, error) { return nil, lost }
	if _, err := nodes[0].FetchSockets(testContext(t)); !errors.Is(err, lost) {
		t.Errorf("got %v", err)
	}
	must(t, nodes[0].Shutdown(testContext(t)))
	for _, op := range adapters[0].operations {
		if op == socketio.OpHello || op == socketio.OpAlive || op == socketio.OpBye {
			t.Errorf("published %s", op)
		}
	}
}

func TestNamespaceWatcher_HearsOfNamespacesThatComeAndGo(t *testing.T) {
	a := &rosterAdapter{busAdapter: (&bus{}).adapter(), namespaces: map[string]int{}}
	opts := quiet(t)
	opts.Adapter = a
	io := socketio.New(opts)
	io.Of("/static")
	io.Of("static")
	io.OfMatching(func(name string) bool { return strings.HasPrefix(name, "/t") })
	server := start(t, io)
	if got := a.open(); got != "/ /static" {
		t.Errorf("at first %s", got)
	}
	first := dial(t, server, &socketiotest.Options{Namespace: "/t1"})
	second := dial(t, server, &socketiotest.Options{Namespace: "/t1"})
	if got := a.open(); got != "/ /static /t1" {
		t.Errorf("then %s", got)
	}
	first.Close()
	second.Close()
	eventually(t, "the namespace goes", func() bool { return a.open() == "/ /static" })
}

func TestEachNamespace_ReachesThoseThatAreThereAndThoseThatCome(t *testing.T) {
	io := socketio.New(quiet(t))
	io.Of("/before")
	io.OfMatching(func(name string) bool { return strings.HasPrefix(name, "/t") })
	joined := make(chan string, 10)
	io.EachNamespace(func(n *socketio.Namespace) {
		n.OnConnect(func(_ context.Context, s *socketio.Socket) error {
			joined <- s.Namespace().Name()
			return nil
		})
	})
	io.Of("/after")
	io.OfMatching(func(name string) bool { return strings.HasPrefix(name, "/u") })
	server := start(t, io)
	for _, name := range []string{"/", "/before", "/t1", "/t2", "/after", "/u1"} {
		dial(t, server, &socketiotest.Options{Namespace: name})
		if told := got(t, joined); told != name {
			t.Errorf("told of %s, want %s", told, name)
		}
	}
}
