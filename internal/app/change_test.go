package app_test

import (
	"testing"

	"parley/internal/wire"
)

func TestChange_EveryoneInTheRoomSeesAnEditAReactionAPinAndADeletion(t *testing.T) {
	parley := start(t, nil)
	ann, bob, eve := parley.person(t, "ann"), parley.person(t, "bob"), parley.person(t, "eve")
	second := parley.device(t, "ann")
	room := ann.ok(wire.RoomCreate, m{"name": "Design", "private": true, "members": []string{"bob"}}).Room.ID
	first := ann.ok(wire.MessageSend, m{"room": room, "body": "hullo", "cid": "mine"}).Message

	steps := []struct {
		by      *device
		event   string
		payload m
		is      func(wire.Message) bool
	}{
		{ann, wire.MessageEdit, m{"body": "hello @bob", "rev": first.Rev}, func(m wire.Message) bool {
			return m.Body == "hello <@"+bob.me.ID.String()+">" && !m.EditedAt.IsZero()
		}},
		{bob, wire.ReactionSet, m{"emoji": "👍", "on": true}, func(m wire.Message) bool {
			return len(m.Reactions) == 1 && m.Reactions[0].Emoji == "👍" && m.Reactions[0].Users[0] == bob.me.ID
		}},
		{bob, wire.PinSet, m{"on": true}, func(m wire.Message) bool { return !m.PinnedAt.IsZero() }},
		{ann, wire.PinSet, m{"on": false}, func(m wire.Message) bool { return m.PinnedAt.IsZero() }},
		{bob, wire.ReactionSet, m{"emoji": "👍", "on": false}, func(m wire.Message) bool { return len(m.Reactions) == 0 }},
		{ann, wire.MessageDelete, m{}, func(m wire.Message) bool { return m.Body == "" && !m.DeletedAt.IsZero() }},
	}
	for i, step := range steps {
		step.payload["room"], step.payload["seq"] = room, first.Seq
		rev := first.Rev + int64(i) + 1
		answer := step.by.ok(step.event, step.payload).Message
		if answer.Rev != rev || !step.is(answer) {
			t.Errorf("%s was answered %+v", step.event, answer)
		}
		for _, d := range []*device{ann, second, bob} {
			got := next[wire.MessagePush](d, wire.MessageChanged)
			wantCID := ""
			if d.me.ID == ann.me.ID {
				wantCID = "mine"
			}
			if got.Room != room || got.Rev != rev || !step.is(got.Message) || got.Message.CID != wantCID {
				t.Errorf("after %s %s got %+v", step.event, d.me.Name, got)
			}
		}
	}
	eve.none(wire.MessageChanged)
}

func TestChange_DoneAlreadyIsAnsweredAndToldToNobody(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	seq := ann.ok(wire.MessageSend, m{"body": "hi"}).Message.Seq
	at := m{"room": "Everyone", "seq": seq, "on": true, "emoji": "🎉"}
	for _, event := range []string{wire.ReactionSet, wire.PinSet} {
		first := bob.ok(event, at).Message
		if again := bob.ok(event, at).Message; again.Rev != first.Rev {
			t.Errorf("%s: rev %d, then %d", event, first.Rev, again.Rev)
		}
		next[wire.MessagePush](ann, wire.MessageChanged)
	}
	ann.none(wire.MessageChanged)
}

// Whoever has left is told nothing of what becomes of their messages there.
func TestChange_AnAuthorWhoHasLeftHearsNothing(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	room := ann.ok(wire.RoomCreate, m{"name": "Design", "members": []string{"bob"}}).Room.ID
	seq := bob.ok(wire.MessageSend, m{"room": room, "body": "bye"}).Message.Seq
	bob.ok(wire.RoomLeave, m{"room": room})
	ann.ok(wire.ReactionSet, m{"room": room, "seq": seq, "emoji": "👋", "on": true})
	next[wire.MessagePush](ann, wire.MessageChanged)
	bob.none(wire.MessageChanged)
}

func TestChange_BadRequestsAreRefusedAndChangeNothing(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	said := ann.ok(wire.MessageSend, m{"body": "as it is"}).Message
	dm := ann.ok(wire.MessageSend, m{"to": "ann", "body": "a note"}).Message.Room
	tests := []struct {
		by      *device
		event   string
		payload m
		code    string
		field   string
	}{
		{ann, wire.MessageEdit, m{"room": "Everyone", "body": "x"}, "invalid", "seq"},
		{ann, wire.MessageEdit, m{"room": "Everyone", "seq": "1", "body": "x"}, "invalid", "seq"},
		{ann, wire.MessageEdit, m{"room": "Everyone", "seq": 1}, "invalid", "body"},
		{ann, wire.MessageEdit, m{"room": "Everyone", "seq": 1, "body": " "}, "invalid", "body"},
		{ann, wire.MessageEdit, m{"room": "Everyone", "seq": 99, "body": "x"}, "not_found", "seq"},
		{ann, wire.MessageEdit, m{"room": "Everyone", "seq": 1, "body": "x", "rev": said.Rev - 1}, "conflict", "rev"},
		{bob, wire.MessageEdit, m{"room": "Everyone", "seq": 1, "body": "x"}, "forbidden", ""},
		{bob, wire.MessageDelete, m{"room": "Everyone", "seq": 1}, "forbidden", ""},
		{bob, wire.MessageDelete, m{"room": dm, "seq": 1}, "not_found", "room"},
		{ann, wire.MessageDelete, m{"seq": 1}, "not_found", "room"},
		{ann, wire.MessageDelete, m{"room": "Everyone"}, "invalid", "seq"},
		{ann, wire.ReactionSet, m{"room": "Everyone", "seq": 1, "emoji": "👍"}, "invalid", "on"},
		{ann, wire.ReactionSet, m{"room": "Everyone", "emoji": "👍", "on": true}, "invalid", "seq"},
		{ann, wire.ReactionSet, m{"room": "Everyone", "seq": 1, "emoji": "words", "on": true}, "invalid", "emoji"},
		{bob, wire.ReactionSet, m{"room": dm, "seq": 1, "emoji": "👍", "on": true}, "not_found", "room"},
		{ann, wire.PinSet, m{"room": "Everyone", "seq": 1, "on": "yes"}, "invalid", "on"},
		{ann, wire.PinSet, m{"room": "Everyone", "on": true}, "invalid", "seq"},
		{bob, wire.PinSet, m{"room": dm, "seq": 1, "on": true}, "not_found", "room"},
	}
	for _, test := range tests {
		if got := test.by.refused(test.event, test.payload); string(got.Code) != test.code || got.Field != test.field {
			t.Errorf("%s %v: %+v", test.event, test.payload, got)
		}
	}
	page := ann.ok(wire.RoomHistory, m{"room": "Everyone"})
	if got := page.Messages[0]; got.Rev != said.Rev || got.Body != said.Body {
		t.Errorf("got %+v", got)
	}
	ann.none(wire.MessageChanged)
}
