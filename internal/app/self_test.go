package app_test

import (
	"testing"
	"time"

	"parley/internal/wire"
)

func TestNotify_IsToldToMyDevicesAsAHead(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	second := parley.device(t, "ann")
	until := wire.Time{Time: time.Date(2030, 1, 2, 3, 4, 5, 6_000_000, time.UTC)}
	ann.ok(wire.RoomNotify, m{"room": "Everyone", "level": "none", "muted_until": until})
	for _, d := range []*device{ann, second} {
		if got := next[wire.Head](d, wire.RoomHead); got.Notify.Level != "none" || !got.Notify.MutedUntil.Equal(until.Time) || got.Room.Kind != "everyone" {
			t.Errorf("got %+v", got)
		}
	}
	for field, payload := range map[string]m{
		"level":       {"room": "Everyone", "level": "loud"},
		"muted_until": {"room": "Everyone", "level": "all", "muted_until": "tomorrow"},
	} {
		if got := ann.refused(wire.RoomNotify, payload); got.Code != "invalid" || got.Field != field {
			t.Errorf("%v: %+v", payload, got)
		}
	}
	bob.none(wire.RoomHead)
}

func TestDraft_IsOnMyOtherDevicesAndThereAfterAReload(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	second := parley.device(t, "ann")
	ann.ok(wire.DraftSet, m{"room": "Everyone", "body": "what I mean is"})
	if got := next[wire.Draft](second, wire.DraftChanged); got.Body != "what I mean is" || got.Room == 0 {
		t.Errorf("got %+v", got)
	}
	third := parley.dial(t, m{"token": ann.token})
	if ready := next[wire.ReadyPush](third, wire.Ready); len(ready.Drafts) != 1 || ready.Drafts[0].Body != "what I mean is" {
		t.Errorf("got %+v", ready.Drafts)
	}
	second.ok(wire.DraftSet, m{"room": "Everyone", "body": ""})
	if got := next[wire.Draft](ann, wire.DraftChanged); got.Body != "" {
		t.Errorf("got %+v", got)
	}
	if got := ann.refused(wire.DraftSet, m{"room": "Everyone"}); got.Code != "invalid" || got.Field != "body" {
		t.Errorf("got %+v", got)
	}
	second.none(wire.DraftChanged)
	bob.none(wire.DraftChanged)
}

func TestProfile_IsSeenByAllAndItsPreferencesByMeAlone(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	second := parley.device(t, "ann")
	ann.ok(wire.UserUpdate, m{"display_name": "Ann B.", "bio": "Builds", "prefs": m{"theme": "dark"}})
	if got := next[wire.MePush](second, wire.UserChanged); got.User.DisplayName != "Ann B." || string(got.User.Prefs) != `{"theme":"dark"}` {
		t.Errorf("my other device got %+v", got)
	}
	if got := next[wire.MePush](bob, wire.UserChanged); got.User.DisplayName != "Ann B." || got.User.Bio != "Builds" || got.User.Prefs != nil {
		t.Errorf("bob got %+v", got)
	}
	if got := bob.ok(wire.UserGet, m{"user": "@ann"}).User; got.Bio != "Builds" {
		t.Errorf("got %+v", got)
	}
	if got := bob.refused(wire.UserGet, m{"user": "nobody"}); got.Code != "not_found" {
		t.Errorf("got %+v", got)
	}
	for field, payload := range map[string]m{"prefs": {"prefs": "dark"}, "bio": {"bio": 7}, "display_name": {"display_name": "\u202e"}} {
		if got := ann.refused(wire.UserUpdate, payload); got.Code != "invalid" || got.Field != field {
			t.Errorf("%v: %+v", payload, got)
		}
	}
	bob.none(wire.UserChanged)
}

func TestBlock_IsShownToWhoBlockedAndEndsTheDirectMessages(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	second := parley.device(t, "ann")
	ann.ok(wire.MessageSend, m{"to": "bob", "body": "hi"})
	ann.ok(wire.BlockSet, m{"user": "bob", "on": true})
	if got := next[wire.UserPush](second, wire.UserChanged); got.User.ID != bob.me.ID || !got.User.Blocked {
		t.Errorf("got %+v", got)
	}
	for d, other := range map[*device]string{ann: "bob", bob: "ann"} {
		if got := d.refused(wire.MessageSend, m{"to": other, "body": "hello?"}); got.Code != "blocked" {
			t.Errorf("%s: %+v", d.me.Name, got)
		}
	}
	bob.none(wire.UserChanged)
	if got := ann.refused(wire.BlockSet, m{"user": "bob"}); got.Code != "invalid" || got.Field != "on" {
		t.Errorf("got %+v", got)
	}
	ann.ok(wire.BlockSet, m{"user": "bob", "on": false})
	bob.ok(wire.MessageSend, m{"to": "ann", "body": "hello again"})
}

func TestSessions_AreListedAndRevokedAtOnce(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.device(t, "ann"), parley.device(t, "bob")
	phone, tablet := parley.device(t, "ann"), parley.device(t, "ann")
	sessions := ann.ok(wire.SessionList, m{}).Sessions
	if len(sessions) != 3 {
		t.Fatalf("got %+v", sessions)
	}
	own := phone.ok(wire.SessionList, m{}).Sessions
	for _, s := range own {
		if s.Current {
			ann.ok(wire.SessionRevoke, m{"session": s.ID})
		}
	}
	if got := next[wire.RevokedPush](phone, wire.SessionRevoked); got.Reason != "revoked" {
		t.Errorf("got %+v", got)
	}
	phone.cut()
	if data := parley.refusedDial(t, m{"token": phone.token}, nil); data != `{"code":"unauthorized"}` {
		t.Errorf("its token: %s", data)
	}
	ann.ok(wire.SessionRevoke, m{"others": true})
	tablet.cut()
	sessions = ann.ok(wire.SessionList, m{}).Sessions
	if len(sessions) != 1 || !sessions[0].Current {
		t.Fatalf("got %+v", sessions)
	}
	if got := bob.refused(wire.SessionRevoke, m{"session": sessions[0].ID}); got.Code != "not_found" {
		t.Errorf("somebody else's: %+v", got)
	}
	if got := bob.refused(wire.SessionRevoke, m{}); got.Code != "invalid" {
		t.Errorf("neither: %+v", got)
	}
	ann.ok(wire.SessionRevoke, m{"session": sessions[0].ID}) // the own one: answered, then cut
	ann.cut()
}

// A profile that changes does not look like the end of a block, and preferences reach one's own devices only.
func TestUser_ChangesAreSeenAsEachOneSeesThePerson(t *testing.T) {
	parley := start(t, nil)
	ann, bob, eve := parley.person(t, "ann"), parley.person(t, "bob"), parley.person(t, "eve")
	bob.ok(wire.BlockSet, m{"user": "ann", "on": true})
	if got := next[wire.UserPush](bob, wire.UserChanged); !got.User.Blocked {
		t.Errorf("got %+v", got)
	}
	ann.ok(wire.UserUpdate, m{"bio": "new"})
	for d, blocked := range map[*device]bool{ann: false, bob: true, eve: false} {
		if got := next[wire.UserPush](d, wire.UserChanged); got.User.Bio != "new" || got.User.Blocked != blocked {
			t.Errorf("%s got %+v", d.me.Name, got)
		}
	}
	ann.ok(wire.UserUpdate, m{"prefs": m{"theme": "dark"}})
	if got := next[wire.MePush](ann, wire.UserChanged); string(got.User.Prefs) != `{"theme":"dark"}` {
		t.Errorf("got %+v", got)
	}
	bob.none(wire.UserChanged)
	eve.none(wire.UserChanged)
}
