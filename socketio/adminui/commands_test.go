package adminui_test

import (
	"errors"
	"testing"

	"parley/socketio/adminui"
	"parley/socketio/socketiotest"
)

func TestCommands_ActOnOneARoomOrAll(t *testing.T) {
	server := serveRooms(t, development)
	page := watch(t, server)
	until(t, page, "all_sockets", nil)
	ann, bob := dial(t, server, nil), dial(t, server, nil)

	must(t, page.Emit("join", "/", "tea", ann.ID()))
	until(t, page, "room_joined", about("/", "tea", ann.ID()))
	must(t, page.Emit("join", "/", "all", nil))
	must(t, page.Emit("emit", "/", "tea", "hello", 1, []byte{2}))
	must(t, page.Emit("emit", "/", nil, "bye"))
	var number int
	var data []byte
	must(t, ann.Expect(testContext(t), "hello", &number, &data))
	if number != 1 || len(data) != 1 || data[0] != 2 {
		t.Errorf("got %d and %v", number, data)
	}
	must(t, ann.Expect(testContext(t), "bye"))
	must(t, bob.Expect(testContext(t), "bye"))

	must(t, page.Emit("leave", "/", "tea", ann.ID()))
	until(t, page, "room_left", about("/", "tea", ann.ID()))
	must(t, page.Emit("leave", "/", "all"))
	until(t, page, "room_left", about("/", "all"))

	must(t, page.Emit("_disconnect", "/", false, ann.ID()))
	if _, err := ann.Next(testContext(t)); !errors.Is(err, socketiotest.ErrDisconnected) {
		t.Errorf("ann: %v", err)
	}
	must(t, page.Emit("_disconnect", "/", true))
	if _, err := bob.Next(testContext(t)); err == nil {
		t.Error("bob is still there")
	}
}

func TestCommands_ThatMakeNoSenseChangeNothing(t *testing.T) {
	server := serveRooms(t, development)
	page := watch(t, server)
	guest := dial(t, server, nil)
	for _, command := range [][]any{
		{"emit"}, {"emit", "/", guest.ID(), "disconnect"}, {"emit", "/none", nil, "x"}, {"join", "/"}, {"join", 1, 2, 3},
		{"join", "/", "room", 4}, {"leave", "/none", "room"}, {"_disconnect", "/", "yes"}, {"_disconnect", "/none", true}, {"unknown"},
	} {
		name, ok := command[0].(string)
		if !ok {
			t.Fatal("not a name")
		}
		must(t, page.Emit(name, command[1:]...))
	}
	must(t, page.Emit("emit", "/", guest.ID(), "end"))
	must(t, guest.Expect(testContext(t), "end"))
}

func TestReadOnly_RefusesCommands(t *testing.T) {
	server := serveRooms(t, adminui.Options{NoAuthentication: true, ReadOnly: true})
	page := watch(t, server)
	var got struct{ SupportedFeatures []string }
	must(t, page.Expect(testContext(t), "config", &got))
	if len(got.SupportedFeatures) != 1 || got.SupportedFeatures[0] != "AGGREGATED_EVENTS" {
		t.Errorf("features %v", got.SupportedFeatures)
	}
	guest := dial(t, server, nil)
	must(t, page.Emit("emit", "/", nil, "hello"))
	must(t, page.Emit("_disconnect", "/", true))
	until(t, page, "server_stats", nil)
	must(t, guest.Emit("echo"))
	must(t, guest.Expect(testContext(t), "echoed"))
}
