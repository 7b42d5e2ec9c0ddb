package app_test

import (
	"sync"
	"testing"

	"parley/internal/wire"
)

// focused is another socket of a person, with delivery "focus".
func (p *parley) focused(t *testing.T, d *device) (*device, wire.ReadyPush) {
	t.Helper()
	f := p.dial(t, m{"token": d.token, "delivery": "focus"})
	f.me, f.token = d.me, d.token
	return f, next[wire.ReadyPush](f, wire.Ready)
}

func TestFocus_RoomsThatNobodyLooksAtSendTheirHeadsOnly(t *testing.T) {
	parley := start(t, lenient)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	glancing, _ := parley.focused(t, bob)
	const burst = 30
	for range burst {
		ann.ok(wire.MessageSend, m{"body": "busy here, @bob"})
	}
	heads, head := 0, wire.Head{}
	for head.LastSeq < burst {
		head = next[wire.Head](glancing, wire.RoomHead)
		heads++
	}
	if heads > 5 {
		t.Errorf("%d heads of %d messages in a moment", heads, burst)
	}
	if head.Unread != burst || head.Mentions != burst || head.LastMessage.Body == "" || head.LastMessage.CID != "" {
		t.Errorf("got %+v", head)
	}
	glancing.none(wire.MessageNew)
	for range burst {
		next[wire.MessagePush](bob, wire.MessageNew) // by default all is told
	}
	bob.none(wire.RoomHead)

	dm := ann.ok(wire.MessageSend, m{"to": "bob", "body": "psst"}).Message
	if got := next[wire.MessagePush](glancing, wire.MessageNew); got.Message.ID != dm.ID {
		t.Errorf("direct messages are always full: %+v", got)
	}
	ann.ok(wire.RoomCreate, m{"name": "Design", "members": []string{"bob"}})
	ann.ok(wire.RoomUpdate, m{"room": "Design", "topic": "told to all members"})
	if got := next[wire.RoomPush](glancing, wire.RoomChanged); got.Room.Topic != "told to all members" {
		t.Errorf("got %+v", got)
	}
}

func TestFocus_ARoomThatIsLookedAtIsToldWhole(t *testing.T) {
	parley := start(t, lenient)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	first := ann.ok(wire.MessageSend, m{"body": "before"}).Message
	client, ready := parley.focused(t, bob)
	room := ready.Rooms[0]

	if got := client.ok(wire.RoomFocus, m{"room": room.Room.ID}); got.ToRev != room.LastRev {
		t.Errorf("got %+v", got)
	}
	if got := client.ok(wire.RoomFocus, m{"room": "#everyone", "since": first.Rev - 1}); len(got.Messages) != 1 || got.ToRev != first.Rev {
		t.Errorf("with since: %+v", got)
	}
	ann.ok(wire.MessageSend, m{"body": "seen"})
	if got := next[wire.MessagePush](client, wire.MessageNew); got.Message.Body != "seen" {
		t.Errorf("got %+v", got)
	}
	client.none(wire.RoomHead)
	client.ok(wire.RoomBlur, m{"room": room.Room.ID})
	client.ok(wire.RoomBlur, m{"room": room.Room.ID})
	last := ann.ok(wire.MessageSend, m{"body": "not seen"}).Message
	if got := next[wire.Head](client, wire.RoomHead); got.LastSeq != last.Seq {
		t.Errorf("got %+v", got)
	}
	client.none(wire.MessageNew)
}

func TestFocus_BadRequestsAreRefused(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	secret := ann.ok(wire.RoomCreate, m{"name": "Secret", "private": true}).Room.ID
	open := ann.ok(wire.RoomCreate, m{"name": "Open"}).Room.ID
	client, _ := parley.focused(t, bob)
	for _, test := range []struct {
		event   string
		payload m
		code    string
	}{
		{wire.RoomFocus, m{}, "not_found"},
		{wire.RoomFocus, m{"room": 7}, "invalid"},
		{wire.RoomFocus, m{"room": "nowhere"}, "not_found"},
		{wire.RoomFocus, m{"room": secret}, "not_found"},
		{wire.RoomFocus, m{"room": open}, "forbidden"},
		{wire.RoomFocus, m{"room": "Everyone", "since": "1"}, "invalid"},
		{wire.RoomFocus, m{"room": "Everyone", "since": -1}, "invalid"},
		{wire.RoomBlur, m{"room": secret}, "not_found"},
	} {
		if got := client.refused(test.event, test.payload); string(got.Code) != test.code {
			t.Errorf("%s %v: %+v", test.event, test.payload, got)
		}
	}
	ann.ok(wire.MessageSend, m{"room": secret, "body": "hush"})
	ann.ok(wire.MessageSend, m{"room": open, "body": "members only"})
	client.none(wire.MessageNew)
	client.none(wire.RoomHead)
	if data := parley.refusedDial(t, m{"token": bob.token, "delivery": "some"}, nil); data != `{"code":"invalid"}` {
		t.Errorf("got %s", data)
	}
}

// A room is looked at right after joining it, and whoever is kicked sees no more
// of it, also if they looked at it at that moment.
func TestRace_FocusWhileJoiningAndWhileKicked(t *testing.T) {
	parley := start(t, lenient)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	room := ann.ok(wire.RoomCreate, m{"name": "Design"}).Room.ID
	client, _ := parley.focused(t, bob)
	client.ok(wire.RoomFocus, m{"room": "Everyone"})
	for range 20 {
		client.ok(wire.RoomJoin, m{"room": room})
		client.ok(wire.RoomFocus, m{"room": room})
		ann.ok(wire.MessageSend, m{"room": room, "body": "welcome"})
		if got := next[wire.MessagePush](client, wire.MessageNew); got.Message.Body != "welcome" {
			t.Fatalf("got %q", got.Message.Body)
		}
		client.ok(wire.RoomBlur, m{"room": room})
		var both sync.WaitGroup
		both.Go(func() { client.call(wire.RoomFocus, m{"room": room}) })
		both.Go(func() { ann.ok(wire.RoomKick, m{"room": room, "user": "bob"}) })
		both.Wait()
		ann.ok(wire.MessageSend, m{"room": room, "body": "without bob"})
		ann.ok(wire.MessageSend, m{"body": "for all"})
		if got := next[wire.MessagePush](client, wire.MessageNew); got.Message.Body != "for all" {
			t.Fatalf("who was kicked got %q", got.Message.Body)
		}
	}
}
