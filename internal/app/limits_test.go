package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/internal/config"
	"parley/internal/wire"
	"parley/socketio/socketiotest"
)

func TestSends_AreLimitedForEachUserOverAllDevices(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.SendsPerSecond, c.SendBurst = 1, 3 })
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	second := parley.device(t, "ann")
	for range 3 {
		ann.ok(wire.MessageSend, m{"body": "hi"})
	}
	got := second.refused(wire.MessageSend, m{"body": "hi"})
	if got.Code != "rate_limited" || got.RetryMS <= 0 || got.RetryMS > 1000 {
		t.Errorf("got %+v", got)
	}
	ann.ok(wire.Sync, m{})
	bob.ok(wire.MessageSend, m{"body": "hi"})
}

func TestSockets_AreLimitedForEachUser(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.SocketsPerUser = 2 })
	ann := parley.person(t, "ann")
	second := parley.dial(t, m{"token": ann.token})
	next[wire.ReadyPush](second, wire.Ready)
	if data := parley.refusedDial(t, m{"token": ann.token}, nil); data != `{"code":"rate_limited"}` {
		t.Errorf("by token: %s", data)
	}
	d := parley.dial(t, nil)
	if got := d.refused(wire.AuthLogin, m{"name": "ann", "password": passwordOf("ann")}); got.Code != "rate_limited" {
		t.Errorf("on the socket: %+v", got)
	}
	if in := d.ok(wire.AuthLogin, m{"name": "bob", "password": passwordOf("bob")}); in.User.Name != "bob" {
		t.Errorf("got %+v", in)
	}
	second.client.Close()
	parley.eventually(t, "the place of a socket that ended is free again", func() bool {
		client, err := parley.tryDial(t, m{"token": ann.token}, new(socketiotest.Options))
		if err != nil {
			return false
		}
		client.Close()
		return true
	})
}

func TestSockets_AreLimitedForEachAddress(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.SocketsPerAddress = 2; c.BehindProxy = true })
	from := func(address string) http.Header { return header("X-Forwarded-For", address) }
	parley.dialWith(t, nil, from("192.0.2.1"))
	parley.dialWith(t, nil, from("192.0.2.1"))
	if data := parley.refusedDial(t, nil, from("192.0.2.1")); data != `{"code":"rate_limited"}` {
		t.Errorf("got %s", data)
	}
	parley.dialWith(t, nil, from("192.0.2.2"))
}

func TestTyping_IsToldToTheOthersOncePerInterval(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.TypingInterval = time.Hour })
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	second := parley.device(t, "ann")
	for range 3 {
		ann.ok(wire.Typing, m{})
	}
	ann.ok(wire.MessageSend, m{"body": "done"})
	got := next[wire.TypingPush](bob, wire.Typing)
	if got.User.ID != ann.me.ID || got.TTLMS != 5000 {
		t.Errorf("got %+v", got)
	}
	next[wire.MessagePush](bob, wire.MessageNew)
	bob.none(wire.Typing)
	second.none(wire.Typing)
	ann.none(wire.Typing)

	ann.ok(wire.Typing, m{"to": "bob"}) // there is no such conversation yet, so there is nobody to tell
	dm := ann.ok(wire.MessageSend, m{"to": "bob", "body": "hi"}).Message.Room
	next[wire.MessagePush](bob, wire.MessageNew) // else bob's sockets may not be in the room yet
	ann.ok(wire.Typing, m{"to": "bob"})
	if got := next[wire.TypingPush](bob, wire.Typing); got.Room != dm {
		t.Errorf("got %+v", got)
	}
}

func TestPresence_IsToldToWhoWatches(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.PresenceGrace = 50 * time.Millisecond })
	ann, bob, eve := parley.person(t, "ann"), parley.person(t, "bob"), parley.person(t, "eve")
	states := ann.ok(wire.PresenceWatch, m{"users": []any{"bob", ann.me.ID}}).States
	want := []wire.PresenceState{{User: bob.me.ID, State: "online"}, {User: ann.me.ID, State: "online"}}
	if len(states) != 2 || states[0] != want[0] || states[1] != want[1] {
		t.Errorf("got %+v", states)
	}

	bob.ok(wire.PresenceSet, m{"state": "away"})
	bob.ok(wire.PresenceSet, m{"state": "dnd"})
	eve.ok(wire.PresenceSet, m{"state": "away"}) // whom nobody watches
	if got := next[[]wire.PresenceState](ann, wire.Presence); len(got) != 1 || got[0].User != bob.me.ID || got[0].State != "dnd" {
		t.Errorf("got %+v", got)
	}

	bob.client.Close()
	got := next[[]wire.PresenceState](ann, wire.Presence)
	if len(got) != 1 || got[0].State != "offline" || time.Since(got[0].LastSeen.Time) > time.Minute {
		t.Errorf("got %+v", got)
	}
	parley.eventually(t, "when bob was last seen is stored", func() bool {
		states := eve.ok(wire.PresenceWatch, m{"users": []string{"bob"}}).States
		return states[0].State == "offline" && !states[0].LastSeen.IsZero()
	})

	ann.ok(wire.PresenceWatch, m{"users": []string{}})
	parley.device(t, "bob")
	if got := next[[]wire.PresenceState](eve, wire.Presence); got[0].State != "online" {
		t.Errorf("got %+v", got)
	}
	ann.none(wire.Presence)
	eve.none(wire.Presence)
}

func TestPresence_OutlivesAReconnect(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	bob.ok(wire.PresenceSet, m{"state": "away"})
	bob.client.Close()
	again := parley.dial(t, m{"token": bob.token})
	next[wire.ReadyPush](again, wire.Ready)
	if states := ann.ok(wire.PresenceWatch, m{"users": []string{"bob"}}).States; states[0].State != "away" {
		t.Errorf("got %+v", states)
	}
}

func TestLogs_HoldNothingSecret(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	parley.post(t, "/api/v1/login", m{"name": "ann", "password": passwordOf("ann")}, nil)
	parley.refusedDial(t, m{"token": "a-token-that-is-wrong"}, nil)
	ann.ok(wire.MessageSend, m{"body": "a private word"})
	ann.client.Close()
	if err := parley.Close(); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{ann.token, passwordOf("ann"), "a-token-that-is-wrong", "a private word"} {
		if strings.Contains(parley.log.String(), secret) {
			t.Errorf("%q is in the log:\n%s", secret, parley.log)
		}
	}
}

// However a name is typed, the guesses at its password are counted together.
func TestLimits_GuessesAtOneAccountCountTogether(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.LoginsPerMinute, c.LoginBurst = 1, 3 })
	parley.person(t, "ann")
	stranger := parley.dial(t, nil)
	for _, typed := range []string{"ann", "@ANN", "ａｎｎ"} {
		if got := stranger.refused(wire.AuthLogin, m{"name": typed, "password": "a wrong guess"}); got.Code != "bad_credentials" {
			t.Errorf("%s: %+v", typed, got)
		}
	}
	if got := stranger.refused(wire.AuthLogin, m{"name": "Ａnn", "password": "a wrong guess"}); got.Code != "rate_limited" {
		t.Errorf("got %+v", got)
	}
}
