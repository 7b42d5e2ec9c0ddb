package socketio_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

func TestConnect_OverBothTransports(t *testing.T) {
	io := socketio.New(quiet(t))
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
		var auth struct{ Token string }
		_ = socketio.Args{Raw: []json.RawMessage{s.Handshake().Auth}}.Scan(&auth)
		return s.Emit("hello", auth.Token)
	})
	server := start(t, io)
	for _, transport := range []string{socketiotest.WebSocket, socketiotest.Polling} {
		client := dial(t, server, &socketiotest.Options{Transport: transport, Auth: map[string]string{"token": transport}})
		if got := expect[string](t, client, "hello"); got != transport {
			t.Errorf("%s: got %q", transport, got)
		}
		if io.Socket(client.ID()) == nil || io.Socket(client.ID()).Engine().Transport() != transport {
			t.Errorf("%s: the server does not know its socket", transport)
		}
		if len(client.ID()) != 20 || client.ID() == client.Conn().Handshake.SID {
			t.Errorf("%s: id %q, session id %q", transport, client.ID(), client.Conn().Handshake.SID)
		}
	}
	if io.Len() != 2 {
		t.Errorf("%d sockets", io.Len())
	}
}

func TestConnect_UnknownNamespace(t *testing.T) {
	server := start(t, socketio.New(quiet(t)))
	client := dial(t, server, nil)
	_, err := client.Connect(testContext(t), "/random", nil)
	refusal, ok := errors.AsType[*socketiotest.ConnectError](err)
	if !ok || refusal.Message != "Invalid namespace" || refusal.Data != nil {
		t.Errorf("got %v", err)
	}
}

func TestConnect_MiddlewareRunsInOrderAndMayRefuse(t *testing.T) {
	io := socketio.New(quiet(t))
	order := make(chan string, 100)
	trace := func(name string) func(socketio.ConnectFunc) socketio.ConnectFunc {
		return func(next socketio.ConnectFunc) socketio.ConnectFunc {
			return func(ctx context.Context, s *socketio.Socket) error {
				order <- name
				return next(ctx, s)
			}
		}
	}
	io.Use(trace("first"))
	io.Use(trace("second"))
	io.Use(func(next socketio.ConnectFunc) socketio.ConnectFunc {
		return func(ctx context.Context, s *socketio.Socket) error {
			switch s.Handshake().Query.Get("as") {
			case "stranger":
				return &socketio.ConnectError{Message: "not you", Data: map[string]int{"code": 7}}
			case "cause":
				return errors.New("database password is hunter2")
			case "panic":
				panic("at the door")
			}
			return next(ctx, s)
		}
	})
	ended := make(chan socketio.Reason, 1)
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
		s.OnDisconnect(func(r socketio.Reason) { ended <- r })
		return nil
	})
	server := start(t, io)
	dialAs := func(who string) error {
		client, err := server.Dial(testContext(t), &socketiotest.Options{Query: map[string][]string{"as": {who}}})
		if err == nil {
			client.Close()
		}
		return err
	}
	refusal, ok := errors.AsType[*socketiotest.ConnectError](dialAs("stranger"))
	if !ok || refusal.Message != "not you" || string(refusal.Data) != `{"code":7}` {
		t.Errorf("refused with %v", refusal)
	}
	if first, second := <-order, <-order; first != "first" || second != "second" {
		t.Errorf("order %v, %v", first, second)
	}
	for _, who := range []string{"cause", "panic"} {
		refusal, ok := errors.AsType[*socketiotest.ConnectError](dialAs(who))
		if !ok || refusal.Message != "internal error" || refusal.Data != nil {
			t.Errorf("%s: refused with %v", who, refusal)
		}
	}
	if err := dialAs("friend"); err != nil {
		t.Error(err)
	}
	if r := got(t, ended); r != "transport close" {
		t.Errorf("reason %q", r)
	}
	if io.Len() != 0 {
		t.Errorf("%d sockets left", io.Len())
	}
}

func TestConnect_AnswerComesBeforeAnythingElse(t *testing.T) {
	io := socketio.New(quiet(t))
	io.Use(func(next socketio.ConnectFunc) socketio.ConnectFunc {
		return func(ctx context.Context, s *socketio.Socket) error {
			if err := s.Emit("early"); !errors.Is(err, socketio.ErrDisconnected) {
				t.Errorf("emit in middleware: %v", err)
			}
			return errors.Join(s.Join("room"), next(ctx, s))
		}
	})
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error { return s.Emit("from-handler") })
	server := start(t, io)
	for range 30 {
		conn, err := server.DialConn(testContext(t), nil)
		must(t, err)
		var flood sync.WaitGroup
		flood.Go(func() {
			for range 200 {
				if err := errors.Join(io.To("room").Emit("flood"), io.Emit("flood")); err != nil {
					t.Error(err)
				}
			}
		})
		must(t, conn.Send("0"))
		first, err := conn.Next(testContext(t))
		must(t, err)
		if !strings.HasPrefix(string(first.Data), `0{"sid":"`) {
			t.Errorf("first came %s", first.Data)
		}
		flood.Wait()
		conn.Close()
	}
}

func TestSocket_KeepsData(t *testing.T) {
	io := socketio.New(quiet(t))
	io.Use(func(next socketio.ConnectFunc) socketio.ConnectFunc {
		return func(ctx context.Context, s *socketio.Socket) error {
			s.SetData("ann")
			return next(ctx, s)
		}
	})
	dial(t, start(t, io), nil)
	for s := range io.Sockets() {
		if s.Data() != "ann" {
			t.Errorf("data %v", s.Data())
		}
	}
}

func TestConnect_HandlerErrorDisconnects(t *testing.T) {
	io := socketio.New(quiet(t))
	io.OnConnect(func(context.Context, *socketio.Socket) error { return errors.New("no room at the inn") })
	client := dial(t, start(t, io), nil)
	if _, err := client.Next(testContext(t)); !errors.Is(err, socketiotest.ErrDisconnected) {
		t.Errorf("got %v", err)
	}
}

func TestNamespace_MatchingOnesShareHandlersButNotRooms(t *testing.T) {
	io := socketio.New(quiet(t))
	tenants := io.OfMatching(func(name string) bool { return strings.HasPrefix(name, "/tenant-") })
	tenants.OnConnect(func(_ context.Context, s *socketio.Socket) error { return s.Join("room") })
	tenants.HandleFunc("where", func(_ context.Context, e *socketio.Event) error { return e.Ack(e.Socket.Namespace().Name()) })
	handleSettle(tenants)
	io.Of("/tenant-static").HandleFunc("where", func(_ context.Context, e *socketio.Event) error { return e.Ack("static") })
	server := start(t, io)

	one := dial(t, server, &socketiotest.Options{Namespace: "/tenant-1"})
	two, err := one.Connect(testContext(t), "/tenant-2", nil)
	must(t, err)
	static, err := one.Connect(testContext(t), "/tenant-static", nil)
	must(t, err)
	for client, want := range map[*socketiotest.Client]string{one: "/tenant-1", two: "/tenant-2", static: "static"} {
		args, err := client.Call(testContext(t), "where")
		var where string
		if must(t, errors.Join(err, args.Scan(&where))); where != want {
			t.Errorf("got %q, want %q", where, want)
		}
	}
	must(t, io.Of("/tenant-1").To("room").Emit("only-one"))
	must(t, tenants.To("room").Emit("both", 1))
	must(t, one.Expect(testContext(t), "only-one"))
	expect[int](t, one, "both")
	expect[int](t, two, "both")
	settled(t, two)
	if tenants.Len() != 2 {
		t.Errorf("%d sockets", tenants.Len())
	}
	must(t, two.Disconnect())
	settled(t, one)
	if tenants.Len() != 1 {
		t.Errorf("%d sockets after one has left", tenants.Len())
	}
}

func TestNamespace_RegistrationEndsWithTheFirstClient(t *testing.T) {
	io := socketio.New(quiet(t))
	dial(t, start(t, io), nil)
	for name, register := range map[string]func(){
		"Use":       func() { io.Use(func(next socketio.ConnectFunc) socketio.ConnectFunc { return next }) },
		"Handle":    func() { io.HandleFunc("x", nil) },
		"OnConnect": func() { io.OnConnect(nil) },
		"reserved":  func() { io.Of("/other").HandleFunc("disconnect", nil) },
		"twice": func() {
			io.Of("/other").HandleFunc("x", func(context.Context, *socketio.Event) error { return nil })
			io.Of("/other").HandleFunc("x", func(context.Context, *socketio.Event) error { return nil })
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			register()
		}()
	}
}

func TestHandshake_TellsHowTheClientCame(t *testing.T) {
	io := socketio.New(quiet(t))
	seen := make(chan *socketio.Handshake, 1)
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
		seen <- s.Handshake()
		return nil
	})
	dial(t, start(t, io), &socketiotest.Options{
		Query:  map[string][]string{"room": {"a b"}},
		Header: map[string][]string{"Cookie": {"a=1; b=2"}, "X-Two": {"1", "2"}, "Host": {"chat.example"}},
	})
	h := <-seen
	if h.Query.Get("room") != "a b" || h.Headers.Get("Cookie") != "a=1; b=2" || len(h.Headers.Values("X-Two")) != 2 ||
		h.Headers.Get("Host") != "chat.example" || h.Secure || h.Auth != nil || h.Time.IsZero() ||
		!strings.HasPrefix(h.Address, "127.0.0.1:") || !strings.HasPrefix(h.URL, "/socket.io/?") {
		t.Errorf("got %+v", h)
	}
}
