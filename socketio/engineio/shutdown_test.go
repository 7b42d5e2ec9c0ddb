package engineio

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestShutdown_DeliversWhatIsQueuedAndReleasesAll(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{CloseTimeout: patience})
		sid := s.openPolling()
		polling := s.handler()
		answer := s.poll(sid)
		c := s.openWebSocket()
		socket := s.handler()
		socket.session.Send(Deferred, NewText([]byte("last words")))
		done := make(chan error, 1)
		go func() { done <- s.Shutdown(context.Background()) }()
		if got := receiveAnswer(t, answer); got != "200 1" {
			t.Errorf("the waiting poll got %q", got)
		}
		c.expect("4last words")
		c.expectClose(1001)
		c.conn.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
		for _, h := range []*recorder{polling, socket} {
			if got := h.reason(t); got != ReasonServerShutdown {
				t.Errorf("reason %q", got)
			}
		}
		if status, body := s.get(s.url("EIO=4&transport=polling")); status != 503 {
			t.Errorf("a handshake is answered %d %s", status, body)
		}
		if answer := s.raw(upgradeRequest(websocketQuery)); !strings.HasPrefix(answer, "HTTP/1.1 400 ") {
			t.Errorf("an upgrade is answered %q", answer)
		}
	})
}

func TestShutdown_DropsWhoDoesNotReadWhenTheContextEnds(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{CloseTimeout: time.Hour})
		s.openWebSocket()
		s.handler().session.Send(0, NewText([]byte(strings.Repeat("x", 64<<20))))
		s.openPolling()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		defer cancel()
		if err := s.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if s.Len() != 0 {
			t.Errorf("%d sessions are left", s.Len())
		}
	})
}

func TestTLS_SpeaksWebSocketToo(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		secure := httptest.NewTLSServer(s.Server)
		t.Cleanup(secure.Close)
		config := secure.Client().Transport.(*http.Transport).TLSClientConfig
		conn, err := tls.Dial("tcp", secure.Listener.Addr().String(), config)
		if err != nil {
			t.Fatal(err)
		}
		c := newClient(t, conn, websocketQuery, "")
		parseHandshake(t, c.read())
		message := "4" + strings.Repeat("x", 300_000)
		c.send(message)
		c.expect(message)
		c.send("1")
		c.expectClose(1000)
	})
}

// Sessions that open, talk, upgrade and end in all ways at the same time, so
// that the race detector and the accounts at the end can find mistakes.
func TestStress_SessionsThatComeAndGo(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{PingInterval: 50 * time.Millisecond, PingTimeout: time.Second})
		const clients, rounds = 16, 12
		stop := make(chan struct{})
		broadcasting := s.broadcastUntil(stop)
		var running sync.WaitGroup
		for i := range clients {
			running.Go(func() {
				for round := range rounds {
					s.visit(i+round, fmt.Sprintf("4from %d in %d", i, round))
				}
			})
		}
		running.Wait()
		close(stop)
		<-broadcasting
		await(t, "all sessions to end", func() bool { return s.Len() == 0 })
		total := 0
		for _, n := range s.Closed() {
			total += n
		}
		if total != clients*rounds {
			t.Errorf("%d sessions were closed, want %d: %v", total, clients*rounds, s.Closed())
		}
	})
}

// broadcastUntil sends to all sessions until stop is closed.
func (s *testServer) broadcastUntil(stop chan struct{}) (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		frame := NewText([]byte("to all"))
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
			s.mu.Lock()
			sessions := make([]*Session, 0, len(s.sessions))
			for _, session := range s.sessions {
				sessions = append(sessions, session)
			}
			s.mu.Unlock()
			for _, session := range sessions {
				session.Send(Deferred, frame)
			}
		}
	}()
	return done
}

// visit opens a session, has one message echoed and ends it, in the way that
// kind says.
func (s *testServer) visit(kind int, message string) {
	query, end := websocketQuery, kind%4
	if kind%2 == 0 {
		query += "&sid=" + s.openPolling()
	}
	c := s.dial(query, "")
	if kind%2 == 0 {
		c.send("2probe")
		c.waitFor("3probe")
		c.send("5")
	}
	c.send(message)
	c.waitFor(message)
	switch end {
	case 0:
		c.send("1")
		c.fillToEnd()
	case 1:
		c.sendRaw("\x00\x00")
		c.fillToEnd()
	}
	c.conn.Close()
}

// waitFor reads up to a message.
func (c *client) waitFor(want string) {
	for c.read() != want {
	}
}

func (c *client) fillToEnd() {
	for c.fill() == nil {
	}
}
