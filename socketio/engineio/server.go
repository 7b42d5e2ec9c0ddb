package engineio

import (
	"crypto/rand"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"parley/socketio/internal/gzipped"
	"parley/socketio/internal/reactor"
	"parley/socketio/internal/wsconn"
)

const (
	maxFragments    = 1024                  // of one WebSocket message
	upgradePatience = 50 * time.Millisecond // of a poll in the middle of an upgrade
)

// Server serves Engine.IO sessions. It is an http.Handler for whatever path
// the mux in front of it gives it.
type Server struct {
	opts   Options
	driver reactor.Driver
	timers *reactor.Timers
	ping   *Frame

	plain, deflating wsconn.Config // of connections without and with compression
	deflater         wsconn.Deflater
	gzip             *gzipped.Compressor
	upgradePatience  time.Duration // the constant, but in tests

	mu       sync.Mutex // guards the fields below
	sessions map[string]*Session
	open     int            // sessions that are not closing
	closed   map[Reason]int // how many ended, by reason
	holds    int            // what Shutdown waits for; see hold
	down     bool
	idle     chan struct{} // closed when down and holds is 0
}

// New returns a Server. Call Shutdown to release what it holds.
func New(opts *Options) *Server {
	o := opts.withDefaults()
	driver := reactor.New()
	if o.GoroutinePerConn {
		driver = reactor.NewGoroutines()
	}
	srv := &Server{
		opts:      o,
		driver:    driver,
		timers:    reactor.NewTimers(),
		ping:      newPacket(packetPing, nil),
		plain:     wsconn.Config{MaxMessage: o.MaxPayload, MaxFragments: maxFragments},
		deflating: wsconn.Config{MaxMessage: o.MaxPayload, MaxFragments: maxFragments, Deflate: true},
		sessions:  make(map[string]*Session),
		closed:    make(map[Reason]int),
		idle:      make(chan struct{}),

		upgradePatience: upgradePatience,
		gzip:            gzipped.New(o.HTTPCompression.Level),
	}
	if o.PerMessageDeflate != nil {
		srv.deflater.Level = o.PerMessageDeflate.Level
	}
	return srv
}

// ServeHTTP answers a handshake, a poll, a POST of packets or a WebSocket
// upgrade. Errors are answered as {"code","message"}.
func (srv *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if srv.opts.CORS.serve(w, r) {
		return
	}
	query := r.URL.Query()
	if wsconn.IsUpgrade(r) {
		srv.serveUpgrade(w, r, query)
		return
	}
	s, refused := srv.verify(r, query, false)
	if refused != nil {
		srv.refuse(w, r, refused)
		return
	}
	srv.addHeaders(w, r, s == nil)
	switch {
	case s == nil:
		srv.handshakePolling(w, r, query)
	case r.Method == http.MethodGet:
		s.servePoll(w, r)
	case r.Method == http.MethodPost:
		s.servePost(w, r)
	default:
		srv.refuse(w, r, errBadRequest("method "+r.Method))
	}
}

func (srv *Server) serveUpgrade(w http.ResponseWriter, r *http.Request, query url.Values) {
	s, refused := srv.verify(r, query, true)
	if refused != nil {
		srv.refuseUpgrade(w, r, refused)
		return
	}
	srv.addHeaders(w, r, s == nil)
	if s == nil {
		srv.handshakeWebSocket(w, r, query)
		return
	}
	s.probe(w, r, query)
}

func (srv *Server) addHeaders(w http.ResponseWriter, r *http.Request, first bool) {
	if srv.opts.Headers != nil {
		srv.opts.Headers(w.Header(), r, first)
	}
}

// verify finds out what r is about: a session, or a handshake if it returns
// nil.
func (srv *Server) verify(r *http.Request, query url.Values, upgrade bool) (*Session, *RequestError) {
	transport := query.Get("transport")
	if !srv.serves(transport) || transport == TransportWebTransport {
		return nil, errTransportUnknown(transport)
	}
	var s *Session
	if query.Has("sid") {
		s = srv.session(query.Get("sid"))
		if s == nil {
			return nil, errSessionUnknown()
		}
		if !upgrade && s.Transport() != transport {
			return nil, errBadRequest("the session is on " + s.Transport())
		}
	} else if r.Method != http.MethodGet {
		return nil, errHandshakeMethod(r.Method)
	}
	if upgrade != (transport == TransportWebSocket) {
		return nil, errBadRequest("only websocket is upgraded to")
	}
	if srv.opts.Authorize != nil {
		if err := srv.opts.Authorize(r, s); err != nil {
			return nil, errForbidden(err.Error())
		}
	}
	if version := query.Get("EIO"); s == nil && version != "4" && !(version == "3" && srv.opts.AllowEIO3) {
		return nil, errProtocolVersion(version)
	}
	return s, nil
}

func (srv *Server) serves(transport string) bool {
	return slices.Contains(srv.opts.Transports, transport)
}

// session returns the session with this id, also while it is closing, or nil.
func (srv *Server) session(sid string) *Session {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	return srv.sessions[sid]
}

// Len returns the number of open sessions.
func (srv *Server) Len() int {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	return srv.open
}

// Transports returns how many open sessions use each transport now. It looks at
// every one of them.
func (srv *Server) Transports() map[string]int {
	srv.mu.Lock()
	sessions := slices.Collect(maps.Values(srv.sessions))
	srv.mu.Unlock()
	counts := map[string]int{}
	for _, s := range sessions {
		if !s.ended.Load() {
			counts[s.Transport()]++
		}
	}
	return counts
}

// Patience returns how long a connection may be broken before it is noticed.
func (srv *Server) Patience() time.Duration { return srv.opts.PingInterval + srv.opts.PingTimeout }

// Closed returns how many sessions have ended, by reason.
func (srv *Server) Closed() map[Reason]int {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	return maps.Clone(srv.closed)
}

// register adds a session, or reports false when the server is shut down or
// the id is taken.
func (srv *Server) register(s *Session) bool {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if srv.down || srv.sessions[s.id] != nil {
		return false
	}
	srv.sessions[s.id] = s
	srv.open++
	srv.holds += 2 // one until Handler.Closed has returned, one until unregister
	return true
}

// countClosed notes that a session has ended, though it may still deliver.
func (srv *Server) countClosed(reason Reason) {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	srv.open--
	srv.closed[reason]++
}

// unregister forgets a session, once.
func (srv *Server) unregister(s *Session) {
	srv.mu.Lock()
	known := srv.sessions[s.id] == s
	if known {
		delete(srv.sessions, s.id)
	}
	if known && len(srv.sessions) == 0 {
		srv.sessions = make(map[string]*Session) // a map does not shrink by itself
	}
	srv.mu.Unlock()
	if known {
		srv.release()
	}
}

// randomID returns 120 random bits in 20 characters.
func randomID(*http.Request) string {
	var b [15]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}
