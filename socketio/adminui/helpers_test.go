package adminui_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/crypto/bcrypt"

	"parley/socketio"
	"parley/socketio/adminui"
	"parley/socketio/socketiotest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

// interval is short, so that reports come soon.
const interval = 20 * time.Millisecond

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

func logger(t *testing.T) *slog.Logger { return slog.New(slog.NewTextHandler(t.Output(), nil)) }

func hashOf(t *testing.T, password string) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	must(t, err)
	return string(hash)
}

// serve starts a server with the namespace; prepare may add to it before.
func serve(t *testing.T, opts adminui.Options, prepare func(io *socketio.Server)) *socketiotest.Server {
	t.Helper()
	return serveWith(t, &socketio.Options{}, opts, prepare)
}

func serveWith(t *testing.T, options *socketio.Options, opts adminui.Options, prepare func(io *socketio.Server)) *socketiotest.Server {
	t.Helper()
	options.Logger, opts.Logger = logger(t), logger(t)
	io := socketio.New(options)
	opts.Interval = interval
	must(t, adminui.Attach(io, &opts))
	if prepare != nil {
		prepare(io)
	}
	server := socketiotest.NewServer(io)
	t.Cleanup(server.Close)
	return server
}

func dial(t *testing.T, server *socketiotest.Server, opts *socketiotest.Options) *socketiotest.Client {
	t.Helper()
	client, err := server.Dial(testContext(t), opts)
	must(t, err)
	t.Cleanup(client.Close)
	return client
}

// watch connects a page.
func watch(t *testing.T, server *socketiotest.Server) *socketiotest.Client {
	t.Helper()
	return dial(t, server, &socketiotest.Options{Namespace: "/admin"})
}

// until waits for an event of which the arguments are as wanted, and skips all
// others.
func until(t *testing.T, page *socketiotest.Client, event string, wanted func(args []json.RawMessage) bool) []json.RawMessage {
	t.Helper()
	ctx := testContext(t)
	for {
		e, err := page.Next(ctx)
		if err != nil {
			t.Fatalf("wait for %s: %v", event, err)
		}
		if e.Name == event && (wanted == nil || wanted(e.Args.Raw)) {
			return e.Args.Raw
		}
	}
}

// about is for until: the first arguments are these strings.
func about(first ...string) func([]json.RawMessage) bool {
	return func(args []json.RawMessage) bool {
		for i, want := range first {
			var got string
			if i >= len(args) || json.Unmarshal(args[i], &got) != nil || got != want {
				return false
			}
		}
		return true
	}
}

// member returns a member of a JSON object.
func member[T any](t *testing.T, object json.RawMessage, name string) T {
	t.Helper()
	var members map[string]json.RawMessage
	must(t, json.Unmarshal(object, &members))
	var value T
	must(t, json.Unmarshal(members[name], &value))
	return value
}

// bus connects servers in the process and counts what they ask each other.
type bus struct {
	mu    sync.Mutex // guards the fields below
	peers []*busAdapter
	asked int
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

func (a *busAdapter) Receive(deliver func(*socketio.Message)) { a.deliver = deliver }

func (a *busAdapter) Publish(m *socketio.Message) error {
	a.bus.mu.Lock()
	peers := a.bus.peers
	if m.Operation == socketio.OpServerEmit {
		a.bus.asked++
	}
	a.bus.mu.Unlock()
	for _, peer := range peers {
		if peer != a && peer.deliver != nil {
			copied := *m
			peer.deliver(&copied)
		}
	}
	return nil
}

func (b *bus) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.asked
}
