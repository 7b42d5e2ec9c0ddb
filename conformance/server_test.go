package conformance

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/socketio"
	"parley/socketio/engineio"
	"parley/socketio/socketiotest"
)

// start serves what the scripts in clients/ expect and returns its URL.
// Heartbeats are fast, so that the scripts live through some.
func start(t *testing.T, changes ...func(*socketio.Options)) string {
	opts := &socketio.Options{
		Engine: engineio.Options{PingInterval: 300 * time.Millisecond, PingTimeout: 2 * time.Second, AllowEIO3: true},
		Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	for _, change := range changes {
		change(opts)
	}
	io := socketio.New(opts)
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
		s.OnDisconnect(func(reason socketio.Reason) {
			if err := io.Emit("left", s.ID(), reason); err != nil {
				t.Error(err)
			}
		})
		return emitAuth(context.Background(), s)
	})
	registerEvents(io)
	registerRooms(io)
	admin := io.Of("/admin")
	admin.Use(requireToken)
	admin.OnConnect(emitAuth)
	tenants := io.OfMatching(func(name string) bool { return strings.HasPrefix(name, "/tenant-") })
	tenants.HandleFunc("where", func(_ context.Context, e *socketio.Event) error {
		return e.Ack(e.Socket.Namespace().Name())
	})
	server := socketiotest.NewServer(io)
	t.Cleanup(server.Close)
	return server.URL
}

// startEcho serves what clients/engineio.mjs expects and returns its URL.
func startEcho(t *testing.T) string {
	engine := engineio.New(&engineio.Options{
		PingInterval: 300 * time.Millisecond, PingTimeout: 2 * time.Second,
		Open: func(s *engineio.Session, _ *http.Request) engineio.Handler { return echo{s} },
	})
	server := httptest.NewServer(engine)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := engine.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	return server.URL
}

// echo sends every message back, but for the one that asks for an end.
type echo struct{ session *engineio.Session }

func (e echo) Message(data []byte, binary bool) {
	frame := engineio.NewText
	if binary {
		frame = engineio.NewBinary
	}
	if string(data) == "close me" {
		e.session.Close(engineio.ReasonForcedClose)
		return
	}
	_ = e.session.Send(0, frame(data)) // fails if the client has gone
}

func (e echo) Closed(engineio.Reason) {}

func emitAuth(_ context.Context, s *socketio.Socket) error {
	return s.Emit("auth", s.Handshake().Auth)
}

func requireToken(next socketio.ConnectFunc) socketio.ConnectFunc {
	return func(ctx context.Context, s *socketio.Socket) error {
		var auth struct{ Token string }
		if json.Unmarshal(s.Handshake().Auth, &auth) != nil || auth.Token != "sesame" {
			return &socketio.ConnectError{Message: "not authorized", Data: map[string]int{"code": 42}}
		}
		return next(ctx, s)
	}
}

func registerEvents(io *socketio.Server) {
	io.HandleFunc("echo", func(_ context.Context, e *socketio.Event) error { return e.Ack(e.Args.Values()...) })
	io.HandleFunc("say-back", func(_ context.Context, e *socketio.Event) error {
		return e.Socket.Emit("said", e.Args.Values()...)
	})
	io.HandleFunc("silence", func(context.Context, *socketio.Event) error { return nil })
	io.HandleFunc("ask-me", func(ctx context.Context, e *socketio.Event) error {
		answer, err := e.Socket.EmitWithAck(ctx, "question", e.Args.Values()...)
		if err != nil {
			return err
		}
		return e.Ack(answer.Values()...)
	})
	io.HandleFunc("kick-me", func(_ context.Context, e *socketio.Event) error {
		err := e.Socket.Emit("farewell")
		e.Socket.Disconnect(false)
		return err
	})
	io.HandleFunc("drop-me", func(_ context.Context, e *socketio.Event) error {
		e.Socket.Engine().Close(engineio.ReasonForcedClose)
		return nil
	})
	io.HandleFunc("id", func(_ context.Context, e *socketio.Event) error { return e.Ack(e.Socket.ID()) })
	io.HandleFunc("transport", func(_ context.Context, e *socketio.Event) error {
		return e.Ack(e.Socket.Engine().Transport())
	})
}

func registerRooms(io *socketio.Server) {
	io.Handle("join", socketio.Reply(func(_ context.Context, s *socketio.Socket, room string) (string, error) {
		return room, s.Join(room)
	}))
	io.Handle("leave", socketio.Reply(func(_ context.Context, s *socketio.Socket, room string) (string, error) {
		s.Leave(room)
		return room, nil
	}))
	io.Handle("to", socketio.Reply(func(_ context.Context, s *socketio.Socket, room string) (bool, error) {
		return true, s.To(room).Emit("to", room)
	}))
	io.Handle("in", socketio.Reply(func(_ context.Context, _ *socketio.Socket, room string) (bool, error) {
		return true, io.In(room).Emit("in", room)
	}))
	io.Handle("except", socketio.Reply(func(_ context.Context, _ *socketio.Socket, room string) (bool, error) {
		return true, io.Except(room).Emit("except", room)
	}))
	io.HandleFunc("broadcast", func(_ context.Context, e *socketio.Event) error {
		return e.Socket.Broadcast().Emit("broadcast", e.Args.Values()...)
	})
	io.HandleFunc("all", func(_ context.Context, e *socketio.Event) error {
		return io.Emit("all", e.Args.Values()...)
	})
}
