package app_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/wire"
)

func TestSend_WithNoAudienceReachesEveryoneIncludingTheSender(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	second := parley.device(t, "ann")
	sent := ann.ok(wire.MessageSend, m{"cid": "c-1", "body": "Hello <b>everyone</b> & all"})
	if sent.Message.Seq != 1 || sent.Message.Author.Name != "ann" || sent.Message.CID != "c-1" || sent.Duplicate {
		t.Errorf("got %+v", sent)
	}
	for _, d := range []*device{ann, second} {
		got := next[wire.MessagePush](d, wire.MessageNew)
		if diff := cmp.Diff(sent.Message, got.Message); diff != "" || got.Rev != sent.Message.Rev || got.Room != sent.Message.Room {
			t.Errorf("the author's device got %+v\n%s", got, diff)
		}
	}
	got := next[wire.MessagePush](bob, wire.MessageNew)
	want := sent.Message
	want.CID = ""
	if diff := cmp.Diff(want, got.Message); diff != "" {
		t.Errorf("another person got, compared with the author, %s", diff)
	}
}

func TestSend_ADirectMessageIsSeenByItsTwoPeopleOnly(t *testing.T) {
	parley := start(t, nil)
	ann, bob, eve := parley.person(t, "ann"), parley.person(t, "bob"), parley.person(t, "eve")
	sent := ann.ok(wire.MessageSend, m{"to": "@Bob", "cid": "c-1", "body": "only you"})
	for _, d := range []*device{ann, bob} {
		if room := next[wire.RoomNewPush](d, wire.RoomNew); room.Room.ID != sent.Message.Room || room.Room.Kind != "dm" || len(room.Room.Peers) != 1 || room.Rev != 1 {
			t.Errorf("got %+v", room)
		}
		if got := next[wire.MessagePush](d, wire.MessageNew); got.Message.Body != "only you" {
			t.Errorf("got %+v", got)
		}
	}
	bob.ok(wire.MessageSend, m{"room": sent.Message.Room, "body": "me too"})
	if got := next[wire.MessagePush](ann, wire.MessageNew); got.Message.Body != "me too" {
		t.Errorf("got %+v", got)
	}

	// What follows is published after the direct messages, so once it is here they would be too.
	ann.ok(wire.MessageSend, m{"body": "for all"})
	if got := next[wire.MessagePush](eve, wire.MessageNew); got.Message.Body != "for all" {
		t.Errorf("the third person got %+v", got)
	}
	eve.none(wire.RoomNew)
	for _, event := range []string{wire.RoomHistory, wire.RoomChanges, wire.RoomMembers, wire.RoomJoin, wire.RoomLeave, wire.MessageSend, wire.Typing, wire.ReadSet} {
		payload := m{"room": sent.Message.Room, "since": 0, "seq": 1, "body": "let me in"}
		if got := eve.refused(event, payload); got.Code != "not_found" {
			t.Errorf("%s: %+v", event, got)
		}
	}
}

func TestSend_TheSameCIDTwiceIsOneMessage(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	first := ann.ok(wire.MessageSend, m{"cid": "c-1", "body": "once"})
	next[wire.MessagePush](ann, wire.MessageNew)
	again := ann.ok(wire.MessageSend, m{"cid": "c-1", "body": "once"})
	if !again.Duplicate || again.Message.ID != first.Message.ID {
		t.Errorf("got %+v", again)
	}
	if got := ann.refused(wire.MessageSend, m{"cid": "c-1", "body": "other"}); got.Code != "conflict" {
		t.Errorf("got %+v", got)
	}
	ann.ok(wire.MessageSend, m{"cid": "c-2", "body": "after"})
	if got := next[wire.MessagePush](ann, wire.MessageNew); got.Message.Body != "after" {
		t.Errorf("the repeated message was published again: %+v", got)
	}
}

func TestSend_TheSenderIsWhoTheSocketBelongsTo(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	sent := ann.ok(wire.MessageSend, m{"body": "hi", "author": bob.me.ID, "user": bob.me.ID, "from": "bob", "session": 1})
	if sent.Message.Author.ID != ann.me.ID {
		t.Errorf("got %+v", sent.Message.Author)
	}
}

func TestSend_EveryoneSeesTheMessagesOfARoomInOneOrder(t *testing.T) {
	parley := start(t, nil)
	const people, each = 4, 20
	devices := make([]*device, people)
	for i, name := range []string{"ann", "bob", "cem", "dee"} {
		devices[i] = parley.person(t, name)
	}
	done := make(chan struct{})
	for _, d := range devices {
		go func() {
			for range each {
				d.ok(wire.MessageSend, m{"body": "hello"})
			}
			done <- struct{}{}
		}()
	}
	for range devices {
		<-done
	}
	for _, d := range devices {
		var lastRev int64
		for seq := range int64(people * each) {
			got := next[wire.MessagePush](d, wire.MessageNew)
			if got.Message.Seq != seq+1 || got.Rev <= lastRev {
				t.Fatalf("%s: seq %d rev %d after seq %d rev %d", d.me.Name, got.Message.Seq, got.Rev, seq, lastRev)
			}
			lastRev = got.Rev
		}
	}
}

func TestSend_TurnsMentionsOfMembersIntoIDs(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	sent := ann.ok(wire.MessageSend, m{"body": "@bob and @everyone, not @nobody"})
	if want := "<@" + bob.me.ID.String() + "> and <@everyone>, not @nobody"; sent.Message.Body != want {
		t.Errorf("got %s, want %s", sent.Message.Body, want)
	}
	if diff := cmp.Diff([]string{bob.me.ID.String(), "everyone"}, sent.Message.Mentions); diff != "" {
		t.Error(diff)
	}
	heads := bob.ok(wire.Sync, m{}).heads(t)
	if heads[0].Unread != 1 || heads[0].Mentions != 1 {
		t.Errorf("got %+v", heads[0])
	}
}

func TestSend_HasBounds(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	tests := []struct {
		payload     m
		code, field string
	}{
		{m{}, "invalid", "body"},
		{m{"body": " \n\t"}, "invalid", "body"},
		{m{"body": strings.Repeat("ä", 8001)}, "too_large", "body"},
		{m{"body": "hi", "cid": strings.Repeat("x", 65)}, "invalid", "cid"},
		{m{"body": "hi", "room": "Everyone", "to": "ann"}, "invalid", ""},
		{m{"body": "hi", "to": []string{}}, "invalid", "to"},
		{m{"body": "hi", "to": "nobody"}, "not_found", "to"},
		{m{"body": "hi", "to": []string{"ann", "nobody"}}, "not_found", "to"},
		{m{"body": "hi", "room": "nowhere"}, "not_found", ""},
		{m{"body": "hi", "room": "999"}, "not_found", ""},
		{m{"body": "hi", "reply_to": 99}, "invalid", "reply_to"},
		{m{"body": "hi", "files": []string{"1"}}, "not_found", ""},
	}
	for _, test := range tests {
		got := ann.refused(wire.MessageSend, test.payload)
		if string(got.Code) != test.code || test.field != "" && got.Field != test.field {
			t.Errorf("%.60v: %+v", test.payload, got)
		}
	}
	if longest := ann.ok(wire.MessageSend, m{"body": strings.Repeat("ä", 8000)}); longest.Message.Seq != 1 {
		t.Errorf("the longest body is message %d, so something refused was stored", longest.Message.Seq)
	}
}

func TestHistory_PagesBothWaysAndStopsAtItsEnds(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	empty := ann.ok(wire.RoomHistory, m{"room": "Everyone"})
	if len(empty.Messages) != 0 || empty.First != 0 || empty.Last != 0 {
		t.Errorf("empty: %+v", empty)
	}
	for range 5 {
		ann.ok(wire.MessageSend, m{"body": "hello"})
	}
	tests := []struct {
		payload m
		want    []int64
	}{
		{m{}, []int64{1, 2, 3, 4, 5}},
		{m{"limit": 2}, []int64{4, 5}},
		{m{"before": 3}, []int64{1, 2}},
		{m{"before": 4, "limit": 2}, []int64{2, 3}},
		{m{"after": 3}, []int64{4, 5}},
		{m{"after": 1, "limit": 2}, []int64{2, 3}},
		{m{"around": 3, "limit": 3}, []int64{2, 3, 4}},
		{m{"after": 5}, nil},
	}
	for _, test := range tests {
		test.payload["room"] = "#everyone"
		page := ann.ok(wire.RoomHistory, test.payload)
		var got []int64
		for _, message := range page.Messages {
			got = append(got, message.Seq)
		}
		if diff := cmp.Diff(test.want, got); diff != "" || page.First != 1 || page.Last != 5 {
			t.Errorf("%v: first %d, last %d, %s", test.payload, page.First, page.Last, diff)
		}
	}
	for _, payload := range []m{{"before": 3, "after": 1}, {"limit": 0}, {"limit": -1}, {"limit": "5"}, {"before": 2.5}} {
		payload["room"] = "Everyone"
		if got := ann.refused(wire.RoomHistory, payload); got.Code != "invalid" {
			t.Errorf("%v: %+v", payload, got)
		}
	}
}

func TestChanges_TellWhatWasMissed(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	before := ann.ok(wire.Sync, m{}).heads(t)[0]
	ann.ok(wire.MessageSend, m{"body": "one"})
	parley.person(t, "bob")
	ann.ok(wire.MessageSend, m{"body": "two"})
	got := ann.ok(wire.RoomChanges, m{"room": before.Room.ID, "since": before.LastRev})
	if len(got.Messages) != 2 || got.ToRev != before.LastRev+3 || got.More || got.Reset || !got.MembersChanged {
		t.Errorf("got %+v", got)
	}
	page := ann.ok(wire.RoomChanges, m{"room": before.Room.ID, "since": before.LastRev, "limit": 1})
	if len(page.Messages) != 1 || !page.More {
		t.Errorf("a page of one: %+v", page)
	}
	if ahead := ann.ok(wire.RoomChanges, m{"room": before.Room.ID, "since": 1_000_000}); !ahead.Reset || len(ahead.Messages) != 2 {
		t.Errorf("ahead of the room: %+v", ahead)
	}
	for _, payload := range []m{{}, {"since": -1}, {"since": "0"}, {"since": 0, "limit": 0}} {
		payload["room"] = before.Room.ID
		if got := ann.refused(wire.RoomChanges, payload); got.Code != "invalid" {
			t.Errorf("%v: %+v", payload, got)
		}
	}
}

func TestRead_MovesOnOtherDevicesAndAtTheOtherSideOfADM(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	second := parley.device(t, "bob")
	sent := ann.ok(wire.MessageSend, m{"to": "bob", "body": "read me"})
	room := sent.Message.Room
	if got := bob.ok(wire.ReadSet, m{"room": room, "seq": 99}); got.ReadSeq != 1 || got.Unread != 0 {
		t.Errorf("got %+v", got)
	}
	want := wire.ReadPush{Room: room, User: bob.me.ID, Seq: 1}
	for _, d := range []*device{second, ann} {
		if got := next[wire.ReadPush](d, wire.ReadChanged); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	bob.none(wire.ReadChanged)
	if got := bob.ok(wire.ReadSet, m{"room": room, "seq": 0}); got.ReadSeq != 1 {
		t.Errorf("the mark went back: %+v", got)
	}
	if got := bob.ok(wire.ReadSet, m{"room": room, "seq": 0, "unread": true}); got.ReadSeq != 0 || got.Unread != 1 {
		t.Errorf("marked unread: %+v", got)
	}
	if got := bob.refused(wire.ReadSet, m{"room": room}); got.Code != "invalid" || got.Field != "seq" {
		t.Errorf("got %+v", got)
	}
}
