package app_test

import (
	"sync"
	"testing"

	"parley/internal/wire"
)

func TestKick_CutsAPersonOffAllTheirDevicesAtOnce(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	second := parley.device(t, "bob")
	room := ann.ok(wire.RoomCreate, m{"name": "Secret", "private": true, "members": []string{"bob"}}).Room.ID
	if got := bob.refused(wire.RoomKick, m{"room": room, "user": "ann"}); got.Code != "forbidden" {
		t.Errorf("a plain member kicks: %+v", got)
	}
	if got := ann.ok(wire.RoomKick, m{"room": room, "user": "bob"}).Room; got.MembersCount != 1 {
		t.Errorf("got %+v", got)
	}
	ann.ok(wire.MessageSend, m{"room": room, "body": "without bob"})
	ann.ok(wire.MessageSend, m{"body": "for all"})
	for _, d := range []*device{bob, second} {
		if got := next[wire.RemovedPush](d, wire.RoomRemoved); got.Room != room || got.Reason != "kicked" {
			t.Errorf("got %+v", got)
		}
		if got := next[wire.MessagePush](d, wire.MessageNew); got.Message.Body != "for all" {
			t.Errorf("who was kicked got %q", got.Message.Body)
		}
	}
	if got := next[wire.MemberPush](ann, wire.MemberChanged); !got.Left { // bob coming to Everyone
		got = next[wire.MemberPush](ann, wire.MemberChanged)
		if !got.Left || got.Room != room || got.User.ID != bob.me.ID {
			t.Errorf("got %+v", got)
		}
	}
	if got := bob.refused(wire.MessageSend, m{"room": room, "body": "still here?"}); got.Code != "not_found" {
		t.Errorf("got %+v", got)
	}
}

// After a kick is answered nothing newer reaches the person, not even on a
// socket that was connecting at that moment.
func TestRace_KickedWhileConnecting(t *testing.T) {
	parley := start(t, lenient)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	room := ann.ok(wire.RoomCreate, m{"name": "Design", "private": true}).Room.ID
	for range 20 {
		ann.ok(wire.RoomInvite, m{"room": room, "users": []string{"bob"}})
		var late *device
		var both sync.WaitGroup
		both.Go(func() { late = parley.dial(t, m{"token": bob.token}) })
		both.Go(func() { ann.ok(wire.RoomKick, m{"room": room, "user": "bob"}) })
		both.Wait()
		ready := next[wire.ReadyPush](late, wire.Ready)
		ann.ok(wire.MessageSend, m{"room": room, "body": "without bob"})
		ann.ok(wire.MessageSend, m{"body": "for all"})
		for _, d := range []*device{late, bob} {
			if got := next[wire.MessagePush](d, wire.MessageNew); got.Message.Body != "for all" {
				t.Fatalf("who was kicked got %q", got.Message.Body)
			}
		}
		if len(ready.Rooms) == 2 { // ready still had the room, so its end must have been told after it
			next[wire.RemovedPush](late, wire.RoomRemoved)
		}
		late.client.Close()
	}
}

func TestRole_IsGivenByOwnersAndToldToTheRoom(t *testing.T) {
	parley := start(t, nil)
	ann, bob, eve := parley.person(t, "ann"), parley.person(t, "bob"), parley.person(t, "eve")
	room := ann.ok(wire.RoomCreate, m{"name": "Design", "members": []string{"bob", "eve"}}).Room.ID
	ann.ok(wire.RoomRole, m{"room": room, "user": "bob", "role": "moderator"})
	for _, d := range []*device{bob, eve} {
		got := next[wire.MemberPush](d, wire.MemberChanged)
		for got.Room != room { // somebody came to Everyone
			got = next[wire.MemberPush](d, wire.MemberChanged)
		}
		if got.User.ID != bob.me.ID || got.Role != "moderator" || got.Joined || got.Left || got.Rev != 2 {
			t.Errorf("got %+v", got)
		}
	}
	bob.ok(wire.RoomKick, m{"room": room, "user": "eve"})
	for _, test := range []struct {
		by      *device
		event   string
		payload m
		code    string
	}{
		{bob, wire.RoomRole, m{"room": room, "user": "ann", "role": "member"}, "forbidden"},
		{bob, wire.RoomKick, m{"room": room, "user": "ann"}, "forbidden"},
		{ann, wire.RoomRole, m{"room": room, "user": "ann", "role": "member"}, "conflict"},
		{ann, wire.RoomRole, m{"room": room, "user": "bob", "role": "king"}, "invalid"},
		{ann, wire.RoomRole, m{"room": room, "user": "bob", "role": 7}, "invalid"},
		{ann, wire.RoomRole, m{"room": room, "user": "eve", "role": "member"}, "not_found"},
		{ann, wire.RoomKick, m{"room": room}, "not_found"},
		{ann, wire.RoomKick, m{"room": "Everyone", "user": "bob"}, "forbidden"},
	} {
		if got := test.by.refused(test.event, test.payload); string(got.Code) != test.code {
			t.Errorf("%s %v: %+v", test.event, test.payload, got)
		}
	}
}

func TestRoomUpdate_IsOneRevThatItsMembersSee(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	room := ann.ok(wire.RoomCreate, m{"name": "Design", "members": []string{"bob"}}).Room.ID
	ann.ok(wire.RoomUpdate, m{"room": room, "name": "Launch", "topic": "soon", "post_policy": "moderators", "retention_days": 30})
	got := next[wire.RoomPush](bob, wire.RoomChanged)
	if got.Rev != 2 || got.Room.ID != room || got.Room.Name != "Launch" || got.Room.Topic != "soon" ||
		got.Room.PostPolicy != "moderators" || got.Room.Retention != 30 {
		t.Errorf("got %+v", got)
	}
	if got := bob.refused(wire.MessageSend, m{"room": room, "body": "may I?"}); got.Code != "forbidden" {
		t.Errorf("got %+v", got)
	}
	ann.ok(wire.RoomUpdate, m{"room": room, "archived": true})
	if got := next[wire.RoomPush](bob, wire.RoomChanged); got.Rev != 3 || got.Room.ArchivedAt.IsZero() {
		t.Errorf("got %+v", got)
	}
	for _, test := range []struct {
		payload m
		code    string
		field   string
	}{
		{m{"room": room, "name": "Again"}, "forbidden", ""},
		{m{"room": "Everyone", "archived": true}, "forbidden", ""},
		{m{"room": room, "archived": "yes"}, "invalid", "archived"},
		{m{"room": room, "retention_days": "7"}, "invalid", "retention_days"},
		{m{"room": room, "post_policy": "nobody", "archived": false}, "invalid", "post_policy"},
	} {
		if got := ann.refused(wire.RoomUpdate, test.payload); string(got.Code) != test.code || got.Field != test.field {
			t.Errorf("%v: %+v", test.payload, got)
		}
	}
	bob.none(wire.RoomChanged)
}
