package main

import (
	"context"
	"errors"
	"time"

	"parley/socketio"
)

// registerClient adds what the JavaScript client's own tests ask for.
func (s *server) registerClient() {
	io := s.io
	io.Use(refuse("Auth failed (main namespace)", func(s *socketio.Socket) bool {
		return s.Handshake().Query.Get("fail") != ""
	}))
	io.Of("/no").Use(refuse("Auth failed (custom namespace)", func(*socketio.Socket) bool { return true }))
	io.Of("/timeout_socket")
	io.Of("/valid")
	io.Of("/asd")
	io.Of("/abc").OnConnect(func(_ context.Context, s *socketio.Socket) error {
		return s.Emit("handshake", handshakeOf(s))
	})
	io.Of("/foo").HandleFunc("getId", ackID)
	io.HandleFunc("getId", ackID)
	io.HandleFunc("getHandshake", func(_ context.Context, e *socketio.Event) error {
		return e.Ack(handshakeOf(e.Socket))
	})
	registerAnswers(io)
	io.HandleFunc("ack", func(_ context.Context, e *socketio.Event) error {
		s.asking.Go(func() { ask(e.Socket) })
		return nil
	})
	registerBinary(io)
}

func refuse(message string, when func(*socketio.Socket) bool) func(socketio.ConnectFunc) socketio.ConnectFunc {
	return func(next socketio.ConnectFunc) socketio.ConnectFunc {
		return func(ctx context.Context, s *socketio.Socket) error {
			if when(s) {
				return &socketio.ConnectError{Message: message}
			}
			return next(ctx, s)
		}
	}
}

func ackID(_ context.Context, e *socketio.Event) error { return e.Ack(e.Socket.ID()) }

// handshakeOf is the handshake as the reference server shows it.
func handshakeOf(s *socketio.Socket) map[string]any {
	h := s.Handshake()
	query := map[string]string{}
	for key := range h.Query {
		query[key] = h.Query.Get(key)
	}
	return map[string]any{
		"headers": h.Headers, "time": h.Time, "address": h.Address, "secure": h.Secure,
		"issued": h.Time.UnixMilli(), "url": h.URL, "query": query, "auth": h.Auth,
	}
}

// registerAnswers adds events that are answered with fixed values.
func registerAnswers(io *socketio.Server) {
	answer(io, "hi", "hi")
	answer(io, "false", "false", false)
	answer(io, "doge", "doge", []byte("asdfasdf"))
	answer(io, "getbin", "takebin", []byte("asdfasdf"))
	io.HandleFunc("getDate", func(_ context.Context, e *socketio.Event) error {
		return e.Socket.Emit("takeDate", time.Now())
	})
	io.HandleFunc("getDateObj", func(_ context.Context, e *socketio.Event) error {
		return e.Socket.Emit("takeDateObj", map[string]any{"date": time.Now()})
	})
	io.HandleFunc("getAckDate", func(_ context.Context, e *socketio.Event) error { return e.Ack(time.Now()) })
	io.HandleFunc("getUtf8", func(_ context.Context, e *socketio.Event) error {
		for _, text := range []string{"てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "utf8 — string"} {
			if err := e.Socket.Emit("takeUtf8", text); err != nil {
				return err
			}
		}
		return nil
	})
}

// ask emits an event and tells whether the answer is the expected one. It does
// not hold up what the client sends meanwhile.
func ask(s *socketio.Socket) {
	reply, err := s.EmitWithAck(s.Context(), "ack")
	if err != nil {
		return // the client has gone
	}
	var number int
	var object struct{ Test bool }
	if reply.Scan(&number, &object) == nil && number == 5 && object.Test {
		_ = s.Emit("got it") // fails if the client has gone
	}
}

// answer emits reply whenever event comes.
func answer(io *socketio.Server, event, reply string, args ...any) {
	io.HandleFunc(event, func(_ context.Context, e *socketio.Event) error { return e.Socket.Emit(reply, args...) })
}

// registerBinary adds events that are answered if their arguments are binary
// and came in order.
func registerBinary(io *socketio.Server) {
	for event, reply := range map[string]string{"buffa": "buffack", "jsonbuff": "jsonbuff-ack", "blob": "back", "jsonblob": "jsonblob-ack"} {
		io.HandleFunc(event, func(_ context.Context, e *socketio.Event) error {
			if len(e.Args.Attachments) != 1 {
				return errors.New("not binary")
			}
			return e.Socket.Emit(reply)
		})
	}
	for event, step := range map[string]struct {
		after, reply string
		binary       bool
	}{
		"abuff1": {"", "", true}, "abuff2": {"abuff1", "abuff2-ack", false},
		"blob1": {"", "", true}, "blob2": {"blob1", "", false}, "blob3": {"blob2", "blob3-ack", true},
	} {
		io.HandleFunc(event, func(_ context.Context, e *socketio.Event) error {
			if previous, _ := e.Socket.Data().(string); previous != step.after || step.binary != (len(e.Args.Attachments) == 1) {
				return errors.New("out of order")
			}
			e.Socket.SetData(event)
			if step.reply == "" {
				return nil
			}
			return e.Socket.Emit(step.reply)
		})
	}
}
