package redisadapter_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"parley/conformance/redistest"
	"parley/socketio"
	"parley/socketio/redisadapter"
	"parley/socketio/socketiotest"
)

func TestEvents_ReachTheSocketsOfOtherServers(t *testing.T) {
	nodes := start(t, redistest.Start(t), 2, redisadapter.Options{}, nil)
	here, there := nodes[0].io, nodes[1]
	tea, milk, both := there.dial(t, "/", "tea"), there.dial(t, "/", "milk"), there.dial(t, "/", "tea", "milk")
	must(t, here.To("tea").Emit("one room", "<ü>", 1.5, nil))
	must(t, here.To("tea", "milk").Volatile().Emit("two rooms"))
	must(t, here.Except("milk").Emit("not milk"))
	must(t, here.To(milk.ID()).Compress(false).Emit("one socket", map[string]any{"data": []byte("\x00\xff")}))
	must(t, here.To("nowhere").Emit("nobody"))
	must(t, here.To().Emit("no room at all"))
	must(t, here.Local().Emit("local"))
	must(t, here.Emit("end"))
	for name, want := range map[string]struct {
		client *socketiotest.Client
		events []string
	}{
		"tea":  {tea, []string{"one room", "two rooms", "not milk", "end"}},
		"milk": {milk, []string{"two rooms", "one socket", "end"}},
		"both": {both, []string{"one room", "two rooms", "end"}},
	} {
		for _, event := range want.events {
			e, err := want.client.Next(testContext(t))
			must(t, err)
			if e.Name != event {
				t.Fatalf("%s got %s, want %s", name, e.Name, event)
			}
			if event == "one room" && string(e.Args.Raw[0]) != `"<ü>"` {
				t.Errorf("%s got %s", name, e.Args.Raw)
			}
			if event == "one socket" && (len(e.Args.Attachments) != 1 || string(e.Args.Attachments[0]) != "\x00\xff") {
				t.Errorf("%s got %s with %q", name, e.Args.Raw, e.Args.Attachments)
			}
		}
	}
}

func TestEvents_KeepTheirOrder(t *testing.T) {
	nodes := start(t, redistest.Start(t), 2, redisadapter.Options{}, nil)
	client := nodes[1].dial(t, "/", "room")
	const many = 2000
	for i := range many {
		to := nodes[0].io.To("room")
		if i%2 == 0 {
			to = nodes[0].io.Except()
		}
		must(t, to.Emit("n", i))
	}
	for i := range many {
		var n int
		must(t, client.Expect(testContext(t), "n", &n))
		if n != i {
			t.Fatalf("got %d, want %d", n, i)
		}
	}
}

func TestRequests_GatherTheAnswersOfAllServers(t *testing.T) {
	for _, specific := range []bool{false, true} {
		nodes := start(t, redistest.Start(t), 3, redisadapter.Options{SpecificResponses: specific}, func(io *socketio.Server) {
			io.HandleServer("add", func(_ context.Context, e *socketio.ServerEvent) error {
				var a, b int
				if err := e.Args.Scan(&a, &b); err != nil {
					return err
				}
				return e.Ack(a + b)
			})
		})
		clients := map[string]*socketiotest.Client{"a": nodes[0].dial(t, "/"), "b": nodes[1].dial(t, "/", "tea"), "c": nodes[1].dial(t, "/"), "d": nodes[2].dial(t, "/", "tea")}
		answer(t, clients)

		answers, err := nodes[0].io.EmitWithAck(testContext(t), "ask", []byte("binary"))
		must(t, err)
		if diff := cmp.Diff([]string{"a", "b", "c", "d"}, words(t, answers)); diff != "" {
			t.Error(diff)
		}
		answers, err = nodes[0].io.To("tea").EmitWithAck(testContext(t), "ask")
		must(t, err)
		if diff := cmp.Diff([]string{"b", "d"}, words(t, answers)); diff != "" {
			t.Error(diff)
		}
		for _, a := range answers {
			if a.From != clients["b"].ID() && a.From != clients["d"].ID() {
				t.Errorf("from %s", a.From)
			}
		}
		answers, err = nodes[0].io.To().EmitWithAck(testContext(t), "ask")
		if must(t, err); len(answers) != 0 {
			t.Errorf("%d answers of nobody", len(answers))
		}

		sockets, err := nodes[2].io.FetchSockets(testContext(t))
		must(t, err)
		var found []string
		for _, s := range sockets {
			found = append(found, s.ID)
		}
		for name, client := range clients {
			if !slices.Contains(found, client.ID()) {
				t.Errorf("%s is not among %v", name, found)
			}
		}

		answers, err = nodes[0].io.ServerSideEmitWithAck(testContext(t), "add", 40, 2)
		if must(t, err); len(answers) != 2 || string(answers[0].Args.Raw[0]) != "42" {
			t.Errorf("servers answered %v", answers)
		}
	}
}

func TestRequests_TellWhatIsMissing(t *testing.T) {
	nodes := start(t, redistest.Start(t), 2, redisadapter.Options{}, nil)
	answer(t, map[string]*socketiotest.Client{"a": nodes[0].dial(t, "/"), "b": nodes[1].dial(t, "/")})
	nodes[1].dial(t, "/") // does not answer
	missing := func(what string, err error) {
		t.Helper()
		incomplete, ok := errors.AsType[*socketio.IncompleteError](err)
		if !ok || incomplete.Missing != 1 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", what, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	answers, err := nodes[0].io.EmitWithAck(ctx, "ask")
	missing("a silent client", err)
	if diff := cmp.Diff([]string{"a", "b"}, words(t, answers)); diff != "" {
		t.Error(diff)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = nodes[0].io.ServerSideEmitWithAck(ctx, "nobody handles this")
	missing("a server without a handler", err)
}

// Versions of the Node adapter before 8 ask for the ids of sockets.
func TestRequests_OfOlderServersAreAnswered(t *testing.T) {
	db := redistest.Start(t)
	nodes := start(t, db, 1, redisadapter.Options{}, nil)
	tea, milk := nodes[0].dial(t, "/", "tea"), nodes[0].dial(t, "/", "milk")
	client := redis.NewClient(&redis.Options{Addr: db.Addr})
	defer client.Close()
	sub := client.Subscribe(t.Context(), "socket.io-response#/#")
	defer sub.Close()
	_, err := sub.Receive(testContext(t))
	must(t, err)
	for request, want := range map[string]string{
		`{"uid":"old","requestId":"r","type":0,"rooms":["tea"]}`:  `{"requestId":"r","sockets":["` + tea.ID() + `"]}`,
		`{"uid":"old","requestId":"r","type":0,"rooms":["none"]}`: `{"requestId":"r","sockets":[]}`,
	} {
		must(t, client.Publish(t.Context(), "socket.io-request#/#", `not a request`).Err())
		must(t, client.Publish(t.Context(), "socket.io-request#/#", `{"uid":"old","type":4,"close":true}`).Err())
		must(t, client.Publish(t.Context(), "socket.io-request#/#", request).Err())
		message, err := sub.ReceiveMessage(testContext(t))
		must(t, err)
		if message.Payload != want {
			t.Errorf("answered %s, want %s", message.Payload, want)
		}
	}
	must(t, nodes[0].io.Emit("end"))
	must(t, tea.Expect(testContext(t), "end"))
	must(t, milk.Expect(testContext(t), "end"))
}

func TestFetchSockets_DescribesASocketOfAnotherServer(t *testing.T) {
	nodes := start(t, redistest.Start(t), 2, redisadapter.Options{}, nil)
	client := nodes[1].dial(t, "/", "tea")
	socket := nodes[1].io.Socket(client.ID())
	socket.SetData(map[string]int{"age": 7})
	sockets, err := nodes[0].io.FetchSockets(testContext(t))
	must(t, err)
	if len(sockets) != 1 {
		t.Fatalf("found %v", sockets)
	}
	got, want := sockets[0], socket.Describe()
	if got.ID != want.ID || got.Server != nodes[1].io.ID() || got.Client != want.Client || got.Transport != "websocket" || string(got.Data) != `{"age":7}` {
		t.Errorf("got %+v", got)
	}
	want.Handshake.Auth = []byte("{}") // as Node has it
	if diff := cmp.Diff(want.Handshake, got.Handshake); diff != "" {
		t.Error(diff)
	}
	must(t, got.Join("milk"))
	eventually(t, "the socket joins", func() bool { return slices.Contains(socket.Rooms(), "milk") })
	must(t, got.Leave("tea"))
	eventually(t, "the socket leaves", func() bool { return !slices.Contains(socket.Rooms(), "tea") })
	must(t, nodes[0].io.In("milk").DisconnectSockets(true))
	if _, err := client.Next(testContext(t)); err == nil {
		t.Error("the client is still there")
	}
}

func TestPeers_AreThoseThatHaveTheNamespaceNow(t *testing.T) {
	nodes := start(t, redistest.Start(t), 3, redisadapter.Options{}, func(io *socketio.Server) {
		io.OfMatching(func(name string) bool { return strings.HasPrefix(name, "/tenant-") })
	})
	peers := func(namespace string) int {
		names, err := nodes[0].bus.Peers(testContext(t), namespace)
		must(t, err)
		return len(names)
	}
	// A name with what has a meaning in patterns.
	const tenant = "/tenant-[a-z]*?\\"
	first, err := nodes[0].server.Dial(testContext(t), &socketiotest.Options{Namespace: tenant})
	must(t, err)
	defer first.Close()
	second, err := nodes[1].server.Dial(testContext(t), &socketiotest.Options{Namespace: tenant})
	must(t, err)
	eventually(t, "the second server has the namespace", func() bool { return peers(tenant) == 1 })
	for n := range nodes[0].io.Namespaces() {
		if n.Name() == tenant {
			must(t, n.Emit("hello"))
		}
	}
	must(t, first.Expect(testContext(t), "hello"))
	must(t, second.Expect(testContext(t), "hello"))
	second.Close()
	eventually(t, "the second server has no such namespace", func() bool { return peers(tenant) == 0 })

	must(t, nodes[2].bus.Close())
	eventually(t, "the third server has gone", func() bool { return peers("/") == 1 })
	if err := nodes[2].io.Emit("late"); !errors.Is(err, redisadapter.ErrClosed) {
		t.Errorf("emit through a closed adapter: %v", err)
	}
}

func TestConnection_ComesBack(t *testing.T) {
	db := redistest.Start(t)
	nodes := start(t, db, 2, redisadapter.Options{}, nil)
	client := nodes[1].dial(t, "/", "room")
	must(t, nodes[0].io.To("room").Emit("before"))
	must(t, client.Expect(testContext(t), "before"))
	db.DropClients()
	meet(t, nodes, "/")
	must(t, nodes[0].io.To("room").Emit("after"))
	must(t, client.Expect(testContext(t), "after"))
}

func TestPublish_IsRefusedWhenTooMuchWaits(t *testing.T) {
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1, DialerRetries: 1, DialTimeout: time.Second})
	defer client.Close()
	bus := redisadapter.New(client, &redisadapter.Options{MaxQueueBytes: 1000, Logger: slog.New(slog.DiscardHandler)})
	m := &socketio.Message{Operation: socketio.OpEmit, Namespace: "/", Payload: []byte(`["` + strings.Repeat("x", 600) + `"]`)}
	must(t, bus.Publish(m))
	if err := bus.Publish(m); !errors.Is(err, redisadapter.ErrQueueFull) { // nothing is sent before Receive
		t.Errorf("the second: %v", err)
	}
	if err := bus.Publish(&socketio.Message{Operation: socketio.OpHello}); err == nil {
		t.Error("an operation that Node does not have is published")
	}
	bus.Receive(func(*socketio.Message) {})
	bus.NamespaceOpened("/")
	eventually(t, "the queue is empty again", func() bool { return bus.Publish(m) == nil })
	must(t, bus.Close())
	must(t, bus.Close())
}
