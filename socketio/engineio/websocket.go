package engineio

import (
	"errors"
	"net/http"
	"net/url"

	"parley/socketio/internal/reactor"
	"parley/socketio/internal/wsconn"
)

// Close codes for ends that RFC 6455 has no code for.
const (
	wsPingTimeout = wsconn.CloseGoingAway
	wsParseError  = wsconn.CloseProtocolError
)

// errStop makes the parser stop when the session takes no more.
var errStop = errors.New("engineio: session takes no more")

// stage says what a socket's messages mean.
type stage uint8

const (
	stageOpen    stage = iota // they are the session's
	stageProbing              // "2probe" has to come
	stageProbed               // "5" has to come
	stageShut                 // they are ignored until the peer closes
)

// framing says in which form frames leave.
type framing uint8

const (
	framingPlain      framing = iota
	framingV3                 // binary messages begin with their type
	framingV3AsBase64         // and are text
	framingStream             // WebTransport's
)

func framingOf(v3 bool, query url.Values) framing {
	switch {
	case !v3:
		return framingPlain
	case query.Has("b64"):
		return framingV3AsBase64
	}
	return framingV3
}

// framed returns a frame in another form than the plain one.
func (f *Frame) framed(as framing) []byte {
	switch {
	case as == framingStream:
		return f.streamWire()
	case f.binary:
		return f.wireV3(as == framingV3AsBase64)
	}
	return f.wire
}

// socket is one WebSocket connection of a session. The driver calls it.
type socket struct {
	session *Session
	conn    reactor.Conn
	parser  wsconn.Parser // guarded by Session.reading
	stage   stage         // guarded by Session.reading once started
	framing framing
	timer   *reactor.Timer // ends it unless it is the session's transport; nil if it always was
}

func (srv *Server) handshakeWebSocket(w http.ResponseWriter, r *http.Request, query url.Values) {
	if !srv.hold() {
		srv.refuseUpgrade(w, r, errShuttingDown())
		return
	}
	up, err := srv.upgrade(w, r)
	if err != nil {
		srv.release()
		return
	}
	s := srv.newSession(r, query)
	k := &socket{session: s, framing: framingOf(s.v3, query)}
	if s.v3 {
		respondV3(up)
	}
	k.begin(k, up, r)
}

// begin makes k the transport of its new session. h gets what arrives.
func (k *socket) begin(h reactor.Handler, up *wsconn.Upgraded, r *http.Request) {
	s := k.session
	if !k.attach(h, up) {
		return
	}
	if s.socket = k; !s.srv.register(s) {
		s.socket = nil
		k.conn.Close()
		k.conn.Start(nil)
		return
	}
	s.mu.Lock()
	s.queue(s.srv.openPacket(s.id, TransportWebSocket), 0) // which upgrades no further, whatever it is
	s.mu.Unlock()
	s.open(r)
	k.conn.Start(up.Buffered)
}

// upgrade takes the connection over, or answers the request and returns an
// error.
func (srv *Server) upgrade(w http.ResponseWriter, r *http.Request) (*wsconn.Upgraded, error) {
	up, err := wsconn.Upgrade(w, r, srv.opts.PerMessageDeflate != nil)
	var refused *wsconn.HandshakeError
	if errors.As(err, &refused) {
		srv.tellRefused(r, errBadRequest(refused.Text))
		w.Header().Set("Connection", "close")
		http.Error(w, refused.Text, refused.Status)
	}
	return up, err
}

// attach gives the connection to the driver, which the caller has got a hold
// for. If it reports false, connection and hold are released.
func (k *socket) attach(h reactor.Handler, up *wsconn.Upgraded) bool {
	srv := k.session.srv
	conn, err := srv.driver.Attach(up.Conn, h)
	if err != nil {
		srv.release()
		return false
	}
	k.conn = conn
	k.parser = wsconn.NewParser(&srv.plain)
	if up.Deflate {
		k.parser = wsconn.NewParser(&srv.deflating)
	}
	conn.Queue(up.Response, false)
	return true
}

// Read is called by the driver with what has arrived.
func (k *socket) Read(data []byte) {
	s := k.session
	s.reading.Lock()
	defer s.stopReading()
	if k.stage == stageShut || s.ended.Load() {
		return
	}
	s.arrived()
	if err := k.parser.Parse(data, k); err != nil {
		k.stop(err)
	}
}

// Message is called by the parser.
func (k *socket) Message(payload []byte, binary bool) error {
	if k.stage != stageOpen {
		return k.probeMessage(payload, binary)
	}
	p, ok := packet{packetMessage, payload, true}, true
	switch {
	case k.session.v3:
		p, ok = parsePacketV3(payload, binary)
	case !binary:
		p, ok = parsePacket(payload)
	}
	if !ok {
		k.session.end(ending{reason: ReasonParseError, code: wsParseError, text: "malformed packet"})
		return errStop
	}
	if !k.session.receive(p) {
		return errStop
	}
	return nil
}

// Control is called by the parser.
func (k *socket) Control(op wsconn.Opcode, payload []byte) error {
	switch op {
	case wsconn.OpPing:
		return k.answerPing(payload)
	case wsconn.OpClose:
		k.shut(ending{reason: ReasonTransportClose, code: wsconn.CloseCode(payload), farewell: true})
		return errStop
	}
	return nil
}

func (k *socket) answerPing(payload []byte) error {
	s := k.session
	s.mu.Lock()
	waiting := 0
	if s.reason == "" {
		waiting = k.conn.Queue(wsconn.AppendFrame(nil, wsconn.OpPong, payload), false)
	}
	s.mu.Unlock()
	if int64(waiting) > s.srv.opts.MaxQueueBytes {
		k.shut(ending{reason: ReasonQueueFull})
		return errStop
	}
	k.conn.Flush()
	return nil
}

// stop follows an error of the parser.
func (k *socket) stop(err error) {
	var violation *wsconn.CloseError
	if !errors.As(err, &violation) {
		return // errStop: whoever returned it has acted
	}
	reason := ReasonTransportError
	switch violation.Code {
	case wsconn.CloseTooBig:
		reason = ReasonTooLarge
	case wsconn.CloseInvalidData:
		reason = ReasonParseError
	}
	k.shut(ending{reason: reason, code: violation.Code, text: violation.Text, err: err})
}

// shut ends the session if it is on this connection, else only the connection.
// s.reading is held.
func (k *socket) shut(how ending) {
	if k.stage == stageOpen {
		k.session.end(how)
		return
	}
	k.session.dropProbe(k)
	k.stage = stageShut
	k.session.srv.timers.Set(k.timer, k.session.srv.opts.CloseTimeout, k)
	if how.code == 0 {
		k.conn.Close()
		return
	}
	k.sayFarewell(how)
	k.conn.Finish(!how.farewell)
}

// sayFarewell queues the close frame, where there are such.
func (k *socket) sayFarewell(how ending) {
	if k.framing != framingStream {
		k.conn.Queue(wsconn.AppendClose(nil, how.code, how.text), false)
	}
}

// Closed is called by the driver when the connection is gone.
func (k *socket) Closed(err error) {
	if k.timer != nil {
		k.session.srv.timers.Stop(k.timer)
	}
	k.session.socketClosed(k, err)
}

// socketClosed ends and forgets the session if k was its transport.
func (s *Session) socketClosed(k *socket, err error) {
	s.dropProbe(k)
	s.mu.Lock()
	mine := s.socket == k
	s.mu.Unlock()
	if mine {
		reason := ReasonTransportClose
		if err != nil {
			reason = ReasonTransportError
		}
		s.end(ending{reason: reason, err: err})
		s.srv.timers.Stop(&s.timer)
		s.srv.unregister(s)
		s.report()
	}
	s.srv.release()
}
