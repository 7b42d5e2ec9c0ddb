package engineio

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

// recorder is a Handler that notes what it is told and echoes messages if echo
// is set.
type recorder struct {
	session *Session
	echo    bool

	mu       sync.Mutex // guards the fields below
	messages []string
	reasons  []Reason
	closed   chan struct{}
}

func (r *recorder) Message(data []byte, binary bool) {
	r.mu.Lock()
	r.messages = append(r.messages, string(data))
	r.mu.Unlock()
	if !r.echo {
		return
	}
	if binary {
		r.session.Send(0, NewBinary(bytes.Clone(data)))
	} else {
		r.session.Send(0, NewText(bytes.Clone(data)))
	}
}

func (r *recorder) Closed(reason Reason) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reasons = append(r.reasons, reason)
	if len(r.reasons) == 1 {
		close(r.closed)
	}
}

func (r *recorder) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.messages...)
}

// reason waits for the end of the session and returns why it ended.
func (r *recorder) reason(t *testing.T) Reason {
	t.Helper()
	select {
	case <-r.closed:
	case <-time.After(patience):
		t.Fatal("the session has not ended")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.reasons) != 1 {
		t.Fatalf("Closed was called with %v", r.reasons)
	}
	return r.reasons[0]
}

// testServer is a Server behind a real HTTP server. Its sessions echo.
type testServer struct {
	*Server
	t    *testing.T
	http *httptest.Server
	open chan *recorder // gets the handler of each session
}

// starter is the type of start.
type starter func(*testing.T, Options) *testServer

// overDrivers runs f once per driver, with a start that uses it.
func overDrivers(t *testing.T, f func(t *testing.T, start starter)) {
	t.Run("best driver", func(t *testing.T) { f(t, start) })
	t.Run("goroutine per connection", func(t *testing.T) {
		f(t, func(t *testing.T, opts Options) *testServer {
			opts.GoroutinePerConn = true
			return start(t, opts)
		})
	})
}

// start serves with opts, of which Open is set unless it is given.
func start(t *testing.T, opts Options) *testServer {
	t.Helper()
	server := &testServer{t: t, open: make(chan *recorder, 1000)}
	setDefault(&opts.CloseTimeout, 100*time.Millisecond)
	if opts.Open == nil {
		opts.Open = func(s *Session, r *http.Request) Handler {
			h := &recorder{session: s, echo: true, closed: make(chan struct{})}
			server.open <- h
			return h
		}
	}
	server.Server = New(&opts)
	server.http = httptest.NewServer(server.Server)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		server.http.Client().CloseIdleConnections()
		server.http.Close()
	})
	return server
}

// handler returns the handler of the session that was opened last.
func (s *testServer) handler() *recorder {
	s.t.Helper()
	select {
	case h := <-s.open:
		return h
	case <-time.After(patience):
		s.t.Fatal("no session was opened")
		return nil
	}
}

func (s *testServer) url(query string) string { return s.http.URL + "/engine.io/?" + query }

func (s *testServer) poller(sid string) string {
	return s.url("EIO=4&transport=polling&sid=" + sid)
}

// do sends a request and returns the status and the body.
func (s *testServer) do(method, url, body string) (int, string) {
	s.t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := s.http.Client().Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

func (s *testServer) get(url string) (int, string) { s.t.Helper(); return s.do("GET", url, "") }
func (s *testServer) post(url, body string) (int, string) {
	s.t.Helper()
	return s.do("POST", url, body)
}

// handshake is the body of an open packet.
type handshake struct {
	SID          string
	Upgrades     []string
	PingInterval int
	PingTimeout  int
	MaxPayload   int
}

func parseHandshake(t *testing.T, packet string) handshake {
	t.Helper()
	var h handshake
	if !strings.HasPrefix(packet, "0") {
		t.Fatalf("%q is no open packet", packet)
	}
	if err := json.Unmarshal([]byte(packet[1:]), &h); err != nil {
		t.Fatalf("open packet %q: %v", packet, err)
	}
	return h
}

// openPolling opens a session over polling and returns its id.
func (s *testServer) openPolling() string {
	s.t.Helper()
	status, body := s.get(s.url("EIO=4&transport=polling"))
	if status != 200 {
		s.t.Fatalf("handshake answered %d %s", status, body)
	}
	return parseHandshake(s.t, body).SID
}

// poll starts a GET and returns a channel with its answer, once the server
// waits to answer it.
func (s *testServer) poll(sid string) <-chan string {
	s.t.Helper()
	answer := make(chan string, 1)
	go func() {
		status, body := s.get(s.poller(sid))
		answer <- fmt.Sprintf("%d %s", status, body)
	}()
	session := s.session(sid)
	await(s.t, "the poll to wait", func() bool {
		session.mu.Lock()
		defer session.mu.Unlock()
		return session.polling.wake != nil
	})
	return answer
}

// await polls a condition that other goroutines make true.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func receiveAnswer(t *testing.T, answer <-chan string) string {
	t.Helper()
	select {
	case got := <-answer:
		return got
	case <-time.After(patience):
		t.Fatal("no answer")
		return ""
	}
}
