package engineio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/socketio/internal/wsconn"
)

// streamClient is the client's side of a WebTransport stream.
type streamClient struct {
	t    *testing.T
	conn net.Conn
}

// dialStream opens a stream and sends first.
func (s *testServer) dialStream(first string) *streamClient {
	s.t.Helper()
	ours, theirs := net.Pipe()
	s.t.Cleanup(func() { ours.Close() })
	c := &streamClient{s.t, ours}
	served := make(chan struct{})
	go func() {
		defer close(served)
		s.ServeStream(theirs, httptest.NewRequest("CONNECT", "https://chat.example/socket.io/", nil))
	}()
	c.sendRaw(first)
	<-served
	return c
}

func (s *testServer) openStream() *streamClient {
	s.t.Helper()
	c := s.dialStream(streamText("0"))
	parseHandshake(s.t, c.read())
	return c
}

// streamText is a text packet as it goes over a stream.
func streamText(packet string) string {
	switch n := len(packet); {
	case n < streamSize16:
		return string(rune(n)) + packet
	case n <= 0xFFFF:
		return string(binary.BigEndian.AppendUint16([]byte{streamSize16}, uint16(n))) + packet
	default:
		return string(binary.BigEndian.AppendUint64([]byte{streamSize64}, uint64(n))) + packet
	}
}

func (c *streamClient) sendRaw(data string) {
	c.t.Helper()
	c.conn.SetWriteDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(c.conn, data); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		c.t.Fatal(err)
	}
}

func (c *streamClient) send(packet string) { c.t.Helper(); c.sendRaw(streamText(packet)) }

// read returns the next packet; a binary one has the prefix "binary:".
func (c *streamClient) read() string {
	c.t.Helper()
	packet, err := c.next()
	if err != nil {
		c.t.Fatal(err)
	}
	return packet
}

func (c *streamClient) next() (string, error) {
	c.conn.SetReadDeadline(time.Now().Add(patience))
	head := make([]byte, 1, streamMaxHead)
	if _, err := io.ReadFull(c.conn, head); err != nil {
		return "", err
	}
	head = head[:streamHeadSize(head[0])]
	if _, err := io.ReadFull(c.conn, head[1:]); err != nil {
		return "", err
	}
	packet := make([]byte, streamSize(head))
	if _, err := io.ReadFull(c.conn, packet); err != nil {
		return "", err
	}
	if head[0]&streamBinary != 0 {
		return "binary:" + string(packet), nil
	}
	return string(packet), nil
}

func (c *streamClient) expect(want ...string) {
	c.t.Helper()
	for _, w := range want {
		if got := c.read(); got != w {
			c.t.Fatalf("got %.100q, want %.100q", got, w)
		}
	}
}

func (c *streamClient) expectClose() {
	c.t.Helper()
	for {
		_, err := c.next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			c.t.Fatal(err)
		}
	}
}

var withStreams = Options{Transports: []string{TransportPolling, TransportWebSocket, TransportWebTransport}}

func TestStream_CarriesMessagesOfAllSizes(t *testing.T) {
	s := start(t, withStreams)
	c := s.openStream()
	h := s.handler()
	if got := h.session.Transport(); got != TransportWebTransport {
		t.Errorf("transport %q", got)
	}
	for _, size := range []int{1, 124, 125, 126, 65_534, 65_535, 300_000} {
		message := "4" + strings.Repeat("x", size)
		c.send(message)
		c.expect(message)
	}
	c.sendRaw("\x83abc")
	c.expect("binary:abc")
	large := strings.Repeat("b", 200)
	c.sendRaw("\xFE\x00\xC8" + large)
	c.expect("binary:" + large)
	c.sendRaw("\x80")
	h.session.Send(0, NewText(nil))
	if got := c.read() + c.read(); got != "b4" && got != "4b" {
		t.Errorf("empty messages arrive as %q", got)
	}
}

func TestStream_PacketsInPieces(t *testing.T) {
	s := start(t, withStreams)
	c := s.openStream()
	message := "4" + strings.Repeat("y", 200)
	for _, b := range []byte(streamText(message) + streamText("4z")) {
		c.sendRaw(string([]byte{b}))
	}
	c.expect(message, "4z")
}

func TestStream_UpgradesASessionThatPolls(t *testing.T) {
	s := start(t, withStreams)
	_, body := s.get(s.url("EIO=4&transport=polling"))
	hello := parseHandshake(t, body)
	if got := fmt.Sprint(hello.Upgrades); got != "[websocket webtransport]" {
		t.Errorf("upgrades %v", got)
	}
	answer := s.poll(hello.SID)
	c := s.dialStream(streamText(`0{"sid":"` + hello.SID + `"}`))
	c.send("2probe")
	c.expect("3probe")
	if got := receiveAnswer(t, answer); got != "200 6" {
		t.Errorf("the waiting poll got %q", got)
	}
	h := s.handler()
	h.session.Send(0, NewText([]byte("queued")), NewBinary([]byte("b")))
	c.send("5")
	c.expect("4queued", "binary:b")
	if got := h.session.Transport(); got != TransportWebTransport {
		t.Errorf("transport %q", got)
	}
	again := s.dialStream(streamText(`0{"sid":"` + hello.SID + `"}`))
	again.expectClose()
	c.send("4alive")
	c.expect("4alive")
}

func TestStream_Closes(t *testing.T) {
	s := start(t, withStreams)
	c := s.openStream()
	c.send("1")
	c.expectClose()
	if got := s.handler().reason(t); got != ReasonTransportClose {
		t.Errorf("reason %q", got)
	}

	c = s.openStream()
	h := s.handler()
	h.session.Send(Deferred, NewText([]byte("last words")))
	h.session.Close(ReasonForcedClose)
	c.expect("4last words")
	c.expectClose()

	c = s.openStream()
	c.conn.Close()
	if got := s.handler().reason(t); got != ReasonTransportClose {
		t.Errorf("reason %q", got)
	}
}

func TestStream_WhatEndsASession(t *testing.T) {
	s := start(t, withStreams)
	for data, want := range map[string]Reason{
		"\x00":                                 ReasonTransportError,
		"\x7E\x00\x00":                         ReasonTransportError,
		"\x7F\x00\x00\x00\x00\x00\x0F\x42\x41": ReasonTooLarge,
		"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF": ReasonTooLarge,
		"\x01x":                                ReasonParseError,
		"\x012":                                ReasonParseError,
		"\x024\xff":                            ReasonParseError,
	} {
		c := s.openStream()
		c.sendRaw(data)
		c.expectClose()
		if got := s.handler().reason(t); got != want {
			t.Errorf("%q: reason %q, want %q", data, got, want)
		}
	}
}

func TestStream_Refusals(t *testing.T) {
	var refused []string
	opts := withStreams
	opts.UpgradeTimeout = 50 * time.Millisecond
	opts.Refused = func(_ *http.Request, err *RequestError) { refused = append(refused, err.Message) }
	opts.Authorize = func(r *http.Request, s *Session) error {
		if s != nil {
			return errors.New("Not you")
		}
		return nil
	}
	s := start(t, opts)
	sid := s.openPolling()
	for first, want := range map[string]string{
		streamText("4"): "Bad request",
		"\x810":         "Bad request",
		"\x00":          "Bad request",
		streamText("0" + strings.Repeat(" ", 2000)): "Bad request",
		streamText("0{"):                     "Bad request",
		"\x05":                               "Bad request", // and no more
		streamText(`0{"sid":"none"}`):        "Session ID unknown",
		streamText(`0{"sid":"` + sid + `"}`): "Not you",
	} {
		refused = nil
		s.dialStream(first).expectClose()
		if len(refused) != 1 || refused[0] != want {
			t.Errorf("%.20q: refused %q, want %q", first, refused, want)
		}
	}
	if status, _ := s.get(s.url("EIO=4&transport=webtransport")); status != 400 {
		t.Errorf("a request over HTTP is answered %d", status)
	}
	start(t, Options{}).dialStream("").expectClose()
}

// FuzzStream checks that packets come out the same however the stream is cut,
// and as an obvious reading of the framing finds them.
func FuzzStream(f *testing.F) {
	f.Add([]byte("\x024a\x83abc\x7E\x00\x014"), uint8(1))
	f.Add([]byte("\x7F\x00\x00\x00\x00\x00\x00\x00\x024a\x00"), uint8(4))
	f.Add([]byte("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), uint8(9))
	f.Add([]byte("\x01\xff"), uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, cut uint8) {
		const limit = 300
		want, wantCode := slowStream(data, limit)
		var got []string
		var parser streamParser
		code := 0
		for rest := bytes.Clone(data); len(rest) > 0 && code == 0; {
			n := min(len(rest), int(cut)+1)
			err := parser.parse(rest[:n], limit, func(packet []byte, binary bool) error {
				got = append(got, fmt.Sprint(binary, packet))
				return nil
			})
			var violation *wsconn.CloseError
			if errors.As(err, &violation) {
				code = violation.Code
			}
			rest = rest[n:]
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || code != wantCode {
			t.Errorf("got %v and %d, want %v and %d", got, code, want, wantCode)
		}
	})
}

func slowStream(data []byte, limit uint64) (packets []string, code int) {
	for len(data) > 0 {
		isBinary, size := data[0] >= 0x80, uint64(data[0]&0x7F)
		head := map[bool]int{true: 1}[size < 126]
		switch {
		case size == 126 && len(data) >= 3:
			head, size = 3, uint64(data[1])<<8|uint64(data[2])
		case size == 127 && len(data) >= 9:
			head, size = 9, 0
			for _, b := range data[1:9] {
				size = size<<8 | uint64(b)
			}
		}
		switch {
		case head == 0:
			return packets, 0
		case size == 0 && !isBinary:
			return packets, wsconn.CloseProtocolError
		case size > limit:
			return packets, wsconn.CloseTooBig
		case uint64(len(data)-head) < size:
			return packets, 0
		}
		body := data[head : head+int(size)]
		if !isBinary && strings.ToValidUTF8(string(body), "") != string(body) {
			return packets, wsconn.CloseInvalidData
		}
		packets = append(packets, fmt.Sprint(isBinary, body))
		data = data[head+int(size):]
	}
	return packets, 0
}
