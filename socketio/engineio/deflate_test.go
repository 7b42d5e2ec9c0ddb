package engineio

import (
	"bufio"
	"compress/flate"
	"net"
	"strings"
	"testing"

	"parley/socketio/internal/wsconn"
)

// openDeflating opens a session over WebSocket, with compression if the
// server agrees.
func (s *testServer) openDeflating() (c *client, agreed bool) {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.http.Listener.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.Close() })
	c = &client{t: s.t, conn: conn, buffer: bufio.NewReader(conn)}
	c.parser = wsconn.NewParser(&wsconn.Config{MaxMessage: 1 << 20, MaxFragments: 1, Client: true, Deflate: true})
	request := strings.TrimSuffix(upgradeRequest(websocketQuery), "\r\n")
	response := c.connect(request + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n")
	parseHandshake(s.t, c.read())
	return c, response.Header.Get("Sec-WebSocket-Extensions") != ""
}

func TestDeflate_IsOffByDefault(t *testing.T) {
	s := start(t, Options{})
	c, agreed := s.openDeflating()
	if agreed {
		t.Error("the server agrees")
	}
	c.send("4a")
	c.expect("4a")
}

func TestDeflate_SendsOneCompressedFrameToAll(t *testing.T) {
	s := start(t, Options{PerMessageDeflate: &PerMessageDeflate{Level: flate.BestCompression}})
	first, agreed := s.openDeflating()
	if !agreed {
		t.Fatal("the server does not agree")
	}
	one := s.handler().session
	second, _ := s.openDeflating()
	other := s.handler().session
	plain := s.openWebSocket()
	third := s.handler().session

	text, binary := strings.Repeat("again and ", 1000), strings.Repeat("\x00", 10_000)
	frames := []*Frame{NewText([]byte(text)), NewBinary([]byte(binary)), NewText([]byte("short"))}
	for _, session := range []*Session{one, other, third} {
		if err := session.Send(Compress|Deferred, frames...); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []*client{first, second, plain} {
		c.expect("4"+text, "binary:"+binary, "4short")
	}
	if wire := frames[0].deflated.Load(); wire == nil || len(*wire) > 200 {
		t.Error("the long text is not compressed")
	}
	if frames[2].deflated.Load() != nil {
		t.Error("a text below the threshold is compressed")
	}
}

func TestDeflate_ABombIsRefused(t *testing.T) {
	s := start(t, Options{MaxPayload: 10_000, PerMessageDeflate: &PerMessageDeflate{}})
	c, _ := s.openDeflating()
	deflater := wsconn.Deflater{Level: flate.BestCompression}
	frame, err := deflater.AppendFrame(nil, wsconn.OpText, []byte("4"+strings.Repeat("x", 1_000_000)))
	if err != nil {
		t.Fatal(err)
	}
	body := frame[len(frame)-int(frame[3])-int(frame[2])<<8:]
	masked := wsconn.AppendMasked(nil, wsconn.OpText, body, [4]byte{1, 2, 3, 4})
	masked[0] |= 0x40
	c.sendRaw(string(masked))
	c.expectClose(wsconn.CloseTooBig)
	if got := s.handler().reason(t); got != ReasonTooLarge {
		t.Errorf("reason %q", got)
	}
}
