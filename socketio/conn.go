package socketio

import (
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"parley/socketio/engineio"
	"parley/socketio/parser"
)

// conn is the Socket.IO side of one Engine.IO session: it takes packets apart
// and hands them to the sockets of the namespaces that the client is in.
type conn struct {
	server  *Server
	session *engineio.Session
	decoder parser.Decoder
	origin  origin
	users   atomic.Int32 // its sockets, and the session while it is open

	mu       sync.Mutex         // guards the fields below
	root     *Socket            // of "/", which most clients are in alone
	others   map[string]*Socket // of other namespaces
	deadline *time.Timer        // for the first CONNECT; nil once it was accepted
}

func newConn(s *Server, session *engineio.Session, r *http.Request) *conn {
	c := &conn{server: s, session: session, origin: originOf(r)}
	c.decoder.Limits = &s.limits
	c.users.Store(1)
	c.deadline = time.AfterFunc(s.opts.ConnectTimeout, func() { session.Close(ReasonConnectTimeout) })
	return c
}

// Message takes one message of the client.
func (c *conn) Message(data []byte, binary bool) {
	var p parser.Packet
	var complete bool
	var err error
	switch {
	case c.server.opts.Parser != nil:
		p, complete, err = c.parse(data, binary)
	case binary:
		p, complete, err = c.decoder.Binary(data)
	default:
		p, complete, err = c.decoder.Text(data)
	}
	if err != nil || complete && !c.receive(&p) {
		c.session.Close(engineio.ReasonParseError)
	}
}

// parse decodes a message in the format of Options.Parser.
func (c *conn) parse(data []byte, binary bool) (p parser.Packet, complete bool, err error) {
	if !binary {
		return p, false, errText
	}
	p, err = c.server.opts.Parser.Decode(data, c.server.limits)
	return p, err == nil, err
}

// receive handles one packet and reports false if it violates the protocol.
func (c *conn) receive(p *parser.Packet) bool {
	if p.Type == parser.Connect {
		if c.isV2() {
			return c.connect(splitV2(p.Namespace))
		}
		return c.connect(p.Namespace, p.Payload.JSON)
	}
	s := c.socket(p.Namespace)
	if s == c.server.gone {
		return true // the client has not heard of it yet
	}
	if s == nil || s.stage() == connecting {
		return false
	}
	switch p.Type {
	case parser.Event:
		s.receive(p)
	case parser.Ack:
		s.resolve(p.ID, argsOf(p))
	case parser.Disconnect:
		s.end(ReasonClientDisconnect)
	default:
		return false
	}
	return true
}

// connect begins to connect the client to a namespace.
func (c *conn) connect(name string, auth json.RawMessage) bool {
	if s := c.socket(name); s != nil && s != c.server.gone && s.stage() != ended {
		return false
	}
	ns, refusal := c.server.acquire(name)
	if refusal != nil {
		c.refuse(name, connectErrorData{Message: refusal.Message})
		return true
	}
	ns.prepare()
	c.users.Add(1)
	if ns.recovery.hold(auth, func() { c.begin(ns, auth) }) {
		c.set(name, c.server.held)
		return true
	}
	c.begin(ns, auth)
	return true
}

// begin makes the socket of a client that connects.
func (c *conn) begin(ns *Namespace, auth json.RawMessage) {
	s := ns.recovery.restore(c, auth)
	if s == nil {
		s = newSocket(ns, c, auth)
	}
	c.set(ns.name, s)
	if ns.recovery != nil && c.session.Send(0) == engineio.ErrClosed { // while the connect was held
		s.end(engineio.ReasonTransportClose)
	}
	c.server.workers.start(s)
}

// refuse answers a CONNECT packet with an error.
func (c *conn) refuse(name string, data connectErrorData) {
	var content any = data
	if c.isV2() {
		content = errorV2(data)
	}
	payload, err := parser.Object(content)
	if err != nil { // the application's data is no JSON
		c.server.opts.Logger.Error("connect error does not encode", "namespace", name, "error", err)
		payload = json.RawMessage(`{"message":"internal error"}`)
	}
	c.send(0, parser.Packet{Type: parser.ConnectError, Namespace: name, Payload: parser.Value{JSON: payload}})
}

// send sends a packet of the protocol's own. It fails only if the session has
// ended, of which Closed tells.
func (c *conn) send(flags engineio.Flags, p parser.Packet) {
	_ = c.session.Send(flags, c.server.framesOf(p)...)
}

// socket returns the socket of a namespace: nil if the client is not in it,
// server.gone if the server has taken it out of it.
func (c *conn) socket(name string) *Socket {
	c.mu.Lock()
	defer c.mu.Unlock()
	if name == "/" {
		return c.root
	}
	return c.others[name]
}

func (c *conn) set(name string, s *Socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if name == "/" {
		c.root = s
		return
	}
	if c.others == nil {
		c.others = map[string]*Socket{}
	}
	c.others[name] = s
}

// forget makes the connection ignorant of a socket that has ended. If the
// server has ended it, what the client still sends to it is to be ignored.
func (c *conn) forget(s *Socket, byServer bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var successor *Socket
	if byServer {
		successor = c.server.gone
	}
	switch {
	case c.root == s:
		c.root = successor
	case c.others[s.ns.name] != s: // the client has connected again
	case byServer:
		c.others[s.ns.name] = successor
	default:
		delete(c.others, s.ns.name)
	}
}

// accepted ends the wait for the first CONNECT.
func (c *conn) accepted() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.deadline != nil {
		c.deadline.Stop()
		c.deadline = nil
	}
}

// sockets lists the sockets of all namespaces.
func (c *conn) sockets() []*Socket {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []*Socket
	if c.root != nil && c.root.ns != nil { // neither gone nor held
		list = append(list, c.root)
	}
	for _, s := range c.others {
		if s.ns != nil {
			list = append(list, s)
		}
	}
	return list
}

// Closed ends all sockets with the session.
func (c *conn) Closed(reason Reason) {
	c.accepted()
	for _, s := range c.sockets() {
		s.end(reason)
	}
	c.release()
}

// release gives up one use of the connection.
func (c *conn) release() {
	if c.users.Add(-1) == 0 {
		c.server.conns.Done()
	}
}
