package socketio

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley/socketio/engineio"
	"parley/socketio/parser"
)

// Server is a Socket.IO server. It is an http.Handler for its path; mount it
// with mux.Handle("/socket.io/", server). Release it with Shutdown.
//
// The embedded Namespace is the default one, "/": io.Emit, io.To, io.OnConnect
// and so on mean that namespace.
type Server struct {
	*Namespace

	opts    Options
	engine  *engineio.Server
	encoder parser.Encoder
	bundle  *bundle // nil if no client is served
	gone    *Socket // stands in a conn for a socket that the server has disconnected
	held    *Socket // stands in a conn for a socket that waits for the one before it to end
	workers workers
	conns   sync.WaitGroup
	limits  parser.Limits
	cluster *cluster // nil without an Adapter
	id      string

	lastAsked atomic.Uint64 // id of an acknowledgement that many are asked for

	mu         sync.Mutex // guards the fields below
	namespaces map[string]*Namespace
	matchers   []matcher
	dynamic    int                // namespaces that a matcher has made
	made       []func(*Namespace) // functions of OnNamespace
	each       []func(*Namespace) // of EachNamespace
}

// firstAsked is below the ids of acknowledgements that many are asked for with
// the same frame: those of a single socket count from 1 and stay below it.
const firstAsked = 1 << 40

// New makes a server. Nil options mean defaults.
func New(opts *Options) *Server {
	s := &Server{opts: opts.withDefaults(), id: newID(), namespaces: map[string]*Namespace{}, gone: &Socket{}, held: &Socket{}}
	s.encoder.MaxAttachments = s.opts.MaxAttachments
	if s.opts.Client != nil {
		s.bundle = newBundle(s.opts.Client)
	}
	engine := s.opts.Engine
	engine.Open = s.open
	s.engine = engineio.New(&engine)
	s.Namespace = newNamespace(s, "/")
	s.namespaces["/"] = s.Namespace
	s.limits = parser.Limits{MaxAttachments: s.opts.MaxAttachments, MaxBytes: defaultMaxPacket}
	if engine.MaxPayload != 0 {
		s.limits.MaxBytes = int(engine.MaxPayload)
	}
	s.lastAsked.Store(firstAsked)
	if s.opts.Adapter != nil {
		s.cluster = newCluster(s, s.opts.Adapter)
		s.cluster.start()
		s.cluster.opened(s.name)
	}
	return s
}

// ID is the server's id among those that its Adapter connects: 20 random
// characters, another for each Server.
func (s *Server) ID() string { return s.id }

// Engine is the Engine.IO server under it.
func (s *Server) Engine() *engineio.Server { return s.engine }

// ServeHTTP serves Engine.IO requests and, if Options.Client is set, the
// client's files.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, below := strings.CutPrefix(r.URL.Path, s.opts.Path)
	switch {
	case !below || file == "":
		s.engine.ServeHTTP(w, r)
	case s.bundle != nil:
		s.bundle.serve(w, r, file)
	default:
		http.NotFound(w, r)
	}
}

// ServeStream serves a connection over a reliable stream, with the framing of
// WebTransport; see engineio.Server.ServeStream.
func (s *Server) ServeStream(conn net.Conn, r *http.Request) { s.engine.ServeStream(conn, r) }

// open is called by the engine for each new session.
func (s *Server) open(session *engineio.Session, r *http.Request) engineio.Handler {
	s.conns.Add(1)
	c := newConn(s, session, r)
	if c.isV2() {
		c.connect("/", nil)
	}
	return c
}

// Shutdown refuses new clients, delivers what is queued, closes every
// connection and waits until all handlers have returned or ctx ends. Clients
// see a lost connection and connect again elsewhere.
func (s *Server) Shutdown(ctx context.Context) error {
	if s.cluster != nil {
		s.cluster.stop()
	}
	if err := s.engine.Shutdown(ctx); err != nil {
		return err
	}
	for n := range s.Namespaces() {
		n.stop()
	}
	done := make(chan struct{})
	go func() { // ends with the last handler, which a context may not wait for
		s.conns.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Drain is a Shutdown that spreads the disconnects over a time, so that the
// clients do not all connect again at once elsewhere. New clients are refused
// from the beginning. When ctx ends the rest is closed at once, and Drain waits
// no longer than for the release of what it has closed.
func (s *Server) Drain(ctx context.Context, over time.Duration) error {
	err := s.engine.Drain(ctx, over)
	return errors.Join(err, s.Shutdown(ctx))
}

// encode makes the payload of an event.
func (s *Server) encode(event string, args []any) (parser.Value, error) {
	if parser.IsReserved(event) {
		return parser.Value{}, ErrReservedEvent
	}
	values := make([]any, 0, 1+len(args))
	return s.encoder.Array(append(append(values, event), args...)...)
}

// framesOf turns a packet into what the engine sends.
func (s *Server) framesOf(p parser.Packet) []*engineio.Frame {
	if s.opts.Parser != nil {
		copied := p // so that p needs no memory of its own where there is no Parser
		return s.parsedFrames(&copied)
	}
	frames := make([]*engineio.Frame, 0, 1+len(p.Payload.Attachments))
	var header [64]byte // enough for most, on the stack
	frames = append(frames, engineio.NewText(p.AppendHeader(header[:0]), p.Payload.JSON))
	for _, data := range p.Payload.Attachments {
		frames = append(frames, engineio.NewBinary(data))
	}
	return frames
}

// parsedFrames is framesOf in the format of Options.Parser.
func (s *Server) parsedFrames(p *parser.Packet) []*engineio.Frame {
	message, err := s.opts.Parser.Encode(p)
	if err != nil { // what has been encoded as JSON before encodes again
		s.opts.Logger.Error("packet does not encode", "namespace", p.Namespace, "error", err)
		return nil
	}
	return []*engineio.Frame{engineio.NewBinary(message)}
}
