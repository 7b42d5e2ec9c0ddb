package metrics_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"parley/socketio"
	"parley/socketio/metrics"
	"parley/socketio/socketiotest"
)

// visit has three clients come, of which one goes, and emit events.
func visit(t *testing.T, io *socketio.Server, server *socketiotest.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	var clients []*socketiotest.Client
	for range 3 {
		client, err := server.Dial(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(client.Close)
		clients = append(clients, client)
	}
	for _, name := range []string{"/made-up-1", "/made-up-2"} {
		if _, err := clients[0].Connect(ctx, name, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, event := range []string{"ok", "fail", "panic", "made up 1", "made up 2"} {
		if _, err := clients[0].Call(ctx, event); err != nil {
			t.Fatal(err)
		}
	}
	clients[2].Close()
	for io.Len() != 2 || io.Engine().Len() != 2 {
		time.Sleep(time.Millisecond)
	}
}

func TestCollector_ShowsWhatTheServerHolds(t *testing.T) {
	io := socketio.New(&socketio.Options{Logger: slog.New(slog.DiscardHandler)})
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error { return s.Join("room") })
	io.HandleFunc("ok", func(_ context.Context, e *socketio.Event) error { return e.Ack() })
	io.HandleFunc("fail", func(context.Context, *socketio.Event) error { return errors.New("no") })
	io.HandleFunc("panic", func(context.Context, *socketio.Event) error { panic("no") })
	io.HandleUnknown(socketio.HandlerFunc(func(_ context.Context, e *socketio.Event) error { return e.Ack() }))
	io.OfMatching(func(string) bool { return true })
	collector := metrics.New(io)
	collector.Watch(io.Namespace)
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(collector)
	server := socketiotest.NewServer(io)
	t.Cleanup(server.Close)

	visit(t, io, server)
	want := `
# HELP socketio_connections Open Engine.IO sessions.
# TYPE socketio_connections gauge
socketio_connections 2
# HELP socketio_connections_closed_total Ended Engine.IO sessions.
# TYPE socketio_connections_closed_total counter
socketio_connections_closed_total{reason="transport close"} 1
# HELP socketio_rooms Rooms with sockets, without those of single sockets.
# TYPE socketio_rooms gauge
socketio_rooms{namespace="(dynamic)"} 0
socketio_rooms{namespace="/"} 1
# HELP socketio_sockets Connected sockets.
# TYPE socketio_sockets gauge
socketio_sockets{namespace="(dynamic)"} 2
socketio_sockets{namespace="/"} 2
`
	err := testutil.GatherAndCompare(registry, strings.NewReader(want),
		"socketio_connections", "socketio_connections_closed_total", "socketio_rooms", "socketio_sockets")
	if err != nil {
		t.Error(err)
	}
	counts := eventCounts(t, registry)
	for series, count := range map[string]uint64{"ok ok": 1, "fail error": 1, "panic error": 1, "(unhandled) ok": 2} {
		if counts[series] != count {
			t.Errorf("%s: %d, want %d; all: %v", series, counts[series], count, counts)
		}
	}
}

// eventCounts returns how many events were measured, by name and result.
func eventCounts(t *testing.T, registry *prometheus.Registry) map[string]uint64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]uint64{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if h := m.GetHistogram(); h != nil {
				counts[m.GetLabel()[0].GetValue()+" "+m.GetLabel()[2].GetValue()] = h.GetSampleCount()
			}
		}
	}
	return counts
}
