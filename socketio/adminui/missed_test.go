package adminui

import (
	"context"
	"testing"
	"time"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

// While a page is being told of all sockets, some come and some go.
func TestTellMissed_TellsWhatHasChangedMeanwhile(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	io := socketio.New(nil)
	a := &admin{io: io, ns: io.Of("/admin"), known: map[string]uint64{}}
	a.ns.OnConnect(func(_ context.Context, page *socketio.Socket) error {
		return a.tellMissed(page, map[string]bool{keyOf("/chat room", "ghost"): true, keyOf("/admin", page.ID()): true})
	})
	server := socketiotest.NewServer(io)
	defer server.Close()
	guest, err := server.Dial(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer guest.Close()
	page, err := server.Dial(ctx, &socketiotest.Options{Namespace: "/admin"})
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	var came struct{ ID string }
	if err := page.Expect(ctx, eventConnected, &came); err != nil || came.ID != guest.ID() {
		t.Errorf("came %q, %v", came.ID, err)
	}
	var namespace, gone string
	if err := page.Expect(ctx, eventDisconnected, &namespace, &gone); err != nil || namespace != "/chat room" || gone != "ghost" {
		t.Errorf("gone %q of %q, %v", gone, namespace, err)
	}
}
