package socketio_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

// quiet returns options that log to the test.
func quiet(t *testing.T) *socketio.Options {
	return &socketio.Options{Logger: slog.New(slog.NewTextHandler(t.Output(), nil))}
}

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func start(t *testing.T, io *socketio.Server) *socketiotest.Server {
	server := socketiotest.NewServer(io)
	t.Cleanup(server.Close)
	return server
}

// dial connects a client that is closed at the end of the test.
func dial(t *testing.T, server *socketiotest.Server, opts *socketiotest.Options) *socketiotest.Client {
	t.Helper()
	client, err := server.Dial(testContext(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// expect waits for an event and decodes its one argument.
func expect[T any](t *testing.T, client *socketiotest.Client, event string) T {
	t.Helper()
	var value T
	if err := client.Expect(testContext(t), event, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// settled makes sure that all that was sent to a client before has come, and
// that nothing is left: the server is asked to echo.
func settled(t *testing.T, client *socketiotest.Client) {
	t.Helper()
	if err := client.Emit("settle"); err != nil {
		t.Fatal(err)
	}
	if err := client.Expect(testContext(t), "settled"); err != nil {
		t.Fatal(err)
	}
}

// handleSettle registers the handler that settled needs.
func handleSettle(n *socketio.Namespace) {
	n.HandleFunc("settle", func(_ context.Context, e *socketio.Event) error { return e.Socket.Emit("settled") })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually waits until something is so that nobody tells of.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// got waits for a value from a channel.
func got[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("waited in vain")
		panic("unreachable")
	}
}

// logBuffer keeps what is logged.
type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) contains(s string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Contains(b.text.String(), s)
}
