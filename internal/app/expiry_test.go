package app_test

import (
	"testing"
	"time"

	"parley/internal/config"
	"parley/internal/wire"
)

func TestSession_ThatExpiresCutsItsSockets(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.SessionLife = time.Second })
	ann := parley.person(t, "ann")
	second := parley.dial(t, m{"token": ann.token})
	next[wire.ReadyPush](second, wire.Ready)
	for _, d := range []*device{ann, second} {
		if got := next[wire.RevokedPush](d, wire.SessionRevoked); got.Reason != "revoked" {
			t.Errorf("got %+v", got)
		}
		d.cut()
	}
	if data := parley.refusedDial(t, m{"token": ann.token}, nil); data != `{"code":"unauthorized"}` {
		t.Errorf("its token: %s", data)
	}
}

func TestLastSeen_OfThoseWhoAreHereIsStoredWhenTheServerStops(t *testing.T) {
	first := start(t, nil)
	first.person(t, "ann")
	bob := first.person(t, "bob")
	before := time.Now().Add(-time.Second)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again := startIn(t, first.dir, nil)
	watcher := again.dial(t, m{"token": bob.token})
	next[wire.ReadyPush](watcher, wire.Ready)
	states := watcher.ok(wire.PresenceWatch, m{"users": []string{"ann"}}).States
	if states[0].State != "offline" || states[0].LastSeen.Before(before) {
		t.Errorf("got %+v", states)
	}
}
