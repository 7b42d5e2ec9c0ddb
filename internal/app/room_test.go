package app_test

import (
	"testing"

	"parley/internal/wire"
)

func TestRoom_IsMadeWithItsPeopleAndToldToThemAlone(t *testing.T) {
	parley := start(t, nil)
	ann, bob, eve := parley.person(t, "ann"), parley.person(t, "bob"), parley.person(t, "eve")
	made := ann.ok(wire.RoomCreate, m{"name": "Design", "topic": "Launch", "members": []string{"bob"}})
	if made.Room.Kind != "public" || made.Room.Name != "Design" || made.Room.Topic != "Launch" || made.Room.MembersCount != 2 {
		t.Errorf("got %+v", made.Room)
	}
	for d, role := range map[*device]string{ann: "owner", bob: "member"} {
		if got := next[wire.RoomNewPush](d, wire.RoomNew); got.Room.ID != made.Room.ID || got.Rev != 1 || got.LastRev != 1 || got.Role != role ||
			(got.By != nil) != (d == bob) || d == bob && got.By.ID != ann.me.ID {
			t.Errorf("%s got %+v", d.me.Name, got)
		}
	}
	bob.ok(wire.MessageSend, m{"room": "#design", "body": "nice room"})
	if got := next[wire.MessagePush](ann, wire.MessageNew); got.Message.Body != "nice room" {
		t.Errorf("got %+v", got)
	}
	if got := eve.refused(wire.MessageSend, m{"room": "design", "body": "me too"}); got.Code != "forbidden" {
		t.Errorf("got %+v", got)
	}
	if page := eve.ok(wire.RoomHistory, m{"room": "design"}); len(page.Messages) != 1 {
		t.Errorf("an open room can be read: %+v", page)
	}
	eve.none(wire.RoomNew)
	eve.none(wire.MessageNew)
	if got := ann.refused(wire.RoomCreate, m{"name": "DESIGN"}); got.Code != "conflict" {
		t.Errorf("the name is taken: %+v", got)
	}
}

func TestRoom_JoiningAndLeavingIsToldToItsMembers(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	second := parley.device(t, "bob")
	next[wire.MemberPush](ann, wire.MemberChanged) // bob came to Everyone
	room := ann.ok(wire.RoomCreate, m{"name": "Design"}).Room.ID

	if joined := bob.ok(wire.RoomJoin, m{"room": "design"}); joined.Room.MembersCount != 2 {
		t.Errorf("got %+v", joined.Room)
	}
	if got := next[wire.MemberPush](ann, wire.MemberChanged); got.User.ID != bob.me.ID || got.Room != room || got.Rev != 2 || got.Role != "member" || !got.Joined || got.Left {
		t.Errorf("got %+v", got)
	}
	for _, d := range []*device{bob, second} {
		if got := next[wire.RoomNewPush](d, wire.RoomNew); got.Room.ID != room || got.Rev != 2 || got.By != nil {
			t.Errorf("got %+v", got)
		}
	}
	ann.ok(wire.MessageSend, m{"room": room, "body": "welcome"})
	for _, d := range []*device{bob, second} {
		if got := next[wire.MessagePush](d, wire.MessageNew); got.Message.Body != "welcome" {
			t.Errorf("got %+v", got)
		}
		d.none(wire.MemberChanged)
	}

	bob.ok(wire.RoomLeave, m{"room": room})
	for _, d := range []*device{bob, second} {
		if got := next[wire.RemovedPush](d, wire.RoomRemoved); got.Room != room || got.Reason != "left" {
			t.Errorf("got %+v", got)
		}
	}
	if got := next[wire.MemberPush](ann, wire.MemberChanged); got.User.ID != bob.me.ID || !got.Left || got.Rev != 4 {
		t.Errorf("got %+v", got)
	}
	ann.ok(wire.MessageSend, m{"room": room, "body": "alone now"})
	ann.ok(wire.MessageSend, m{"body": "for all"})
	if got := next[wire.MessagePush](second, wire.MessageNew); got.Message.Body != "for all" {
		t.Errorf("who has left got %+v", got)
	}
}

func TestRoom_APrivateOneIsUnknownToOthersUntilTheyAreInvited(t *testing.T) {
	parley := start(t, nil)
	ann, bob, eve := parley.person(t, "ann"), parley.person(t, "bob"), parley.person(t, "eve")
	room := ann.ok(wire.RoomCreate, m{"name": "Secret", "private": true}).Room.ID
	for _, event := range []string{wire.RoomJoin, wire.RoomHistory, wire.RoomMembers} {
		if got := bob.refused(event, m{"room": room}); got.Code != "not_found" {
			t.Errorf("%s: %+v", event, got)
		}
	}
	if open := bob.ok(wire.RoomList, m{}).open(t); len(open) != 1 || open[0].Kind != "everyone" {
		t.Errorf("got %+v", open)
	}
	if got := ann.refused(wire.RoomInvite, m{"room": room, "users": []string{"bob", "nobody"}}); got.Code != "not_found" {
		t.Errorf("all or nobody: %+v", got)
	}
	ann.ok(wire.RoomInvite, m{"room": room, "users": []string{"bob"}})
	if got := next[wire.RoomNewPush](bob, wire.RoomNew); got.Room.ID != room || got.Rev != 2 {
		t.Errorf("got %+v", got)
	}
	if got := bob.refused(wire.RoomInvite, m{"room": room, "users": []string{"eve"}}); got.Code != "forbidden" {
		t.Errorf("a plain member invites: %+v", got)
	}
	members := bob.ok(wire.RoomMembers, m{"room": room}).Members
	if len(members) != 2 || members[0].User.Name != "ann" || members[0].Role != "owner" {
		t.Errorf("got %+v", members)
	}
	eve.none(wire.RoomNew)
}

func TestRoom_EveryoneAndADMCannotBeLeft(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	notes := ann.ok(wire.MessageSend, m{"to": "ann", "body": "note to myself"}).Message.Room
	for _, room := range []any{"Everyone", notes} {
		if got := ann.refused(wire.RoomLeave, m{"room": room}); got.Code != "forbidden" {
			t.Errorf("%v: %+v", room, got)
		}
	}
}

func TestPeople_AreListedAndANewOneIsAnnounced(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	bob := parley.person(t, "bob")
	if got := next[wire.MemberPush](ann, wire.MemberChanged); got.User.ID != bob.me.ID || got.Role != "member" {
		t.Errorf("got %+v", got)
	}
	if users := ann.ok(wire.UserList, m{}).Users; len(users) != 2 || users[0].Name != "ann" || users[1].Name != "bob" {
		t.Errorf("got %+v", users)
	}
	if users := ann.ok(wire.UserList, m{"query": "BO"}).Users; len(users) != 1 || users[0].Name != "bob" {
		t.Errorf("got %+v", users)
	}
}

func TestSync_IsWhatReadySaid(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	ann.ok(wire.RoomCreate, m{"name": "Design"})
	ann.ok(wire.MessageSend, m{"room": "design", "body": "first", "cid": "mine"})
	again := parley.dial(t, m{"token": ann.token})
	ready := next[wire.ReadyPush](again, wire.Ready)
	heads := again.ok(wire.Sync, m{}).heads(t)
	if len(ready.Rooms) != 2 || len(heads) != 2 {
		t.Fatalf("%d rooms in ready, %d in sync", len(ready.Rooms), len(heads))
	}
	head := ready.Rooms[1]
	if head.Room.Name != "Design" || head.LastSeq != 1 || head.LastRev != 2 || head.ReadSeq != 1 || head.Unread != 0 || head.LastMessage.CID != "mine" {
		t.Errorf("got %+v", head)
	}
	if heads[1].LastMessage.ID != head.LastMessage.ID {
		t.Errorf("got %+v", heads[1])
	}
}
