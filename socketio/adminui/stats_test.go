package adminui_test

import (
	"encoding/json"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/socketio"
	"parley/socketio/adminui"
	"parley/socketio/socketiotest"
)

// aggregate is how often something has happened.
type aggregate struct {
	Type, SubType string
	Count         int
}

func TestStats_TellWhatTheServerHolds(t *testing.T) {
	server := serve(t, adminui.Options{NoAuthentication: true, ServerID: "one"}, func(io *socketio.Server) { io.Of("/chat") })
	page := watch(t, server)
	var got struct {
		SupportedFeatures []string
	}
	must(t, page.Expect(testContext(t), "config", &got))
	want := []string{"EMIT", "JOIN", "LEAVE", "DISCONNECT", "MJOIN", "MLEAVE", "MDISCONNECT", "AGGREGATED_EVENTS"}
	if diff := cmp.Diff(want, got.SupportedFeatures); diff != "" {
		t.Error(diff)
	}
	first := until(t, page, "server_stats", nil)[0]
	if id, pid := member[string](t, first, "serverId"), member[int](t, first, "pid"); id != "one" || pid != os.Getpid() {
		t.Errorf("server %q, process %d", id, pid)
	}

	dial(t, server, &socketiotest.Options{Transport: socketiotest.Polling, Namespace: "/chat"})
	guest := dial(t, server, nil)
	stats := until(t, page, "server_stats", func(args []json.RawMessage) bool { return member[int](t, args[0], "clientsCount") == 3 })[0]
	if polling := member[int](t, stats, "pollingClientsCount"); polling != 1 {
		t.Errorf("%d poll", polling)
	}
	type namespace struct {
		Name         string
		SocketsCount int
	}
	until(t, page, "server_stats", func(args []json.RawMessage) bool {
		return cmp.Equal(member[[]namespace](t, args[0], "namespaces"), []namespace{{"/", 1}, {"/admin", 1}, {"/chat", 1}})
	})
	guest.Close()
	until(t, page, "server_stats", func(args []json.RawMessage) bool {
		return cmp.Equal(member[[]aggregate](t, args[0], "aggregatedEvents"), []aggregate{{"rawDisconnection", "transport close", 1}})
	})
}

func TestStats_CountConnectionsOnce(t *testing.T) {
	server := serve(t, adminui.Options{NoAuthentication: true}, nil)
	page := watch(t, server)
	for range 3 {
		dial(t, server, nil)
	}
	total := 0
	until(t, page, "server_stats", func(args []json.RawMessage) bool {
		for _, a := range member[[]aggregate](t, args[0], "aggregatedEvents") {
			if a.Type == "rawConnection" {
				total += a.Count
			}
		}
		return total >= 3
	})
	if total != 3 { // the page was there before it began to watch
		t.Errorf("%d connections", total)
	}
}

func TestStats_NothingIsDoneWhileNobodyWatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		servers := &bus{}
		io := socketio.New(&socketio.Options{Logger: logger(t), Adapter: servers.adapter()})
		must(t, adminui.Attach(io, &adminui.Options{NoAuthentication: true, Logger: logger(t)}))
		server := socketiotest.NewMemoryServer(io)
		defer server.Close()
		time.Sleep(time.Minute)
		if n := servers.count(); n != 0 {
			t.Errorf("%d reports before anybody watched", n)
		}
		page := watch(t, server)
		time.Sleep(time.Minute + time.Second)
		watched := servers.count()
		if watched != 30 {
			t.Errorf("%d reports in a minute", watched)
		}
		page.Close()
		synctest.Wait()
		time.Sleep(time.Minute)
		if n := servers.count(); n != watched {
			t.Errorf("%d reports after everybody had left", n-watched)
		}
	})
}

func TestStats_OfOtherServersComeWhileSomebodyWatches(t *testing.T) {
	servers := &bus{}
	var hosts []*socketiotest.Server
	for _, id := range []string{"one", "two"} {
		opts := adminui.Options{NoAuthentication: true, Development: true, ServerID: id}
		hosts = append(hosts, serveWith(t, &socketio.Options{Adapter: servers.adapter()}, opts, nil))
	}
	before := dial(t, hosts[1], nil)
	page := watch(t, hosts[0])
	all := until(t, page, "all_sockets", nil)[0]
	var sockets []struct{ ID, Transport, ClientID string }
	must(t, json.Unmarshal(all, &sockets))
	if len(sockets) != 2 || sockets[0].ID != before.ID() || sockets[0].Transport != "websocket" || len(sockets[0].ClientID) != 12 {
		t.Errorf("told of %s", all)
	}
	until(t, page, "server_stats", func(args []json.RawMessage) bool { return member[string](t, args[0], "serverId") == "two" })
	until(t, page, "server_stats", func(args []json.RawMessage) bool { return member[string](t, args[0], "serverId") == "one" })

	after := dial(t, hosts[1], nil)
	until(t, page, "socket_connected", func(args []json.RawMessage) bool { return member[string](t, args[0], "id") == after.ID() })
	after.Close()
	until(t, page, "socket_disconnected", about("/", after.ID()))
}
