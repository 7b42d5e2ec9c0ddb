package main

import (
	"errors"
	"net/http"
	"sync"

	"parley/socketio/internal/reactor"
	"parley/socketio/internal/wsconn"
)

// What the Autobahn suite sends at most.
const (
	maxMessage   = 64 << 20
	maxFragments = 1 << 20
)

// server upgrades every request and sends its messages back.
type server struct {
	driver   reactor.Driver
	plain    wsconn.Config
	deflated wsconn.Config
	deflater wsconn.Deflater
	deflate  bool
}

func newServer(deflate bool) *server {
	return &server{
		driver:   reactor.New(),
		plain:    wsconn.Config{MaxMessage: maxMessage, MaxFragments: maxFragments},
		deflated: wsconn.Config{MaxMessage: maxMessage, MaxFragments: maxFragments, Deflate: true},
		deflate:  deflate,
	}
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	up, err := wsconn.Upgrade(w, r, s.deflate)
	if err != nil {
		status := http.StatusInternalServerError
		var refused *wsconn.HandshakeError
		if errors.As(err, &refused) {
			status = refused.Status
		}
		http.Error(w, err.Error(), status)
		return
	}
	e := &echo{server: s, parser: wsconn.NewParser(&s.plain)}
	if up.Deflate {
		e.parser = wsconn.NewParser(&s.deflated)
	}
	conn, err := s.driver.Attach(up.Conn, e)
	if err != nil {
		return // it is closed
	}
	e.conn = conn
	conn.Queue(up.Response, false)
	conn.Start(up.Buffered)
}

// errOver makes the parser stop when the peer has closed.
var errOver = errors.New("the peer has closed")

// echo is one connection.
type echo struct {
	server *server
	conn   reactor.Conn

	mu     sync.Mutex // guards the fields below
	parser wsconn.Parser
	over   bool
}

// Read is called by the driver.
func (e *echo) Read(data []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.over {
		return
	}
	err := e.parser.Parse(data, e)
	var violation *wsconn.CloseError
	if errors.As(err, &violation) {
		e.over = true
		e.conn.Queue(wsconn.AppendClose(nil, violation.Code, violation.Text), false)
		e.conn.Finish(true)
		return
	}
	e.conn.Flush()
}

// Closed is called by the driver.
func (e *echo) Closed(error) {}

// Message is called by the parser.
func (e *echo) Message(payload []byte, binary bool) error {
	op := wsconn.OpText
	if binary {
		op = wsconn.OpBinary
	}
	if e.parser.Deflates() {
		frame, err := e.server.deflater.AppendFrame(nil, op, payload)
		if err == nil && frame != nil {
			e.conn.Queue(frame, false)
			return nil
		}
	}
	e.conn.Queue(wsconn.AppendFrame(nil, op, payload), false)
	return nil
}

// Control is called by the parser.
func (e *echo) Control(op wsconn.Opcode, payload []byte) error {
	switch op {
	case wsconn.OpPing:
		e.conn.Queue(wsconn.AppendFrame(nil, wsconn.OpPong, payload), false)
	case wsconn.OpClose:
		e.over = true
		e.conn.Queue(wsconn.AppendClose(nil, wsconn.CloseCode(payload), ""), false)
		e.conn.Finish(false)
		return errOver
	}
	return nil
}
