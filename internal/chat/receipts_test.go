package chat_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// direct sends a direct message and answers its room.
func (h *house) direct(t *testing.T, by chat.Session, to, body string) chat.Message {
	t.Helper()
	sent, err := h.Send(t.Context(), by, chat.SendInput{To: []string{to}, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return sent.Message
}

func (h *house) read(t *testing.T, by chat.Session, room string, seq int64, unread bool) {
	t.Helper()
	if _, err := h.SetRead(t.Context(), by, chat.SetReadInput{Room: room, Seq: seq, Unread: unread}); err != nil {
		t.Fatal(err)
	}
}

func (h *house) prefer(t *testing.T, by chat.Session, prefs string) chat.User {
	t.Helper()
	me, err := h.UpdateUser(t.Context(), by, chat.UpdateUserInput{Prefs: json.RawMessage(prefs)})
	if err != nil {
		t.Fatal(err)
	}
	return me
}

func (h *house) deliver(t *testing.T, room chat.ID, to chat.Session, seq int64) {
	t.Helper()
	if err := h.Deliver(t.Context(), []chat.Delivery{{Room: room, User: to.User, Seq: seq}}); err != nil {
		t.Fatal(err)
	}
}

func TestDeliver_TellsTheOthersOfADMAndStaysInTheHead(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	first := h.direct(t, ann, "bob", "one")
	h.direct(t, ann, "bob", "two")
	dm := first.Room
	for _, seq := range []int64{1, 1, 99, 2} { // again, beyond the end, and what is known
		h.deliver(t, dm, bob, seq)
	}
	want := []chat.Delivered{
		{Room: dm, User: bob.User, Seq: 1, Peers: []chat.ID{ann.User}},
		{Room: dm, User: bob.User, Seq: 2, Peers: []chat.ID{ann.User}},
	}
	if diff := cmp.Diff(want, published[chat.Delivered](t, h)); diff != "" {
		t.Error(diff)
	}
	if got := h.head(t, ann, dm).Receipts; len(got) != 1 || got[0] != (chat.Receipt{User: bob.User, Delivered: 2}) {
		t.Errorf("ann's head: %+v", got)
	}
	h.clock.jump(time.Minute)
	h.read(t, bob, dm.String(), 2, false)
	seen := chat.Receipt{User: bob.User, Delivered: 2, Seen: 2, SeenAt: h.clock.t}
	h.clock.jump(time.Minute)
	h.read(t, bob, dm.String(), 0, true)
	if got := h.head(t, ann, dm).Receipts; len(got) != 1 || got[0] != seen {
		t.Errorf("marked unread, what was seen is %+v", got)
	}
	if got := h.head(t, bob, dm).Receipts; len(got) != 1 || got[0].Seen != 2 {
		t.Errorf("who writes has seen: %+v", got)
	}
}

func TestDeliver_OnlyDMsAndMembersCount(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob, eve := h.login(t, "ann"), h.login(t, "bob"), h.login(t, "eve")
	said := h.say(t, ann, "", "for all")
	dm := h.direct(t, ann, "bob", "for bob").Room
	h.deliver(t, said.Room, bob, said.Seq)
	h.deliver(t, dm, eve, 1)
	h.prefer(t, bob, `{"receipts": false}`)
	h.deliver(t, dm, bob, 1)
	if told := published[chat.Delivered](t, h); len(told) != 0 {
		t.Errorf("told %+v", told)
	}
	for _, by := range []chat.Session{ann, bob} {
		if got := h.head(t, by, dm).Receipts; len(got) != 0 {
			t.Errorf("one of the two does not show it: %+v", got)
		}
	}
	h.prefer(t, bob, `{"receipts": null}`)
	if got := h.head(t, ann, dm).Receipts; len(got) != 1 || got[0].Delivered != 1 {
		t.Errorf("shown again: %+v", got)
	}
}

func TestSeenBy_NamesWhoHasReadAndShowsIt(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob, chen, dee := h.login(t, "ann"), h.login(t, "bob"), h.login(t, "chen"), h.login(t, "dee")
	h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob", "chen"}})
	h.clock.jump(time.Second)
	h.say(t, ann, "design", "hello")
	h.clock.jump(time.Second)
	if _, err := h.JoinRoom(t.Context(), dee, "design"); err != nil {
		t.Fatal(err)
	}
	h.say(t, ann, "design", "dee is here")
	names := func(by chat.Session, seq int64) string {
		t.Helper()
		users, err := h.SeenBy(t.Context(), by, "design", seq)
		if err != nil {
			return string(chat.CodeOf(err))
		}
		list := ""
		for _, user := range users {
			list += user.Name + " "
		}
		return list
	}
	check := func(what string, by chat.Session, seq int64, want string) {
		t.Helper()
		if got := names(by, seq); got != want {
			t.Errorf("%s: %q, wanted %q", what, got, want)
		}
	}
	check("nobody yet", ann, 1, "")
	h.read(t, bob, "design", 1, false)
	h.read(t, dee, "design", 2, false)
	check("who has read it, and not who came after it", ann, 1, "bob ")
	check("the next one", ann, 2, "dee ")
	h.read(t, chen, "design", 2, false)
	check("to another reader, neither the author nor themselves", chen, 1, "bob ")
	h.prefer(t, bob, `{"receipts": false}`)
	check("who does not show it is not named", ann, 1, "chen ")
	check("and is told nothing", bob, 1, "forbidden")
	check("no such message", ann, 9, "not_found")
	if _, err := h.Delete(t.Context(), ann, chat.DeleteInput{Room: "design", Seq: 1}); err != nil {
		t.Fatal(err)
	}
	check("a deleted one", ann, 1, "not_found")
}

func TestSeenBy_IsForSmallRooms(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	h.crowd(t, chat.MaxReaders)
	var members []string
	for i := range chat.MaxReaders {
		members = append(members, fmt.Sprintf("person-%03d", i))
	}
	h.room(t, ann, chat.CreateRoomInput{Name: "just", Members: members[1:]})
	h.room(t, ann, chat.CreateRoomInput{Name: "over", Members: members})
	for room, code := range map[string]chat.Code{"just": "", "over": chat.Forbidden} {
		h.say(t, ann, room, "hello")
		_, err := h.SeenBy(t.Context(), ann, room, 1)
		wantCode(t, err, code)
		audience, err := h.AudienceOf(t.Context(), ann, room, 1)
		if err != nil || audience.Small != (code == "") || audience.Small != (len(audience.People) == chat.MaxReaders-1) {
			t.Errorf("%s: %+v, %v", room, audience, err)
		}
	}
}

func TestAudienceOf_LeavesOutWhoShowsNothing(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob, chen := h.login(t, "ann"), h.login(t, "bob"), h.login(t, "chen")
	h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob", "chen"}})
	h.say(t, ann, "design", "hello")
	check := func(what string, hidden bool, people ...chat.ID) {
		t.Helper()
		audience, err := h.AudienceOf(t.Context(), ann, "design", 1)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(people, audience.People); diff != "" || audience.Hidden != hidden {
			t.Errorf("%s: hidden %t %s", what, audience.Hidden, diff)
		}
	}
	check("all", false, bob.User, chen.User)
	h.prefer(t, bob, `{"presence": false}`)
	check("bob hides his presence", true, chen.User)
	h.prefer(t, chen, `{"receipts": false}`)
	check("chen hides her receipts", true)
	h.prefer(t, bob, `{"presence": true}`)
	check("bob does not any more", true, bob.User)
	h.prefer(t, ann, `{"presence": false}`)
	check("who hides sees nobody", true)
	_, err := h.AudienceOf(t.Context(), bob, "design", 1)
	wantCode(t, err, chat.Forbidden)
}

func TestPrivacy_OldPreferencesOfOtherShapesAreNoHarm(t *testing.T) {
	for prefs, want := range map[string]chat.Privacy{
		``:                                      {Receipts: true, Presence: true, Typing: true},
		`{"typing": "often", "presence": null}`: {Receipts: true, Presence: true, Typing: true},
		`{"typing":false,"receipts":false}`:     {Presence: true},
	} {
		if got := chat.PrivacyOf(json.RawMessage(prefs)); got != want {
			t.Errorf("%s: %+v", prefs, got)
		}
	}
}
