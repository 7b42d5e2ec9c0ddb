package socketio_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"parley/socketio"
	"parley/socketio/engineio"
	"parley/socketio/socketiotest"
)

// connectMany connects clients whose ends are reported with their time.
func connectMany(t *testing.T, io *socketio.Server, count int) (server *socketiotest.Server, ends chan time.Time) {
	ends = make(chan time.Time, count)
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
		s.OnDisconnect(func(socketio.Reason) { ends <- time.Now() })
		return nil
	})
	server = socketiotest.NewMemoryServer(io)
	for range count {
		client, err := server.Dial(testContext(t), nil)
		must(t, err)
		t.Cleanup(client.Close)
	}
	return server, ends
}

func TestDrain_SpreadsTheDisconnects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const count = 10
		io := socketio.New(quiet(t))
		server, ends := connectMany(t, io, count)
		defer server.Close()
		began := time.Now()
		drained := make(chan error, 1)
		go func() { drained <- io.Drain(context.Background(), 10*time.Second) }()
		synctest.Wait()
		if _, err := server.Dial(testContext(t), nil); err == nil {
			t.Error("a new client was let in")
		}
		must(t, <-drained)
		for i := range count {
			if after := (<-ends).Sub(began); after.Truncate(time.Second) != time.Duration(i)*time.Second {
				t.Errorf("disconnect %d after %v", i, after)
			}
		}
	})
}

func TestDrain_ClosesTheRestWhenItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io := socketio.New(quiet(t))
		server, ends := connectMany(t, io, 10)
		defer server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		if err := io.Drain(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		for range 10 {
			<-ends
		}
	})
}

func TestDrain_WithoutClientsReturnsAtOnce(t *testing.T) {
	must(t, socketio.New(quiet(t)).Drain(context.Background(), time.Hour))
}

func TestRefused_TellsCodeAndMessage(t *testing.T) {
	opts := quiet(t)
	type refusal struct {
		path, message string
		code          engineio.Code
	}
	refused := make(chan refusal, 10)
	opts.Engine.Refused = func(r *http.Request, err *engineio.RequestError) {
		refused <- refusal{r.URL.Path, err.Message, err.Code}
	}
	server := start(t, socketio.New(opts))
	for query, want := range map[string]refusal{
		"EIO=4&transport=tomtom":        {"/socket.io/", "Transport unknown", engineio.CodeTransportUnknown},
		"EIO=4&transport=polling&sid=x": {"/socket.io/", "Session ID unknown", engineio.CodeSessionUnknown},
		"EIO=4&transport=websocket":     {"/socket.io/", "Bad request", engineio.CodeBadRequest},
		"EIO=2&transport=polling":       {"/socket.io/", "Unsupported protocol version", engineio.CodeUnsupportedVersion},
	} {
		response, err := http.Get(server.URL + "/socket.io/?" + query)
		must(t, err)
		must(t, response.Body.Close())
		if r := got(t, refused); r != want {
			t.Errorf("%s: %+v", query, r)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}
