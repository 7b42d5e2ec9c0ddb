package engineio

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
	"unicode/utf8"

	"parley/socketio/internal/reactor"
	"parley/socketio/internal/wsconn"
)

// On WebTransport a session is one bidirectional stream. Each packet has a
// header of 1, 3 or 9 bytes: the size, 7 bits of it in the first byte, or 126
// there and 16 bits behind it, or 127 and 64 bits; the top bit of the first byte
// says that the packet is a binary message. The client's first packet is "0" to
// open a session, or "0" and {"sid":…} to upgrade one that polls, which goes on
// as over WebSocket.

const (
	streamBinary  = 0x80 // bit of the first byte
	streamSize16  = 126  // size in the first byte: it follows in 2 bytes
	streamSize64  = 127  // size in the first byte: it follows in 8 bytes
	streamMaxHead = 9

	streamMaxHello = 1024 // size of a client's first packet
)

var errFirstPacket = errors.New("the first packet is no open packet")

// ServeStream serves a session over a reliable stream with WebTransport's
// framing. r is the request that the stream belongs to; it is given to
// Options.Authorize and Options.Open. ServeStream reads the first packet and
// returns; from then on the server owns conn and closes it, as it does at once
// if it refuses the session. TransportWebTransport must be one of
// Options.Transports.
func (srv *Server) ServeStream(conn net.Conn, r *http.Request) {
	if !srv.hold() {
		srv.refuseStream(conn, r, errShuttingDown())
		return
	}
	s, refused := srv.verifyStream(conn, r)
	if refused != nil {
		srv.release()
		srv.refuseStream(conn, r, refused)
		return
	}
	up := &wsconn.Upgraded{Conn: conn}
	if s != nil {
		k := &stream{socket: socket{session: s, framing: framingStream, stage: stageProbing, timer: new(reactor.Timer)}}
		s.startProbe(&k.socket, k, up)
		return
	}
	k := &stream{socket: socket{session: srv.newSession(r, url.Values{}), framing: framingStream}}
	k.begin(k, up, r)
}

func (srv *Server) refuseStream(conn net.Conn, r *http.Request, e *RequestError) {
	srv.tellRefused(r, e)
	conn.Close()
}

// verifyStream reads the first packet and finds out what it asks for: an
// upgrade of the session, or a handshake if it returns nil.
func (srv *Server) verifyStream(conn net.Conn, r *http.Request) (*Session, *RequestError) {
	if !srv.serves(TransportWebTransport) {
		return nil, errTransportUnknown(TransportWebTransport)
	}
	conn.SetReadDeadline(time.Now().Add(srv.opts.UpgradeTimeout))
	hello, err := readHello(conn)
	if err != nil {
		return nil, errBadRequest(err.Error())
	}
	conn.SetReadDeadline(time.Time{})
	var s *Session
	if len(hello) > 0 {
		var upgrade struct {
			SID string `json:"sid"`
		}
		if err := json.Unmarshal(hello, &upgrade); err != nil {
			return nil, errBadRequest(err.Error())
		}
		if s = srv.session(upgrade.SID); s == nil || s.v3 {
			return nil, errSessionUnknown()
		}
	}
	if srv.opts.Authorize != nil {
		if err := srv.opts.Authorize(r, s); err != nil {
			return nil, errForbidden(err.Error())
		}
	}
	return s, nil
}

// readHello reads the first packet and returns what follows its type.
func readHello(from io.Reader) ([]byte, error) {
	var head [streamMaxHead]byte
	if _, err := io.ReadFull(from, head[:1]); err != nil {
		return nil, err
	}
	n := streamHeadSize(head[0])
	if _, err := io.ReadFull(from, head[1:n]); err != nil {
		return nil, err
	}
	size := streamSize(head[:n])
	if head[0]&streamBinary != 0 || size == 0 || size > streamMaxHello {
		return nil, errFirstPacket
	}
	packet := make([]byte, size)
	if _, err := io.ReadFull(from, packet); err != nil {
		return nil, err
	}
	if packet[0] != packetOpen {
		return nil, errFirstPacket
	}
	return packet[1:], nil
}

// stream is a socket with WebTransport's framing.
type stream struct {
	socket
	frames streamParser // guarded by Session.reading
}

// Read is called by the driver with what has arrived.
func (k *stream) Read(data []byte) {
	s := k.session
	s.reading.Lock()
	defer s.stopReading()
	if k.stage == stageShut || s.ended.Load() {
		return
	}
	s.arrived()
	if err := k.frames.parse(data, s.srv.opts.MaxPayload, k.Message); err != nil {
		k.stop(err)
	}
}

// streamParser turns the bytes of a stream into packets. Between packets it
// owns no memory but itself.
type streamParser struct {
	head    [streamMaxHead]byte // of the packet that has begun
	headLen int
	body    bytes.Buffer // of the same, as far as it has come
}

// parse calls f with each packet that is complete and keeps the rest. The
// packets are valid, and may be modified, during the call of f only.
func (p *streamParser) parse(data []byte, limit int64, f func(packet []byte, binary bool) error) error {
	for len(data) > 0 {
		if p.headLen == 0 || p.headLen < streamHeadSize(p.head[0]) {
			p.head[p.headLen] = data[0]
			p.headLen++
			data = data[1:]
			if p.headLen < streamHeadSize(p.head[0]) {
				continue
			}
			if err := p.checkSize(limit); err != nil {
				return err
			}
		}
		missing := int(streamSize(p.head[:p.headLen])) - p.body.Len()
		if len(data) < missing {
			p.body.Write(data)
			return nil
		}
		packet := data[:missing]
		data = data[missing:]
		if p.body.Len() > 0 {
			p.body.Write(packet)
			packet = p.body.Bytes()
		}
		binary := p.head[0]&streamBinary != 0
		*p = streamParser{}
		if !binary && !utf8.Valid(packet) {
			return &wsconn.CloseError{Code: wsconn.CloseInvalidData, Text: "text is not UTF-8"}
		}
		if err := f(packet, binary); err != nil {
			return err
		}
	}
	return nil
}

func (p *streamParser) checkSize(limit int64) error {
	size := streamSize(p.head[:p.headLen])
	if size == 0 && p.head[0]&streamBinary == 0 { // a text has its type at least
		return &wsconn.CloseError{Code: wsconn.CloseProtocolError, Text: "empty packet"}
	}
	if size > uint64(limit) {
		return &wsconn.CloseError{Code: wsconn.CloseTooBig, Text: "message too big"}
	}
	return nil
}

// streamHeadSize returns the size of a header that begins with first.
func streamHeadSize(first byte) int {
	switch first &^ streamBinary {
	case streamSize16:
		return 3
	case streamSize64:
		return 9
	}
	return 1
}

// streamSize returns the size that a whole header tells.
func streamSize(head []byte) uint64 {
	switch len(head) {
	case 3:
		return uint64(binary.BigEndian.Uint16(head[1:]))
	case 9:
		return binary.BigEndian.Uint64(head[1:])
	}
	return uint64(head[0] &^ streamBinary)
}

// streamWire is the frame with WebTransport's framing: the header is that of a
// WebSocket frame without its first byte, but for the bit of binary messages. A
// text shares its memory.
func (f *Frame) streamWire() []byte {
	if !f.binary {
		return f.wire[1:]
	}
	if f.Len() == 0 { // clients take no empty packet
		return []byte{1, packetBinary}
	}
	return f.form(func(o *forms) *[]byte { return &o.stream }, func() []byte {
		wire := bytes.Clone(f.wire[1:])
		wire[0] |= streamBinary
		return wire
	})
}
