package adminui_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/socketio"
	"parley/socketio/adminui"
	"parley/socketio/socketiotest"
)

var development = adminui.Options{NoAuthentication: true, Development: true}

// serveRooms starts a server on which clients join rooms, echo and name
// themselves.
func serveRooms(t *testing.T, opts adminui.Options) *socketiotest.Server {
	t.Helper()
	return serve(t, opts, func(io *socketio.Server) {
		tenants := io.OfMatching(func(name string) bool { return strings.HasPrefix(name, "/tenant-") })
		for _, n := range []*socketio.Namespace{io.Namespace, tenants} {
			n.Handle("join", socketio.Reply(func(_ context.Context, s *socketio.Socket, room string) (bool, error) {
				return true, s.Join(room)
			}))
			n.Handle("leave", socketio.Reply(func(_ context.Context, s *socketio.Socket, room string) (bool, error) {
				s.Leave(room)
				return true, nil
			}))
			n.Handle("name", socketio.Reply(func(_ context.Context, s *socketio.Socket, name string) (bool, error) {
				s.SetData(map[string]string{"name": name})
				return true, nil
			}))
			n.HandleFunc("echo", func(_ context.Context, e *socketio.Event) error {
				return e.Socket.Emit("echoed", e.Args.Values()...)
			})
		}
	})
}

func TestDevelopment_TellsOfAllSocketsWithoutTheirSecrets(t *testing.T) {
	server := serveRooms(t, development)
	header := http.Header{"Cookie": {"sid=abc"}, "Authorization": {"Bearer abc"}, "X-Forwarded-For": {"192.0.2.7"}, "X-Kind": {"guest"}}
	guest := dial(t, server, &socketiotest.Options{Header: header, Namespace: "/tenant-1"})
	_, err := guest.Call(testContext(t), "join", "tea")
	must(t, err)
	_, err = guest.Call(testContext(t), "name", "ann")
	must(t, err)

	page := watch(t, server)
	var all []json.RawMessage
	must(t, json.Unmarshal(until(t, page, "all_sockets", nil)[0], &all))
	if len(all) != 2 {
		t.Fatalf("told of %s", all)
	}
	got := all[1] // behind the page's own
	if id, nsp := member[string](t, got, "id"), member[string](t, got, "nsp"); id != guest.ID() || nsp != "/tenant-1" {
		t.Errorf("told of %s in %s", id, nsp)
	}
	if diff := cmp.Diff([]string{guest.ID(), "tea"}, member[[]string](t, got, "rooms")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"name": "ann"}, member[map[string]string](t, got, "data")); diff != "" {
		t.Error(diff)
	}
	handshake := member[json.RawMessage](t, got, "handshake")
	headers := member[map[string]string](t, handshake, "headers")
	if headers["x-kind"] != "guest" || headers["cookie"] != "" || headers["authorization"] != "" {
		t.Errorf("headers %v", headers)
	}
	if address := member[string](t, handshake, "address"); address != "192.0.2.7" {
		t.Errorf("address %s", address)
	}
	if sid := guest.Conn().Handshake.SID; strings.Contains(string(got), sid) {
		t.Error("the session's id is told")
	}
}

func TestDevelopment_TellsWhatHappens(t *testing.T) {
	server := serveRooms(t, development)
	page := watch(t, server)
	until(t, page, "all_sockets", nil)
	guest := dial(t, server, &socketiotest.Options{Namespace: "/tenant-1"})
	until(t, page, "room_joined", about("/tenant-1", guest.ID(), guest.ID()))
	connected := until(t, page, "socket_connected", func(args []json.RawMessage) bool { return member[string](t, args[0], "id") == guest.ID() })
	if transport := member[string](t, connected[0], "transport"); transport != "websocket" {
		t.Errorf("over %s", transport)
	}
	must(t, guest.Emit("join", "tea"))
	until(t, page, "room_joined", about("/tenant-1", "tea", guest.ID()))
	must(t, guest.Emit("leave", "tea"))
	until(t, page, "room_left", about("/tenant-1", "tea", guest.ID()))
	must(t, guest.Emit("name", "ann"))
	updated := until(t, page, "socket_updated", nil)[0]
	if id, data := member[string](t, updated, "id"), member[map[string]string](t, updated, "data"); id != guest.ID() || data["name"] != "ann" {
		t.Errorf("told %s", updated)
	}
	must(t, guest.Emit("echo", 1, []byte("two"), "three"))
	received := until(t, page, "event_received", func(args []json.RawMessage) bool { return strings.Contains(string(args[2]), "echo") })
	if got := string(received[2]); got != `["echo",1,"dHdv","three"]` {
		t.Errorf("received %s", got)
	}
	sent := until(t, page, "event_sent", about("/tenant-1", guest.ID()))
	if got := string(sent[2]); got != `["echoed",1,"dHdv","three"]` {
		t.Errorf("sent %s", got)
	}
	guest.Close()
	gone := until(t, page, "socket_disconnected", about("/tenant-1", guest.ID()))
	if got := string(gone[2]); got != `"transport close"` {
		t.Errorf("reason %s", got)
	}
}

func TestDevelopment_EventsAreBounded(t *testing.T) {
	opts := development
	opts.MaxEvents, opts.MaxEventBytes = 10, 20
	server := serveRooms(t, opts)
	page := watch(t, server)
	until(t, page, "all_sockets", nil)
	guest := dial(t, server, nil)
	must(t, guest.Emit("large", strings.Repeat("x", 50)))
	large := until(t, page, "event_received", nil)
	if got := string(large[2]); got != `["large","(52 bytes)"]` {
		t.Errorf("told %s", got)
	}
	const flood = 2000
	for range flood {
		must(t, guest.Emit("small"))
	}
	_, err := guest.Call(testContext(t), "join", "end")
	must(t, err)
	told := 0
	ctx := testContext(t)
	for {
		e, err := page.Next(ctx)
		must(t, err)
		if e.Name == "event_received" {
			told++
		}
		if e.Name == "room_joined" && about("/", "end")(e.Args.Raw) {
			break
		}
	}
	if told == 0 || told > flood/4 {
		t.Errorf("told of %d events", told)
	}
}

func TestProduction_TellsFiguresOnly(t *testing.T) {
	var asked atomic.Bool
	server := serve(t, adminui.Options{NoAuthentication: true}, func(io *socketio.Server) {
		io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
			s.SetData(encoded(func() { asked.Store(true) }))
			return nil
		})
	})
	guest := dial(t, server, nil)
	page := watch(t, server)
	must(t, guest.Emit("hello"))
	guest.Close()
	ctx := testContext(t)
	for reports := 0; reports < 4; {
		e, err := page.Next(ctx)
		must(t, err)
		switch e.Name {
		case "server_stats":
			reports++
		case "config":
		default:
			t.Errorf("told of %s %s", e.Name, e.Args.Raw)
		}
	}
	if asked.Load() {
		t.Error("the data of a socket was encoded")
	}
}

// encoded is told when it is encoded.
type encoded func()

func (e encoded) MarshalJSON() ([]byte, error) {
	e()
	return []byte("{}"), nil
}
