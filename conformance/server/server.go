package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"parley/socketio"
	"parley/socketio/engineio"
)

// echoPath is where messages of Engine.IO are sent back.
const echoPath = "/engine.io/"

// server serves Socket.IO and an Engine.IO echo.
type server struct {
	http.ServeMux
	io   *socketio.Server
	echo *engineio.Server

	asking sync.WaitGroup // until clients have answered or gone
}

func newServer(o *options) *server {
	s := &server{}
	engine := o.engine()
	if o.path != echoPath {
		opts := &socketio.Options{Engine: engine, Path: o.path, ConnectTimeout: time.Duration(o.connectTimeout) * time.Millisecond}
		if o.recovery {
			opts.Recovery = &socketio.Recovery{}
		}
		s.io = socketio.New(opts)
		if !o.silent {
			s.io.OnConnect(emitAuth)
		}
		registerSuite(s.io)
		s.registerClient()
		registerLoad(s.io)
		s.Handle(o.path, s.io)
	}
	engine.Open = func(session *engineio.Session, _ *http.Request) engineio.Handler { return echo{session} }
	s.echo = engineio.New(&engine)
	s.Handle(echoPath, s.echo)
	return s
}

// engine returns the transport settings.
func (o *options) engine() engineio.Options {
	return engineio.Options{
		PingInterval:   time.Duration(o.pingInterval) * time.Millisecond,
		PingTimeout:    time.Duration(o.pingTimeout) * time.Millisecond,
		UpgradeTimeout: time.Duration(o.upgradeTimeout) * time.Millisecond,
		MaxPayload:     o.maxPayload,
		Authorize:      o.authorize,
		AllowEIO3:      o.eio3,
	}
}

// authorize refuses requests of web pages from elsewhere, and those that name
// more than one origin.
func (o *options) authorize(r *http.Request, session *engineio.Session) error {
	switch {
	case session == nil:
		time.Sleep(time.Duration(o.authorizeDelay) * time.Millisecond)
	case r.Header.Get("Upgrade") != "":
		time.Sleep(time.Duration(o.upgradeDelay) * time.Millisecond)
	}
	origins := r.Header.Values("Origin")
	if o.origin == "" || len(origins) == 0 || len(origins) == 1 && origins[0] == o.origin {
		return nil
	}
	return errors.New("origin not allowed")
}

// Shutdown closes every connection.
func (s *server) Shutdown(ctx context.Context) error {
	var err error
	if s.io != nil {
		err = s.io.Shutdown(ctx)
	}
	s.asking.Wait()
	return errors.Join(err, s.echo.Shutdown(ctx))
}

// echo sends every message back.
type echo struct{ session *engineio.Session }

// Message is called by the engine.
func (e echo) Message(data []byte, binary bool) {
	frame := engineio.NewText
	if binary {
		frame = engineio.NewBinary
	}
	_ = e.session.Send(0, frame(bytes.Clone(data))) // fails if the client has gone
}

// Closed is called by the engine.
func (e echo) Closed(engineio.Reason) {}

// registerSuite adds what the Socket.IO protocol's suite asks for.
func registerSuite(io *socketio.Server) {
	io.Of("/custom").OnConnect(emitAuth)
	io.HandleFunc("message", func(_ context.Context, e *socketio.Event) error {
		return e.Socket.Emit("message-back", e.Args.Values()...)
	})
	io.HandleFunc("message-with-ack", func(_ context.Context, e *socketio.Event) error {
		return e.Ack(e.Args.Values()...)
	})
}

// emitAuth sends the auth value of the handshake back.
func emitAuth(_ context.Context, s *socketio.Socket) error {
	auth := s.Handshake().Auth
	if auth == nil {
		auth = json.RawMessage("{}")
	}
	return s.Emit("auth", auth)
}

// registerLoad adds what load generators ask for.
func registerLoad(io *socketio.Server) {
	io.HandleFunc("chat", func(_ context.Context, e *socketio.Event) error {
		return io.Emit("chat", e.Args.Values()...)
	})
	io.HandleFunc("join", func(_ context.Context, e *socketio.Event) error {
		var room string
		if err := e.Args.Scan(&room); err != nil {
			return err
		}
		return errors.Join(e.Socket.Join(room), e.Ack())
	})
	io.HandleFunc("room", func(_ context.Context, e *socketio.Event) error {
		var room string
		if err := e.Args.Scan(&room); err != nil {
			return err
		}
		return e.Socket.To(room).Emit("room", e.Args.Values()[1:]...)
	})
	io.HandleFunc("echo", func(_ context.Context, e *socketio.Event) error {
		return e.Ack(e.Args.Values()...)
	})
}
