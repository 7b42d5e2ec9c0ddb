package socketiotest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// Handler is what a Server serves: a *socketio.Server, or a handler around it
// that can be shut down too.
type Handler interface {
	http.Handler
	Shutdown(ctx context.Context) error
}

// Server serves a handler for a test.
type Server struct {
	URL string // such as http://127.0.0.1:1234, without a path

	handler  Handler
	http     *http.Server
	listener net.Listener
	served   chan struct{}
	client   *http.Client
}

// NewServer serves on a free port of the loopback interface. It panics if
// there is none. Release it with Close.
func NewServer(h Handler) *Server {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic("socketiotest: " + err.Error())
	}
	return newServer(h, listener, new(net.Dialer).DialContext)
}

// NewMemoryServer serves over net.Pipe, without the system's network, so that
// it works inside testing/synctest. Only clients of its Dial reach it.
func NewMemoryServer(h Handler) *Server {
	listener := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	return newServer(h, listener, listener.dial)
}

func newServer(h Handler, listener net.Listener, dial func(context.Context, string, string) (net.Conn, error)) *Server {
	s := &Server{URL: "http://" + listener.Addr().String(), handler: h, listener: listener, served: make(chan struct{})}
	s.http = &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	s.client = &http.Client{Transport: &http.Transport{DialContext: dial}}
	go func() { // ends with Close
		defer close(s.served)
		_ = s.http.Serve(listener) // always fails, at Close with ErrServerClosed
	}()
	return s
}

// Close shuts the handler down and waits for what belongs to the server.
func (s *Server) Close() {
	const patience = 10 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := s.handler.Shutdown(ctx)
	err = errors.Join(err, s.http.Shutdown(ctx))
	s.client.CloseIdleConnections()
	<-s.served
	if err != nil {
		panic("socketiotest: close: " + err.Error())
	}
}

// Dial connects a client to the server; see [Dial].
func (s *Server) Dial(ctx context.Context, opts *Options) (*Client, error) {
	return Dial(ctx, s.URL, s.reaching(opts))
}

// DialConn opens an Engine.IO connection to the server; see [DialConn].
func (s *Server) DialConn(ctx context.Context, opts *Options) (*Conn, error) {
	return DialConn(ctx, s.URL, s.reaching(opts))
}

// reaching returns options of a client that can reach the server.
func (s *Server) reaching(opts *Options) *Options {
	var copied Options
	if opts != nil {
		copied = *opts
	}
	if copied.HTTPClient == nil {
		copied.HTTPClient = s.client
	}
	return &copied
}

// pipeListener makes both ends of its connections.
type pipeListener struct {
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case l.conns <- server:
		return client, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept waits for a client.
func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is a name that no resolver knows.
func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "memory.invalid" }
