package app_test

import (
	"testing"
	"time"

	"parley/internal/config"
	"parley/internal/wire"
)

func TestDelivered_IsToldWhenTheOtherOneHasItOnASocket(t *testing.T) {
	parley := start(t, fleeting)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	first := ann.ok(wire.MessageSend, m{"to": "bob", "body": "are you there?"}).Message
	if got := next[wire.ReadPush](ann, wire.Delivered); got != (wire.ReadPush{Room: first.Room, User: bob.me.ID, Seq: 1}) {
		t.Errorf("got %+v", got)
	}
	bob.none(wire.Delivered)
	parley.leave(t, bob)
	second := ann.ok(wire.MessageSend, m{"to": "bob", "body": "and now?"}).Message
	ann.none(wire.Delivered)
	if got := receiptOf(t, ann, first.Room); got.Delivered != 1 || got.Seen != 0 {
		t.Errorf("while bob is away: %+v", got)
	}
	bob = parley.device(t, "bob")
	if got := next[wire.ReadPush](ann, wire.Delivered); got.Seq != second.Seq {
		t.Errorf("got %+v", got)
	}
	bob.ok(wire.ReadSet, m{"room": first.Room, "seq": 2})
	if got := next[wire.ReadPush](ann, wire.ReadChanged); got.Seq != 2 {
		t.Errorf("got %+v", got)
	}
	if got := receiptOf(t, ann, first.Room); got.Seen != 2 || got.SeenAt.IsZero() {
		t.Errorf("after reading: %+v", got)
	}
}

// fleeting lets whoever closes the last socket be gone at once.
func fleeting(c *config.Serve) { c.PresenceGrace = time.Millisecond }

// leave closes a person's only socket and waits until the server knows.
func (p *parley) leave(t *testing.T, d *device) {
	t.Helper()
	watcher := p.person(t, d.me.Name+"-watcher")
	watcher.ok(wire.PresenceWatch, m{"users": []any{d.me.ID}})
	d.client.Close()
	next[[]wire.PresenceState](watcher, wire.Presence)
}

// receiptOf is how far the other one in a dm is, after a reload.
func receiptOf(t *testing.T, d *device, dm wire.ID) wire.Receipt {
	t.Helper()
	for _, head := range d.ok(wire.Sync, m{}).heads(t) {
		if head.Room.ID == dm && len(head.Receipts) == 1 {
			return head.Receipts[0]
		}
	}
	t.Fatalf("%s has no receipt of room %s", d.me.Name, dm)
	return wire.Receipt{}
}

func TestReceipts_WhoHidesThemSeesNone(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	dm := ann.ok(wire.MessageSend, m{"to": "bob", "body": "psst"}).Message.Room
	next[wire.ReadPush](ann, wire.Delivered)
	bob.ok(wire.UserUpdate, m{"prefs": m{"receipts": false}})
	bob.ok(wire.ReadSet, m{"room": dm, "seq": 1})
	bob.ok(wire.MessageSend, m{"to": "ann", "body": "what?"})
	ann.ok(wire.ReadSet, m{"room": dm, "seq": 2})
	for _, d := range []*device{ann, bob} {
		d.none(wire.ReadChanged)
		d.none(wire.Delivered)
		for _, head := range d.ok(wire.Sync, m{}).heads(t) {
			if len(head.Receipts) > 0 {
				t.Errorf("%s sees %+v", d.me.Name, head.Receipts)
			}
		}
	}
	if got := bob.refused(wire.MessageSeen, m{"room": dm, "seq": 2}); got.Code != "forbidden" {
		t.Errorf("got %+v", got)
	}
	if got := ann.ok(wire.MessageSeen, m{"room": dm, "seq": 1}); got.Count != 0 || len(got.Users) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestPresence_WhoHidesItIsNotSeenAndSeesNobody(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	watch := func(d, other *device) wire.PresenceState {
		t.Helper()
		states := d.ok(wire.PresenceWatch, m{"users": []any{other.me.ID}}).States
		if len(states) != 1 {
			t.Fatalf("got %+v", states)
		}
		return states[0]
	}
	if got := watch(ann, bob); got.State != "online" || got.Hidden {
		t.Errorf("got %+v", got)
	}
	bob.ok(wire.UserUpdate, m{"prefs": m{"presence": false}})
	gone := next[[]wire.PresenceState](ann, wire.Presence)
	hidden := wire.PresenceState{User: bob.me.ID, State: "offline", Hidden: true}
	if len(gone) != 1 || gone[0] != hidden {
		t.Errorf("got %+v", gone)
	}
	if got := watch(ann, bob); got != hidden {
		t.Errorf("asked again: %+v", got)
	}
	if got := watch(bob, ann); got.State != "offline" || !got.Hidden {
		t.Errorf("bob sees ann: %+v", got)
	}
	if got := watch(bob, bob); got.State != "online" || got.Hidden {
		t.Errorf("bob sees himself: %+v", got)
	}
	watch(bob, ann)
	chen := parley.person(t, "chen")
	watch(chen, ann)
	bob.ok(wire.PresenceSet, m{"state": "dnd"})
	ann.ok(wire.PresenceSet, m{"state": "away"})
	next[[]wire.PresenceState](chen, wire.Presence)
	bob.none(wire.Presence)
	second := parley.dial(t, m{"token": bob.token})
	second.me = bob.me
	next[wire.ReadyPush](second, wire.Ready)
	if got := watch(second, bob); got.State != "dnd" {
		t.Errorf("bob's other device sees him: %+v", got)
	}
	bob.ok(wire.UserUpdate, m{"prefs": m{"presence": nil}})
	back := next[[]wire.PresenceState](ann, wire.Presence)
	if len(back) != 1 || back[0].State != "dnd" || back[0].Hidden {
		t.Errorf("what ann heard next: %+v", back)
	}
	if got := watch(bob, ann); got.State != "away" {
		t.Errorf("bob sees ann: %+v", got)
	}
}

func TestPresence_OfSomebodyWhoHidesItAndIsAwayIsNotTold(t *testing.T) {
	dir := t.TempDir()
	first := startIn(t, dir, nil)
	first.person(t, "ann")
	bob := first.person(t, "bob")
	bob.ok(wire.UserUpdate, m{"prefs": m{"presence": false}})
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	parley := startIn(t, dir, nil)
	ann := parley.device(t, "ann")
	states := ann.ok(wire.PresenceWatch, m{"users": []any{bob.me.ID}}).States
	if len(states) != 1 || !states[0].Hidden || !states[0].LastSeen.IsZero() {
		t.Errorf("got %+v", states)
	}
	parley.device(t, "bob")
	ann.none(wire.Presence)
}

func TestTyping_WhoHidesItIsNotSeenAndSeesNobody(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.TypingInterval = time.Nanosecond })
	ann, bob, chen := parley.person(t, "ann"), parley.person(t, "bob"), parley.person(t, "chen")
	bob.ok(wire.UserUpdate, m{"prefs": m{"typing": false}})
	bob.ok(wire.Typing, m{})
	next[wire.MePush](bob, wire.UserChanged) // from here on his sockets are told nothing
	ann.ok(wire.Typing, m{})
	if got := next[wire.TypingPush](chen, wire.Typing); got.User.Name != "ann" {
		t.Errorf("chen sees %+v type", got)
	}
	bob.none(wire.Typing)
	second := parley.dial(t, m{"token": bob.token})
	next[wire.ReadyPush](second, wire.Ready)
	ann.ok(wire.Typing, m{})
	second.none(wire.Typing)
	ann.none(wire.Typing)

	bob.ok(wire.UserUpdate, m{"prefs": m{"typing": true}})
	next[wire.MePush](bob, wire.UserChanged)
	bob.ok(wire.Typing, m{})
	if got := next[wire.TypingPush](ann, wire.Typing); got.User.Name != "bob" {
		t.Errorf("got %+v", got)
	}
	chen.ok(wire.Typing, m{})
	for _, d := range []*device{bob, second} {
		if got := next[wire.TypingPush](d, wire.Typing); got.User.Name != "chen" {
			t.Errorf("got %+v", got)
		}
	}
}

func TestRoute_SaysWhoseSocketsItReachedAndWhoCameBack(t *testing.T) {
	parley := start(t, fleeting)
	ann, bob, chen := parley.person(t, "ann"), parley.person(t, "bob"), parley.person(t, "chen")
	parley.person(t, "dee") // of no concern
	room := ann.ok(wire.RoomCreate, m{"name": "Design", "members": []string{"bob", "chen"}}).Room.ID
	parley.focused(t, bob) // looks elsewhere
	parley.leave(t, chen)
	began := time.Now().Add(-time.Millisecond)
	ann.ok(wire.MessageSend, m{"room": room, "body": "hello"})
	route := func(d *device) answer { return d.ok(wire.MessageRoute, m{"room": room, "seq": 1}) }
	parley.eventually(t, "the route is known", func() bool { return !route(ann).At.IsZero() })
	got := route(ann)
	if got.Reached != 2 || got.Of != 3 || got.Away != 1 || got.Back != 0 || got.Hidden || got.At.Before(began.Truncate(time.Millisecond)) {
		t.Errorf("got %+v", got)
	}
	parley.device(t, "chen")
	if got = route(ann); got.Away != 1 || got.Back != 1 || got.BackAt.Before(got.At.Time) {
		t.Errorf("after chen has come back: %+v", got)
	}
	bob.ok(wire.UserUpdate, m{"prefs": m{"presence": false}})
	if got = route(ann); got.Reached != 1 || got.Of != 1 || got.Away != 1 || !got.Hidden {
		t.Errorf("bob is not counted: %+v", got)
	}
	if got := bob.refused(wire.MessageRoute, m{"room": room, "seq": 1}); got.Code != "forbidden" {
		t.Errorf("got %+v", got)
	}
	if got := ann.refused(wire.MessageRoute, m{"room": room}); got.Code != "invalid" || got.Field != "seq" {
		t.Errorf("got %+v", got)
	}
}
