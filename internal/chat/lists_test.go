package chat_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func TestListRooms_OpenOnesInPages(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	for i := range 120 {
		h.room(t, ann, chat.CreateRoomInput{Name: fmt.Sprintf("Room %03d", i)})
	}
	h.room(t, ann, chat.CreateRoomInput{Name: "Room hidden", Private: true})
	if _, err := h.JoinRoom(t.Context(), bob, "room 007"); err != nil {
		t.Fatal(err)
	}
	var names []string
	joined := 0
	for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
		page, err := h.ListRooms(t.Context(), bob, chat.ListInput{Cursor: cursor, Query: "ROOM"})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Rooms {
			names = append(names, r.Room.Name)
			if r.Joined {
				joined++
			}
		}
		cursor = page.Cursor
	}
	if len(names) != 120 || names[0] != "Room 000" || names[119] != "Room 119" || joined != 1 {
		t.Errorf("%d rooms, %d joined: %v", len(names), joined, names)
	}
	_, err := h.ListRooms(t.Context(), bob, chat.ListInput{Cursor: "!"})
	wantCode(t, err, chat.Invalid)
	if page, err := h.ListRooms(t.Context(), bob, chat.ListInput{Query: "%"}); err != nil || len(page.Rooms) != 0 {
		t.Errorf("a query is taken for a pattern: %+v, %v", page, err)
	}
}

func TestListUsers_ByNameOrDisplayName(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	h.login(t, "ÉLISE")
	h.login(t, "a_b")
	for query, want := range map[string][]string{
		"":       {"a_b", "ann", "élise"},
		"éLI":    {"élise"},
		"_":      {"a_b"},
		"A":      {"a_b", "ann"},
		"a_n":    nil,
		"nosuch": nil,
	} {
		page, err := h.ListUsers(t.Context(), ann, chat.ListInput{Query: query})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, u := range page.Users {
			names = append(names, u.Name)
		}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("%q: %s", query, diff)
		}
	}
}

func TestListUsersAndMembers_InPages(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	h.crowd(t, 220)
	users := 0
	for cursor, first := "", true; first || cursor != ""; first = false {
		page, err := h.ListUsers(t.Context(), ann, chat.ListInput{Cursor: cursor})
		if err != nil {
			t.Fatal(err)
		}
		users += len(page.Users)
		cursor = page.Cursor
	}
	members := map[string]chat.MemberRole{}
	for cursor, first := "", true; first || cursor != ""; first = false {
		page, err := h.Members(t.Context(), ann, "everyone", cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Members {
			members[m.User.Name] = m.Role
		}
		cursor = page.Cursor
	}
	if users != 221 || len(members) != 221 || members["ann"] != chat.MemberOwner || members["person-219"] != chat.MemberPlain {
		t.Errorf("%d users, %d members, ann is %s", users, len(members), members["ann"])
	}
	_, err := h.Members(t.Context(), ann, "everyone", "x")
	wantCode(t, err, chat.Invalid)
}

func TestUsers_AndWhenTheyWereSeen(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	if err := h.Seen(t.Context(), bob.User); err != nil {
		t.Fatal(err)
	}
	seen := h.clock.t
	h.clock.t = h.clock.t.Add(30e9)
	if err := h.Seen(t.Context(), bob.User); err != nil {
		t.Fatal(err)
	}
	users, err := h.Users(t.Context(), ann, []string{"@bob", ann.User.String(), "bob"})
	if err != nil || len(users) != 2 || users[0].Name != "bob" || !users[0].LastSeenAt.Equal(seen) || !users[1].LastSeenAt.IsZero() {
		t.Errorf("%+v, %v", users, err)
	}
	_, err = h.Users(t.Context(), ann, []string{"bob", "nobody"})
	wantCode(t, err, chat.NotFound)
}
