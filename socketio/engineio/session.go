package engineio

import (
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"parley/socketio/internal/reactor"
	"parley/socketio/internal/wsconn"
)

// Session is one Engine.IO connection. Its methods may be called from any
// goroutine.
//
// Locks: reading is held while the handler runs and is taken before mu; mu is
// never held while calling out.
type Session struct {
	srv  *Server
	id   string
	addr string

	reading  sync.Mutex // held by whoever calls handler
	handler  Handler    // set once, under reading
	reported bool       // handler.Closed has been called; guarded by reading
	v3       bool       // the client speaks protocol 3
	pinging  bool       // a ping is not answered yet; guarded by mu, here to save room

	ended    atomic.Bool // mirrors reason != ""; set under mu
	alive    atomic.Bool // something has arrived since the last ping
	progress uint32      // bytes written when the ping timeout was set; guarded by mu

	mu      sync.Mutex    // guards the fields below
	reason  Reason        // why it ended, "" while it is open
	polling *polling      // nil on WebSocket
	socket  *socket       // nil on polling
	timer   reactor.Timer // heartbeat; after the end, CloseTimeout
}

// ID returns the session id, 20 characters unless Options.GenerateID says
// otherwise. It is a secret of the client: who knows it can speak for it over
// polling.
func (s *Session) ID() string { return s.id }

// RemoteAddr returns the network address of the handshake request.
func (s *Session) RemoteAddr() string { return s.addr }

// Protocol returns the revision of the protocol that the client speaks, 4 or 3.
func (s *Session) Protocol() int {
	if s.v3 {
		return 3
	}
	return 4
}

// Transport returns the name of the transport in use now.
func (s *Session) Transport() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.polling != nil {
		return TransportPolling
	}
	if s.socket != nil && s.socket.framing == framingStream {
		return TransportWebTransport
	}
	return TransportWebSocket
}

// Send queues frames for the client and, unless flags say otherwise, writes
// what the connection takes at once. It never blocks. Frames of one call stay
// adjacent and calls never overtake each other. It returns ErrClosed after the
// session closed, and ErrQueueFull when it closes the session because of
// Options.MaxQueueBytes, which one call on an empty queue may exceed. A
// volatile frame that is dropped is no error.
func (s *Session) Send(flags Flags, frames ...*Frame) error {
	s.mu.Lock()
	if s.reason != "" {
		s.mu.Unlock()
		return ErrClosed
	}
	size := 0
	for _, f := range frames {
		size += len(f.wire)
	}
	if flags&Volatile != 0 && !s.writable(size) {
		s.mu.Unlock()
		return nil
	}
	waiting := 0
	for _, f := range frames {
		waiting = s.queue(f, flags)
	}
	k := s.socket
	s.mu.Unlock()
	if int64(waiting) > s.srv.opts.MaxQueueBytes && waiting > size {
		s.end(ending{reason: ReasonQueueFull})
		go s.report()
		return ErrQueueFull
	}
	if k != nil && flags&Deferred == 0 {
		k.conn.Flush()
	}
	return nil
}

// writable reports whether size volatile bytes would be written soon. s.mu is
// held.
func (s *Session) writable(size int) bool {
	if s.socket == nil {
		return s.polling.wake != nil && len(s.polling.frames) == 0
	}
	waiting, _ := s.socket.conn.Backlog()
	fits := waiting == 0 || int64(waiting+size) <= s.srv.opts.MaxQueueBytes
	return fits && !s.socket.conn.Congested()
}

// queue appends f to what waits for the client and returns how many bytes do.
// s.mu is held.
func (s *Session) queue(f *Frame, flags Flags) int {
	if s.socket == nil {
		return s.polling.queue(f, flags)
	}
	wire := f.wire
	switch k := s.socket; {
	case k.framing != framingPlain:
		wire = f.framed(k.framing)
	case flags&Compress != 0 && k.parser.Deflates() && f.Len() >= s.srv.opts.PerMessageDeflate.Threshold:
		wire = f.compressed(&s.srv.deflater)
	}
	return s.socket.conn.Queue(wire, flags&Deferred != 0)
}

// newSession returns a session without a transport or a handler. It is read
// from after open.
func (srv *Server) newSession(r *http.Request, query url.Values) *Session {
	s := &Session{srv: srv, id: srv.opts.GenerateID(r), addr: r.RemoteAddr, v3: query.Get("EIO") == "3"}
	s.reading.Lock()
	return s
}

// open asks the layer above for the handler and starts the heartbeat.
func (s *Session) open(r *http.Request) {
	defer s.stopReading()
	s.mu.Lock()
	if s.reason == "" {
		s.beginHeartbeat()
	}
	s.mu.Unlock()
	s.handler = s.srv.opts.Open(s, r)
	if s.handler == nil {
		s.Close(ReasonForcedClose)
	}
}

// stopReading ends a call of the handler. It is deferred by whoever locked
// reading.
func (s *Session) stopReading() {
	if v := recover(); v != nil {
		s.srv.opts.Logger.Error("engineio: handler panicked", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
		s.end(ending{reason: ReasonHandlerPanicked, code: wsconn.CloseInternalError})
	}
	s.reading.Unlock()
	s.report()
}

// report tells the handler that the session ended, unless it has not or the
// handler knows. If the handler is running, whoever runs it will report.
func (s *Session) report() {
	if !s.ended.Load() || !s.reading.TryLock() {
		return
	}
	if s.reported {
		s.reading.Unlock()
		return
	}
	s.reported = true
	defer s.srv.release()
	defer s.stopReading()
	s.mu.Lock()
	reason := s.reason
	s.mu.Unlock()
	if s.handler != nil {
		s.handler.Closed(reason)
	}
}

// receive handles one packet. s.reading is held. It reports false when the
// session takes no more.
func (s *Session) receive(p packet) bool {
	if s.ended.Load() {
		return false
	}
	switch p.kind {
	case packetMessage:
		s.handler.Message(p.data, p.binary)
	case packetPong:
		s.pong()
	case packetPing:
		s.answerPing()
	case packetClose:
		s.closedByPeer()
	}
	return !s.ended.Load()
}
