package chat_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func TestHeadsOf_AreThoseThatSyncTellsEachMember(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob, eve, zoe := h.login(t, "ann"), h.login(t, "bob"), h.login(t, "eve"), h.login(t, "zoe")
	room := h.room(t, ann, chat.CreateRoomInput{Name: "Design", Private: true, Members: []string{"bob", "eve"}})
	h.say(t, ann, "design", "one for @bob")
	h.say(t, ann, "design", "two")
	if _, err := h.Kick(t.Context(), ann, "design", "eve"); err != nil {
		t.Fatal(err)
	}
	heads, err := h.HeadsOf(t.Context(), room.ID, []chat.ID{ann.User, bob.User, eve.User, zoe.User})
	if err != nil {
		t.Fatal(err)
	}
	want := []chat.UserHead{{User: ann.User, Head: h.head(t, ann, room.ID)}, {User: bob.User, Head: h.head(t, bob, room.ID)}}
	if diff := cmp.Diff(want, heads); diff != "" {
		t.Error(diff)
	}
	if heads[1].Head.Unread != 2 || heads[1].Head.Mentions != 1 {
		t.Errorf("got %+v", heads[1].Head)
	}
}

func TestSeen_NotesManyAtOnce(t *testing.T) {
	h := newHouse(t, nil)
	h.crowd(t, 300)
	me := h.login(t, "person-000")
	var all []chat.ID
	for cursor := ""; ; {
		page, err := h.ListUsers(t.Context(), me, chat.ListInput{Cursor: cursor})
		if err != nil {
			t.Fatal(err)
		}
		for _, user := range page.Users {
			all = append(all, user.ID)
		}
		if cursor = page.Cursor; cursor == "" {
			break
		}
	}
	if err := h.Seen(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	users, err := h.Users(t.Context(), me, []string{"person-000", "person-150", "person-299"})
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(users, func(u chat.User) bool { return !u.LastSeenAt.Equal(h.clock.t) }) {
		t.Errorf("got %+v", users)
	}
}

func TestNameKey_IsOneForAllWaysToTypeAName(t *testing.T) {
	for typed, want := range map[string]string{
		"ann": "ann", "@ANN": "ann", " Ann ": "ann", "ＡＮＮ": "ann", "a\u0301nn": "ánn",
		"a n n": "a n n", "": "", "\u202eX": "\u202ex",
	} {
		if got := chat.NameKey(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

func TestUserChanged_TellsWhoHasBlockedThePerson(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	if err := h.SetBlock(t.Context(), bob, "ann", true); err != nil {
		t.Fatal(err)
	}
	if _, err := h.UpdateUser(t.Context(), ann, chat.UpdateUserInput{Bio: ptr("new")}); err != nil {
		t.Fatal(err)
	}
	changes := published[chat.UserChanged](t, h)
	if last := changes[len(changes)-1]; last.Viewer != 0 || !slices.Equal(last.Blockers, []chat.ID{bob.User}) {
		t.Errorf("got %+v", last)
	}
}
