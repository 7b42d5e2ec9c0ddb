package engineio

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"parley/socketio/internal/wsconn"
)

// client is the client's side of a WebSocket.
type client struct {
	t       *testing.T
	conn    net.Conn
	buffer  *bufio.Reader
	parser  wsconn.Parser
	frames  []string // received, not yet asked for
	closing int      // code of the close frame received, 0 if none
}

// dial opens a WebSocket for the query, sends first behind the request at
// once, and fails the test unless it is accepted.
func (s *testServer) dial(query, first string) *client {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.http.Listener.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	return newClient(s.t, conn, query, first)
}

func newClient(t *testing.T, conn net.Conn, query, first string) *client {
	t.Helper()
	t.Cleanup(func() { conn.Close() })
	c := &client{t: t, conn: conn, buffer: bufio.NewReader(conn)}
	c.parser = wsconn.NewParser(&wsconn.Config{MaxMessage: 64 << 20, MaxFragments: 1, Client: true})
	c.connect(upgradeRequest(query) + first)
	return c
}

// connect sends the request and reads the answer.
func (c *client) connect(request string) *http.Response {
	c.t.Helper()
	c.sendRaw(request)
	response, err := http.ReadResponse(c.buffer, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		c.t.Fatalf("upgrade answered %d", response.StatusCode)
	}
	return response
}

func upgradeRequest(query string) string {
	return "GET /engine.io/?" + query + " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
}

// openWebSocket opens a session over WebSocket and consumes the open packet.
func (s *testServer) openWebSocket() *client {
	s.t.Helper()
	c := s.dial("EIO=4&transport=websocket", "")
	parseHandshake(s.t, c.read())
	return c
}

// masked is a client's frame as it goes over the wire.
func masked(op wsconn.Opcode, payload string) string {
	return string(wsconn.AppendMasked(nil, op, []byte(payload), [4]byte{1, 2, 3, 4}))
}

func (c *client) sendRaw(data string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, data); err != nil {
		c.t.Fatalf("write: %v", err)
	}
}

func (c *client) send(text string) { c.t.Helper(); c.sendRaw(masked(wsconn.OpText, text)) }

func (c *client) sendBinary(data string) { c.t.Helper(); c.sendRaw(masked(wsconn.OpBinary, data)) }

// Message is called by the parser.
func (c *client) Message(payload []byte, binary bool) error {
	if binary {
		c.frames = append(c.frames, "binary:"+string(payload))
	} else {
		c.frames = append(c.frames, string(payload))
	}
	return nil
}

// Control is called by the parser.
func (c *client) Control(op wsconn.Opcode, payload []byte) error {
	switch op {
	case wsconn.OpClose:
		c.closing = wsconn.CloseCode(payload)
	case wsconn.OpPong:
		c.frames = append(c.frames, "pong:"+string(payload))
	}
	return nil
}

// fill reads once from the connection.
func (c *client) fill() error {
	c.conn.SetReadDeadline(time.Now().Add(patience))
	buf := make([]byte, 64<<10)
	n, err := c.buffer.Read(buf)
	if n > 0 {
		if err := c.parser.Parse(buf[:n], c); err != nil {
			c.t.Fatalf("the server violates RFC 6455: %v", err)
		}
	}
	return err
}

// read returns the next message; a binary one has the prefix "binary:".
func (c *client) read() string {
	c.t.Helper()
	for len(c.frames) == 0 {
		if err := c.fill(); err != nil {
			c.t.Fatalf("read: %v (close code %d)", err, c.closing)
		}
	}
	next := c.frames[0]
	c.frames = c.frames[1:]
	return next
}

// expect reads messages and compares.
func (c *client) expect(want ...string) {
	c.t.Helper()
	for _, w := range want {
		if got := c.read(); got != w {
			c.t.Fatalf("got %.100q, want %.100q", got, w)
		}
	}
}

// expectClose reads to the end of the connection and checks the close code;
// 0 means that no close frame came.
func (c *client) expectClose(code int) {
	c.t.Helper()
	var err error
	for err == nil {
		err = c.fill()
	}
	if nerr, ok := err.(net.Error); ok && nerr.Timeout() {
		c.t.Fatal("the server has not closed the connection")
	}
	if c.closing != code {
		c.t.Errorf("close code %d, want %d", c.closing, code)
	}
}
