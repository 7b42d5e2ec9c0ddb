package chat_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"parley/internal/chat"
)

func TestCreateRoom_ItsFirstMembersAreRevOne(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	room := h.room(t, ann, chat.CreateRoomInput{Name: " Design ", Topic: "launch", Members: []string{"bob", "@Bob", "ann"}})
	if room.Name != "Design" || room.Topic != "launch" || room.Kind != chat.KindPublic || room.MembersCount != 2 || room.LastRev != 1 || room.LastSeq != 0 {
		t.Errorf("%+v", room)
	}
	created := published[chat.RoomCreated](t, h)
	if len(created) != 1 || len(created[0].Heads) != 2 || created[0].By.ID != ann.User {
		t.Fatalf("told: %+v", created)
	}
	if a, b := h.head(t, ann, room.ID), h.head(t, bob, room.ID); a.Role != chat.MemberOwner || b.Role != chat.MemberPlain || b.Notify != chat.NotifyMentions {
		t.Errorf("roles: %+v, %+v", a, b)
	}
}

func TestCreateRoom_Refusals(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	h.room(t, ann, chat.CreateRoomInput{Name: "Straße"})
	for what, c := range map[string]struct {
		in   chat.CreateRoomInput
		code chat.Code
	}{
		"taken":           {chat.CreateRoomInput{Name: "STRASSE"}, chat.Conflict},
		"like Everyone":   {chat.CreateRoomInput{Name: "everyone"}, chat.Conflict},
		"no name":         {chat.CreateRoomInput{Name: " "}, chat.Invalid},
		"digits":          {chat.CreateRoomInput{Name: "2024"}, chat.Invalid},
		"a long topic":    {chat.CreateRoomInput{Name: "x", Topic: strings.Repeat("é", 1001)}, chat.Invalid},
		"unknown members": {chat.CreateRoomInput{Name: "x", Members: []string{"nobody"}}, chat.NotFound},
		"crowds":          {chat.CreateRoomInput{Name: "x", Members: make([]string, 501)}, chat.Invalid},
	} {
		if _, err := h.CreateRoom(t.Context(), ann, c.in); chat.CodeOf(err) != c.code {
			t.Errorf("%s: %v, wanted %s", what, err, c.code)
		}
	}
	for range 2 {
		h.room(t, ann, chat.CreateRoomInput{Name: "strasse", Private: true})
	}
}

func TestCreateRoom_ManyAtOnceOfOneNameIsOne(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	var all sync.WaitGroup
	made := make(chan chat.Room, 8)
	for range 8 {
		all.Go(func() {
			room, err := h.CreateRoom(t.Context(), ann, chat.CreateRoomInput{Name: "design"})
			if err == nil {
				made <- room
			} else if chat.CodeOf(err) != chat.Conflict {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(made) != 1 {
		t.Errorf("%d rooms were made", len(made))
	}
}

func TestJoinAndLeave_EachOneRev(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	room := h.room(t, ann, chat.CreateRoomInput{Name: "design"})
	h.say(t, ann, "design", "before bob came")
	joined, err := h.JoinRoom(t.Context(), bob, "#design")
	if err != nil || joined.MembersCount != 2 || joined.LastRev != 3 || joined.MemberRev != 3 || joined.LastSeq != 1 {
		t.Errorf("after the join: %+v, %v", joined, err)
	}
	if head := h.head(t, bob, room.ID); head.Unread != 0 || head.ReadSeq != 1 {
		t.Errorf("what was said before the join is unread: %+v", head)
	}
	if again, err := h.JoinRoom(t.Context(), bob, "design"); err != nil || again.LastRev != 3 {
		t.Errorf("joining twice: %+v, %v", again, err)
	}
	left, err := h.LeaveRoom(t.Context(), bob, "design")
	if err != nil || left.MembersCount != 1 || left.LastRev != 4 {
		t.Errorf("after leaving: %+v, %v", left, err)
	}
	_, err = h.LeaveRoom(t.Context(), bob, "design")
	wantCode(t, err, chat.Forbidden)
	_, err = h.Send(t.Context(), bob, chat.SendInput{Room: "design", Body: "x"})
	wantCode(t, err, chat.Forbidden)
	h.say(t, ann, "design", "without bob")
	if back, err := h.JoinRoom(t.Context(), bob, "design"); err != nil || back.MembersCount != 2 || back.LastRev != 6 {
		t.Errorf("back again: %+v, %v", back, err)
	}
	if head := h.head(t, bob, room.ID); head.Unread != 0 || head.ReadSeq != 2 {
		t.Errorf("after coming back: %+v", head)
	}
	leaves := published[chat.MemberLeft](t, h)
	if len(leaves) != 1 || leaves[0].Rev != 4 || leaves[0].User.Name != "bob" || leaves[0].Reason != chat.ReasonLeft {
		t.Errorf("told: %+v", leaves)
	}
	joins := published[chat.MemberJoined](t, h)[2:] // without those of Everyone
	if len(joins) != 2 || joins[0].Rev != 3 || joins[1].Rev != 6 || joins[1].Head.Room.LastRev != 6 {
		t.Errorf("told: %+v", joins)
	}
}

func TestLeave_WhatCannotBeLeft(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	dm, err := h.Send(t.Context(), ann, chat.SendInput{To: []string{"bob"}, Body: "hi"})
	if err != nil {
		t.Fatal(err)
	}
	h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob"}})
	for named, code := range map[string]chat.Code{
		"Everyone":               chat.Forbidden,
		dm.Message.Room.String(): chat.Forbidden,
		"design":                 chat.Conflict,
		"nowhere":                chat.NotFound,
	} {
		_, err := h.LeaveRoom(t.Context(), ann, named)
		if chat.CodeOf(err) != code {
			t.Errorf("leaving %q: %v", named, err)
		}
	}
	if _, err := h.LeaveRoom(t.Context(), bob, "design"); err != nil {
		t.Error(err)
	}
}

func TestInvite_AllOrNobodyAndEachOneRev(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.login(t, "chen")
	h.login(t, "dee")
	secret := h.room(t, ann, chat.CreateRoomInput{Name: "secret", Private: true}).ID.String()
	_, err := h.JoinRoom(t.Context(), bob, secret)
	wantCode(t, err, chat.NotFound)
	_, err = h.Invite(t.Context(), ann, secret, []string{"bob", "nobody"})
	wantCode(t, err, chat.NotFound)
	_, err = h.Invite(t.Context(), ann, secret, nil)
	wantCode(t, err, chat.Invalid)
	room, err := h.Invite(t.Context(), ann, secret, []string{"bob", "chen", "bob", "ann"})
	if err != nil || room.MembersCount != 3 || room.LastRev != 3 {
		t.Errorf("%+v, %v", room, err)
	}
	if found, err := h.JoinRoom(t.Context(), bob, "secret"); err != nil || found.ID != room.ID {
		t.Errorf("a member does not find a private room by name: %+v, %v", found, err)
	}
	_, err = h.Invite(t.Context(), bob, secret, []string{"dee"})
	wantCode(t, err, chat.Forbidden)
	joins := published[chat.MemberJoined](t, h)[4:]
	if len(joins) != 2 || joins[0].Rev != 2 || joins[0].Head.Room.LastRev != 2 || joins[1].Rev != 3 || joins[1].Head.Room.MembersCount != 3 {
		t.Errorf("told: %+v", joins)
	}

	h.room(t, ann, chat.CreateRoomInput{Name: "open", Members: []string{"bob"}})
	_, err = h.Invite(t.Context(), h.login(t, "chen"), "open", []string{"dee"})
	wantCode(t, err, chat.Forbidden)
	if _, err := h.Invite(t.Context(), bob, "open", []string{"dee"}); err != nil {
		t.Errorf("a member invites to an open room: %v", err)
	}
	_, err = h.Invite(t.Context(), ann, "Everyone", []string{"dee"})
	wantCode(t, err, chat.Forbidden)
}

func TestMembership_JoinsAndLeavesAtOnceKeepTheCountRight(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	room := h.room(t, ann, chat.CreateRoomInput{Name: "design"})
	var all sync.WaitGroup
	for i := range 8 {
		person := h.login(t, fmt.Sprintf("person-%d", i))
		all.Go(func() {
			for range 10 {
				if _, err := h.JoinRoom(t.Context(), person, "design"); err != nil {
					t.Error(err)
				}
				h.say(t, person, "design", "hi")
				if _, err := h.LeaveRoom(t.Context(), person, "design"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	head := h.head(t, ann, room.ID)
	if head.Room.MembersCount != 1 || head.Room.LastRev != 1+8*10*3 || head.Room.LastSeq != 80 {
		t.Errorf("%+v", head.Room)
	}
	revs := map[int64]int{}
	for _, e := range published[chat.MemberJoined](t, h) {
		if e.Head.Room.ID == room.ID {
			revs[e.Rev]++
		}
	}
	for _, e := range published[chat.MemberLeft](t, h) {
		revs[e.Rev]++
	}
	for _, e := range published[chat.MessageCreated](t, h) {
		revs[e.Message.Rev]++
	}
	for rev := int64(2); rev <= head.Room.LastRev; rev++ {
		if revs[rev] != 1 {
			t.Errorf("rev %d was told %d times", rev, revs[rev])
		}
	}
}
