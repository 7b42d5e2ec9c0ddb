package chat_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func TestEdit_KeepsThePlaceAndRaisesTheRev(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob"}})
	first := h.say(t, ann, "design", "helo @bob")
	edited, err := h.Edit(t.Context(), ann, chat.EditInput{Room: "design", Seq: 1, Body: "hello `@bob` @everyone", Rev: &first.Rev})
	if err != nil {
		t.Fatal(err)
	}
	if edited.Seq != 1 || edited.Rev != 3 || edited.Body != "hello `@bob` <@everyone>" || edited.EditedAt.IsZero() || edited.ID != first.ID {
		t.Errorf("%+v", edited)
	}
	if len(edited.Mentions.Users) != 0 || !edited.Mentions.Everyone {
		t.Errorf("mentions %+v", edited.Mentions)
	}
	again, err := h.Edit(t.Context(), ann, chat.EditInput{Room: "design", Seq: 1, Body: "hello `@bob` @everyone"})
	if err != nil || again.Rev != 3 {
		t.Errorf("the same text: %+v, %v", again, err)
	}
	told := published[chat.MessageChanged](t, h)
	if len(told) != 1 || told[0].Kind != chat.KindPublic {
		t.Fatalf("told %+v", told)
	}
	if diff := cmp.Diff(edited, told[0].Message); diff != "" {
		t.Error(diff)
	}
	page, err := h.Changes(t.Context(), bob, chat.ChangesInput{Room: "design", Since: 2})
	if err != nil || len(page.Messages) != 1 || page.ToRev != 3 {
		t.Fatalf("%+v, %v", page, err)
	}
	if diff := cmp.Diff(edited, page.Messages[0]); diff != "" {
		t.Error(diff)
	}
}

func TestEdit_UnreadMentionsFollowTheText(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob, chen := h.login(t, "ann"), h.login(t, "bob"), h.login(t, "chen")
	room := h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob", "chen"}}).ID
	h.say(t, ann, "design", "@bob look")
	if _, err := h.Edit(t.Context(), ann, chat.EditInput{Room: "design", Seq: 1, Body: "@chen look"}); err != nil {
		t.Fatal(err)
	}
	if b, c := h.head(t, bob, room).Mentions, h.head(t, chen, room).Mentions; b != 0 || c != 1 {
		t.Errorf("bob has %d, chen %d", b, c)
	}
	if _, err := h.Delete(t.Context(), ann, chat.DeleteInput{Room: "design", Seq: 1}); err != nil {
		t.Fatal(err)
	}
	if head := h.head(t, chen, room); head.Mentions != 0 || head.Unread != 0 {
		t.Errorf("after the deletion: %+v", head)
	}
}

func TestEdit_Refusals(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob, chen := h.login(t, "ann"), h.login(t, "bob"), h.login(t, "chen")
	h.room(t, bob, chat.CreateRoomInput{Name: "design", Members: []string{"ann"}})
	h.room(t, bob, chat.CreateRoomInput{Name: "secret", Private: true})
	h.say(t, bob, "design", "mine")
	h.say(t, bob, "design", "gone soon")
	h.say(t, bob, "secret", "hidden")
	if _, err := h.Delete(t.Context(), bob, chat.DeleteInput{Room: "design", Seq: 2}); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		by   chat.Session
		in   chat.EditInput
		code chat.Code
	}{
		"somebody else's, by an admin": {ann, chat.EditInput{Room: "design", Seq: 1, Body: "x"}, chat.Forbidden},
		"somebody else's, by a reader": {chen, chat.EditInput{Room: "design", Seq: 1, Body: "x"}, chat.Forbidden},
		"a deleted one":                {bob, chat.EditInput{Room: "design", Seq: 2, Body: "x"}, chat.NotFound},
		"one that never was":           {bob, chat.EditInput{Room: "design", Seq: 3, Body: "x"}, chat.NotFound},
		"a hidden room's":              {chen, chat.EditInput{Room: "secret", Seq: 1, Body: "x"}, chat.NotFound},
		"an old rev":                   {bob, chat.EditInput{Room: "design", Seq: 1, Body: "x", Rev: ptr(int64(1))}, chat.Conflict},
		"nothing":                      {bob, chat.EditInput{Room: "design", Seq: 1, Body: " \n"}, chat.Invalid},
		"not text":                     {bob, chat.EditInput{Room: "design", Seq: 1, Body: "a\x00b"}, chat.Invalid},
		"too much":                     {bob, chat.EditInput{Room: "design", Seq: 1, Body: strings.Repeat("é", 8001)}, chat.TooLarge},
	} {
		if _, err := h.Edit(t.Context(), c.by, c.in); chat.CodeOf(err) != c.code {
			t.Errorf("%s: %v, wanted %s", what, err, c.code)
		}
	}
	if told := published[chat.MessageChanged](t, h); len(told) != 1 {
		t.Errorf("told %d changes, wanted the deletion only", len(told))
	}
}

func TestDelete_LeavesATombstone(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob"}})
	sent := h.say(t, bob, "design", "oops @ann")
	if _, err := h.React(t.Context(), ann, chat.ReactInput{Room: "design", Seq: 1, Emoji: "👍", On: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Pin(t.Context(), bob, chat.PinInput{Room: "design", Seq: 1, On: true}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		gone, err := h.Delete(t.Context(), bob, chat.DeleteInput{Room: "design", Seq: 1})
		if err != nil {
			t.Fatal(err)
		}
		want := chat.Message{
			ID: sent.ID, Room: sent.Room, Seq: 1, Rev: 5, Author: sent.Author, Kind: chat.KindText, CID: sent.CID,
			CreatedAt: sent.CreatedAt, DeletedAt: h.clock.t,
		}
		if diff := cmp.Diff(want, gone); diff != "" {
			t.Error(diff)
		}
	}
	page, err := h.History(t.Context(), ann, chat.HistoryInput{Room: "design"})
	if err != nil || len(page.Messages) != 1 || !page.Messages[0].Deleted() || page.Messages[0].Body != "" {
		t.Errorf("history: %+v, %v", page, err)
	}
	again, err := h.Send(t.Context(), bob, chat.SendInput{Room: "design", CID: sent.CID, Body: "oops @ann"})
	if err != nil || !again.Duplicate || !again.Message.Deleted() {
		t.Errorf("sent again: %+v, %v", again, err)
	}
}

func TestDelete_WhoMay(t *testing.T) {
	h := newHouse(t, nil)
	admin, owner, bob, chen := h.login(t, "first"), h.login(t, "owner"), h.login(t, "bob"), h.login(t, "chen")
	h.room(t, owner, chat.CreateRoomInput{Name: "design", Members: []string{"bob", "chen"}})
	h.room(t, owner, chat.CreateRoomInput{Name: "secret", Private: true, Members: []string{"bob"}})
	h.say(t, bob, "design", "one")
	h.say(t, bob, "design", "two")
	h.say(t, bob, "secret", "three")
	_, err := h.Delete(t.Context(), chen, chat.DeleteInput{Room: "design", Seq: 1})
	wantCode(t, err, chat.Forbidden)
	if _, err := h.Delete(t.Context(), owner, chat.DeleteInput{Room: "design", Seq: 1}); err != nil {
		t.Errorf("the owner: %v", err)
	}
	if _, err := h.Delete(t.Context(), admin, chat.DeleteInput{Room: "design", Seq: 2}); err != nil {
		t.Errorf("an admin who is not in the room: %v", err)
	}
	_, err = h.Delete(t.Context(), admin, chat.DeleteInput{Room: "secret", Seq: 1})
	wantCode(t, err, chat.NotFound)
	if _, err := h.LeaveRoom(t.Context(), bob, "design"); err != nil {
		t.Fatal(err)
	}
	h.say(t, chen, "design", "x")
	_, err = h.Edit(t.Context(), bob, chat.EditInput{Room: "design", Seq: 1, Body: "from outside"})
	wantCode(t, err, chat.Forbidden)
}

func TestReact_IsASetInOrderOfFirstUse(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.say(t, ann, "", "hello")
	everyone := h.Everyone().String()
	react := func(by chat.Session, emoji string, on bool) []chat.Reaction {
		t.Helper()
		m, err := h.React(t.Context(), by, chat.ReactInput{Room: everyone, Seq: 1, Emoji: emoji, On: on})
		if err != nil {
			t.Fatal(err)
		}
		return m.Reactions
	}
	react(ann, "👍", true)
	react(bob, "🎉", true)
	react(bob, "👍", true)
	react(bob, "👍", true)
	got := react(ann, "👍", false)
	want := []chat.Reaction{{Emoji: "👍", Users: []chat.ID{bob.User}}, {Emoji: "🎉", Users: []chat.ID{bob.User}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	react(bob, "👍", false)
	got = react(bob, "👍", false)
	if diff := cmp.Diff(want[1:], got); diff != "" {
		t.Error(diff)
	}
	if told := published[chat.MessageChanged](t, h); len(told) != 5 {
		t.Errorf("%d changes were told, wanted 5", len(told))
	}
	page, err := h.History(t.Context(), ann, chat.HistoryInput{Room: everyone})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[1:], page.Messages[0].Reactions); diff != "" {
		t.Error(diff)
	}
}

func TestReact_AtMostTwentyKinds(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.say(t, ann, "", "hello")
	in := chat.ReactInput{Room: h.Everyone().String(), Seq: 1, On: true}
	for i := range 20 {
		in.Emoji = string(rune('🌰' + rune(i)))
		if _, err := h.React(t.Context(), ann, in); err != nil {
			t.Fatal(err)
		}
	}
	in.Emoji = "👍"
	_, err := h.React(t.Context(), bob, in)
	wantCode(t, err, chat.Conflict)
	in.Emoji = "🌰"
	if _, err := h.React(t.Context(), bob, in); err != nil {
		t.Errorf("one that is there: %v", err)
	}
}

func TestReact_OneEmojiAndNothingElse(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	h.say(t, ann, "", "hello")
	for emoji, code := range map[string]chat.Code{
		"👍": "", "👍🏽": "", "❤️": "", "👩‍👩‍👧‍👦": "", "🇩🇪": "", "#️⃣": "", "1⃣": "", "🏴󠁧󠁢󠁳󠁣󠁴󠁿": "", "‼️": "", "🏳️‍🌈": "", "✅": "",
		"": chat.Invalid, "a": chat.Invalid, "👍👍": chat.Invalid, "👍 ": chat.Invalid, "1": chat.Invalid, "é": chat.Invalid, "🇩": chat.Invalid,
		"👍\u200d": chat.Invalid, "\ufe0f": chat.Invalid, "🏽": chat.Invalid, "<b>": chat.Invalid, "\xff": chat.Invalid, "::": chat.Invalid,
		strings.Repeat("👩\u200d", 20) + "👩": chat.Invalid,
	} {
		_, err := h.React(t.Context(), ann, chat.ReactInput{Room: h.Everyone().String(), Seq: 1, Emoji: emoji, On: true})
		if chat.CodeOf(err) != code {
			t.Errorf("%q: %v, wanted %q", emoji, err, code)
		}
		if code == "" {
			if _, err := h.React(t.Context(), ann, chat.ReactInput{Room: h.Everyone().String(), Seq: 1, Emoji: emoji}); err != nil {
				t.Errorf("take back %q: %v", emoji, err)
			}
		}
	}
}

func TestChange_OutsidersOfAnOpenRoomReadOnly(t *testing.T) {
	h := newHouse(t, nil)
	h.login(t, "first")
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.room(t, ann, chat.CreateRoomInput{Name: "design"})
	h.say(t, ann, "design", "hello")
	for what, try := range map[string]func() (chat.Message, error){
		"edit": func() (chat.Message, error) {
			return h.Edit(t.Context(), bob, chat.EditInput{Room: "design", Seq: 1, Body: "x"})
		},
		"delete": func() (chat.Message, error) {
			return h.Delete(t.Context(), bob, chat.DeleteInput{Room: "design", Seq: 1})
		},
		"react": func() (chat.Message, error) {
			return h.React(t.Context(), bob, chat.ReactInput{Room: "design", Seq: 1, Emoji: "👍", On: true})
		},
		"pin": func() (chat.Message, error) {
			return h.Pin(t.Context(), bob, chat.PinInput{Room: "design", Seq: 1, On: true})
		},
	} {
		if _, err := try(); chat.CodeOf(err) != chat.Forbidden {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestPin_IsASet(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob"}})
	h.say(t, ann, "design", "hello")
	for i, on := range []bool{true, true, false, false, true} {
		m, err := h.Pin(t.Context(), bob, chat.PinInput{Room: "design", Seq: 1, On: on})
		if err != nil || m.PinnedAt.IsZero() == on {
			t.Fatalf("step %d: %+v, %v", i, m, err)
		}
	}
	told := published[chat.MessageChanged](t, h)
	revs := ""
	for _, e := range told {
		revs += fmt.Sprint(e.Message.Rev, " ")
	}
	if revs != "3 4 5 " {
		t.Errorf("revs %s", revs)
	}
}
