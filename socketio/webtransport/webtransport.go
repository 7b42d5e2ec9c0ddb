// Package webtransport brings WebTransport sessions (HTTP/3) to a Socket.IO or
// Engine.IO server. It is apart from the rest because it needs an
// implementation of QUIC.
//
//	wt := &webtransport.Server{H3: &http3.Server{Addr: ":443", TLSConfig: config, Handler: mux}}
//	mux.Handle("/socket.io/", siowebtransport.Handler(io, wt, nil))
//	err := wt.ListenAndServe()
//
// where webtransport.Server is that of github.com/quic-go/webtransport-go. The
// server's Options.Engine.Transports has to name engineio.TransportWebTransport.
package webtransport

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/quic-go/quic-go/http3"
	"github.com/quic-go/webtransport-go"
)

// Target takes streams over: a *socketio.Server or an *engineio.Server.
type Target interface {
	ServeStream(conn net.Conn, r *http.Request)
}

// Options configures a handler. The zero value of a field means its default.
type Options struct {
	// StreamTimeout is how long a session may take to open its stream.
	StreamTimeout time.Duration // default 10s
	// CloseTimeout is how long a session may go on after its stream has ended,
	// so that the client reads what was sent last.
	CloseTimeout time.Duration // default 500ms
}

// Handler answers the requests that open WebTransport sessions. Of each it
// takes the first bidirectional stream that the client opens. server is the one
// that the requests come from; its CheckOrigin decides which pages may connect,
// and the target's Options.Authorize after it.
func Handler(to Target, server *webtransport.Server, opts *Options) http.Handler {
	if opts == nil {
		opts = &Options{}
	}
	return &handler{
		to:            to,
		server:        server,
		streamTimeout: cmp.Or(opts.StreamTimeout, 10*time.Second),
		closeTimeout:  cmp.Or(opts.CloseTimeout, 500*time.Millisecond),
	}
}

type handler struct {
	to            Target
	server        *webtransport.Server
	streamTimeout time.Duration
	closeTimeout  time.Duration
}

// ServeHTTP returns when the session has ended.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	session, err := h.server.Upgrade(w, r)
	if err != nil {
		http.Error(w, "not a WebTransport session that is served here", http.StatusBadRequest)
		return
	}
	defer session.CloseWithError(0, "")
	ctx, cancel := context.WithTimeout(session.Context(), h.streamTimeout)
	defer cancel()
	stream, err := session.AcceptStream(ctx)
	if err != nil {
		return // the client has gone, or wants nothing
	}
	c := &conn{Stream: stream, session: session, closed: make(chan struct{})}
	h.to.ServeStream(c, r)
	select {
	case <-c.closed:
	case <-session.Context().Done():
		return
	}
	select {
	case <-time.After(h.closeTimeout):
	case <-session.Context().Done():
	}
}

// conn makes a stream a net.Conn.
type conn struct {
	*webtransport.Stream
	session *webtransport.Session

	closing sync.Once
	closed  chan struct{}
}

// Read reports the end of the session by the client as the end of the stream,
// and so the end of the connection under it: which of the two a client that
// goes is seen to do first is a matter of chance.
func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Stream.Read(b)
	var ended *webtransport.SessionError
	var gone *http3.Error
	if errors.As(err, &ended) && ended.ErrorCode == 0 || errors.As(err, &gone) {
		err = io.EOF
	}
	return n, err
}

// Close ends both directions. What was written still reaches the client.
func (c *conn) Close() error {
	c.closing.Do(func() {
		c.Stream.Close()
		c.CancelRead(0)
		close(c.closed)
	})
	return nil
}

func (c *conn) LocalAddr() net.Addr  { return c.session.LocalAddr() }
func (c *conn) RemoteAddr() net.Addr { return c.session.RemoteAddr() }
