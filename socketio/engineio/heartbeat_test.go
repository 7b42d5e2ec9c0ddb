package engineio

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/socketio/internal/wsconn"
)

// pipes is a listener whose connections are ends of net.Pipe, so that a whole
// HTTP server runs in a bubble with its own time.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours, nil
}

// inBubble runs f against a server over net.Pipe, with times of its own.
func inBubble(t *testing.T, f func(t *testing.T, s *testServer, dial func(query string) *client)) {
	synctest.Test(t, func(t *testing.T) {
		s := &testServer{t: t, open: make(chan *recorder, 10)}
		s.Server = New(&Options{
			PingInterval: 300 * time.Millisecond,
			PingTimeout:  200 * time.Millisecond,
			CloseTimeout: 50 * time.Millisecond,
			AllowEIO3:    true,
			Open: func(session *Session, r *http.Request) Handler {
				h := &recorder{session: session, echo: true, closed: make(chan struct{})}
				s.open <- h
				return h
			},
		})
		listener := &pipes{make(chan net.Conn), make(chan struct{})}
		server := &http.Server{Handler: s.Server}
		go server.Serve(listener)
		f(t, s, func(query string) *client {
			conn, _ := listener.dial(context.Background(), "", "")
			return newClient(t, conn, query, "")
		})
		if err := s.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		server.Close()
	})
}

func TestHeartbeat_AWebSocketThatAnswersLives(t *testing.T) {
	inBubble(t, func(t *testing.T, s *testServer, dial func(string) *client) {
		c := dial(websocketQuery)
		parseHandshake(t, c.read())
		for range 10 {
			began := time.Now()
			c.expect("2")
			if took := time.Since(began); took != 300*time.Millisecond {
				t.Errorf("the ping came after %v", took)
			}
			c.send("3")
		}
		c.conn.Close()
		s.handler().reason(t)
	})
}

func TestHeartbeat_AWebSocketThatIsSilentDies(t *testing.T) {
	inBubble(t, func(t *testing.T, s *testServer, dial func(string) *client) {
		began := time.Now()
		c := dial(websocketQuery)
		parseHandshake(t, c.read())
		c.expect("2")
		c.expectClose(wsPingTimeout)
		if got := s.handler().reason(t); got != ReasonPingTimeout {
			t.Errorf("reason %q", got)
		}
		if took := time.Since(began); took != 500*time.Millisecond {
			t.Errorf("it took %v", took)
		}
	})
}

func TestHeartbeat_AnyTrafficCountsAsAnAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T, s *testServer, dial func(string) *client) {
		c := dial(websocketQuery)
		parseHandshake(t, c.read())
		for range 5 {
			c.expect("2")
			c.sendRaw(masked(wsconn.OpPong, ""))
		}
		c.conn.Close()
		if got := s.handler().reason(t); got != ReasonTransportClose {
			t.Errorf("reason %q", got)
		}
	})
}

func TestHeartbeat_AClientThatReadsSomethingLargeLives(t *testing.T) {
	inBubble(t, func(t *testing.T, s *testServer, dial func(string) *client) {
		c := dial(websocketQuery)
		parseHandshake(t, c.read())
		h := s.handler()
		h.session.Send(0, NewText([]byte(strings.Repeat("x", 4_000_000))))
		buf := make([]byte, 64<<10)
		for range 30 { // 3 s, six times what silence is allowed to take
			time.Sleep(100 * time.Millisecond)
			if _, err := c.conn.Read(buf); err != nil {
				t.Fatal(err)
			}
		}
		if s.Len() != 1 {
			t.Error("the session ended while its client was reading")
		}
		time.Sleep(time.Second) // it reads no more
		if got := h.reason(t); got != ReasonPingTimeout {
			t.Errorf("reason %q", got)
		}
		c.conn.Close()
	})
}

func TestHeartbeat_APollingSessionIsPingedAndDiesSilent(t *testing.T) {
	inBubble(t, func(t *testing.T, s *testServer, dial func(string) *client) {
		began := time.Now()
		_, body := s.call("")
		sid := parseHandshake(t, body).SID
		status, body := s.call(sid)
		if status != 200 || body != "2" {
			t.Fatalf("poll answered %d %q", status, body)
		}
		if took := time.Since(began); took != 300*time.Millisecond {
			t.Errorf("the ping came after %v", took)
		}
		time.Sleep(200 * time.Millisecond)
		synctest.Wait()
		if status, _ := s.call(sid); status != 400 {
			t.Errorf("a poll after the timeout is answered %d", status)
		}
		if got := s.handler().reason(t); got != ReasonPingTimeout {
			t.Errorf("reason %q", got)
		}
	})
}

// call polls without a network.
func (s *testServer) call(sid string) (int, string) {
	query := "EIO=4&transport=polling"
	if sid != "" {
		query += "&sid=" + sid
	}
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, httptest.NewRequest("GET", "/engine.io/?"+query, nil))
	return answer.Code, answer.Body.String()
}
