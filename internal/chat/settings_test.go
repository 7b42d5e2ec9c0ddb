package chat_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func TestNotify_TellsOnesOwnDevices(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	room := h.room(t, ann, chat.CreateRoomInput{Name: "design"}).ID
	until := h.clock.t.Add(time.Hour)
	in := chat.NotifyInput{Room: "design", Level: chat.NotifyNone, MutedUntil: until}
	if err := h.SetNotify(t.Context(), ann, in); err != nil {
		t.Fatal(err)
	}
	if head := h.head(t, ann, room); head.Notify != chat.NotifyNone || !head.MutedUntil.Equal(until) || head.Room.LastRev != 1 {
		t.Errorf("%+v", head)
	}
	told := published[chat.HeadChanged](t, h)
	if len(told) != 1 || told[0].User != ann.User || told[0].Head.Notify != chat.NotifyNone {
		t.Errorf("told %+v", told)
	}
	if err := h.SetNotify(t.Context(), ann, chat.NotifyInput{Room: "design", Level: chat.NotifyAll}); err != nil {
		t.Fatal(err)
	}
	if head := h.head(t, ann, room); head.Notify != chat.NotifyAll || !head.MutedUntil.IsZero() {
		t.Errorf("%+v", head)
	}
	wantCode(t, h.SetNotify(t.Context(), bob, in), chat.Forbidden)
	wantCode(t, h.SetNotify(t.Context(), ann, chat.NotifyInput{Room: "design", Level: "loud"}), chat.Invalid)
}

func TestDraft_WaitsOnTheOtherDevices(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	room := h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob"}}).ID
	for _, body := range []string{"he", "hello", "hello", ""} {
		if err := h.SetDraft(t.Context(), bob, "design", body); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.SetDraft(t.Context(), bob, "design", "unsent "); err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, e := range published[chat.DraftChanged](t, h) {
		if e.User != bob.User || e.Session != bob.ID || e.Draft.Room != room {
			t.Errorf("told %+v", e)
		}
		told = append(told, e.Draft.Body)
	}
	if diff := cmp.Diff([]string{"he", "hello", "", "unsent "}, told); diff != "" {
		t.Error(diff)
	}
	drafts := func(by chat.Session) []chat.Draft {
		t.Helper()
		result, err := h.Sync(t.Context(), by)
		if err != nil {
			t.Fatal(err)
		}
		return result.Drafts
	}
	if diff := cmp.Diff([]chat.Draft{{Room: room, Body: "unsent "}}, drafts(bob)); diff != "" {
		t.Error(diff)
	}
	if len(drafts(ann)) != 0 {
		t.Errorf("ann sees %+v", drafts(ann))
	}
	if _, err := h.Kick(t.Context(), ann, "design", "bob"); err != nil {
		t.Fatal(err)
	}
	if len(drafts(bob)) != 0 {
		t.Errorf("after the kick: %+v", drafts(bob))
	}
	wantCode(t, h.SetDraft(t.Context(), bob, "design", "x"), chat.Forbidden)
	wantCode(t, h.SetDraft(t.Context(), ann, "design", strings.Repeat("x", 8001)), chat.TooLarge)
}

func TestUpdateUser_OthersSeeTheProfileAndNotThePreferences(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.say(t, ann, "", "hello")
	me, err := h.UpdateUser(t.Context(), ann, chat.UpdateUserInput{DisplayName: ptr(" Ann Ö. "), Bio: ptr("draws")})
	if err != nil || me.DisplayName != "Ann Ö." || me.Bio != "draws" || me.Name != "ann" {
		t.Fatalf("%+v, %v", me, err)
	}
	seen, err := h.User(t.Context(), bob, "@ANN")
	if err != nil || seen.DisplayName != "Ann Ö." || seen.Blocked {
		t.Errorf("%+v, %v", seen, err)
	}
	page, err := h.ListUsers(t.Context(), bob, chat.ListInput{Query: "ann ö"})
	if err != nil || len(page.Users) != 1 {
		t.Errorf("found by the new name: %+v, %v", page, err)
	}
	history, err := h.History(t.Context(), bob, chat.HistoryInput{Room: "everyone"})
	if err != nil || history.Messages[0].Author.DisplayName != "Ann Ö." {
		t.Errorf("%+v, %v", history, err)
	}
	me, err = h.UpdateUser(t.Context(), ann, chat.UpdateUserInput{Prefs: json.RawMessage(`{"receipts": false, "theme": "dark"}`)})
	if err != nil || me.Receipts {
		t.Fatalf("%+v, %v", me, err)
	}
	me, err = h.UpdateUser(t.Context(), ann, chat.UpdateUserInput{Prefs: json.RawMessage(`{"theme": null, "size": 2}`), DisplayName: ptr("")})
	if err != nil || me.Receipts || string(me.Prefs) != `{"receipts":false,"size":2}` || me.DisplayName != "ann" {
		t.Fatalf("%+v, %v", me, err)
	}
	if _, err := h.UpdateUser(t.Context(), ann, chat.UpdateUserInput{Bio: ptr("draws")}); err != nil {
		t.Fatal(err)
	}
	var viewers []chat.ID
	for _, e := range published[chat.UserChanged](t, h) {
		viewers = append(viewers, e.Viewer)
	}
	if diff := cmp.Diff([]chat.ID{0, ann.User, 0}, viewers); diff != "" {
		t.Error(diff)
	}
}

func TestUpdateUser_Refusals(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	for what, c := range map[string]struct {
		in   chat.UpdateUserInput
		code chat.Code
	}{
		"a long name":       {chat.UpdateUserInput{DisplayName: ptr(strings.Repeat("é", 65))}, chat.Invalid},
		"a name with turns": {chat.UpdateUserInput{DisplayName: ptr("a\u202eb")}, chat.Invalid},
		"a long bio":        {chat.UpdateUserInput{Bio: ptr(strings.Repeat("é", 501))}, chat.Invalid},
		"odd preferences":   {chat.UpdateUserInput{Prefs: json.RawMessage(`[1]`)}, chat.Invalid},
		"odd receipts":      {chat.UpdateUserInput{Prefs: json.RawMessage(`{"receipts": 1}`)}, chat.Invalid},
		"odd presence":      {chat.UpdateUserInput{Prefs: json.RawMessage(`{"presence": "no"}`)}, chat.Invalid},
		"odd typing":        {chat.UpdateUserInput{Prefs: json.RawMessage(`{"typing": []}`)}, chat.Invalid},
		"many preferences":  {chat.UpdateUserInput{Prefs: json.RawMessage(`{"x": "` + strings.Repeat("x", 16<<10) + `"}`)}, chat.TooLarge},
	} {
		if _, err := h.UpdateUser(t.Context(), ann, c.in); chat.CodeOf(err) != c.code {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := h.User(t.Context(), ann, "nobody")
	wantCode(t, err, chat.NotFound)
}

func TestBlock_HoldsBothWaysInADM(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	sent, err := h.Send(t.Context(), bob, chat.SendInput{To: []string{"ann"}, Body: "hello"})
	if err != nil {
		t.Fatal(err)
	}
	dm := sent.Message.Room.String()
	for range 2 {
		if err := h.SetBlock(t.Context(), ann, "bob", true); err != nil {
			t.Fatal(err)
		}
	}
	for what, try := range map[string]func() error{
		"bob writes": func() error { _, err := h.Send(t.Context(), bob, chat.SendInput{Room: dm, Body: "why?"}); return err },
		"ann writes": func() error {
			_, err := h.Send(t.Context(), ann, chat.SendInput{To: []string{"bob"}, Body: "so"})
			return err
		},
		"bob types": func() error { _, err := h.TypingIn(t.Context(), bob, dm, nil); return err },
		"bob edits": func() error {
			_, err := h.Edit(t.Context(), bob, chat.EditInput{Room: dm, Seq: 1, Body: "x"})
			return err
		},
		"ann reacts": func() error {
			_, err := h.React(t.Context(), ann, chat.ReactInput{Room: dm, Seq: 1, Emoji: "👎", On: true})
			return err
		},
		"bob pins": func() error { _, err := h.Pin(t.Context(), bob, chat.PinInput{Room: dm, Seq: 1, On: true}); return err },
		"a new dm with both": func() error {
			h.login(t, "chen")
			_, err := h.Send(t.Context(), bob, chat.SendInput{To: []string{"ann", "chen"}, Body: "all of us"})
			return err
		},
	} {
		if err := try(); chat.CodeOf(err) != chat.Blocked {
			t.Errorf("%s: %v", what, err)
		}
	}
	h.say(t, bob, "", "everyone hears me")
	if _, err := h.Delete(t.Context(), bob, chat.DeleteInput{Room: dm, Seq: 1}); err != nil {
		t.Errorf("taking back one's words: %v", err)
	}
	if a, err := h.User(t.Context(), ann, "bob"); err != nil || !a.Blocked {
		t.Errorf("ann sees %+v, %v", a, err)
	}
	if b, err := h.User(t.Context(), bob, "ann"); err != nil || b.Blocked {
		t.Errorf("bob sees %+v, %v", b, err)
	}
	page, err := h.ListUsers(t.Context(), ann, chat.ListInput{Query: "bob"})
	if err != nil || len(page.Users) != 1 || !page.Users[0].Blocked {
		t.Errorf("ann's list: %+v, %v", page, err)
	}
	told := published[chat.UserChanged](t, h)
	if len(told) != 1 || told[0].Viewer != ann.User || !told[0].User.Blocked || told[0].User.Name != "bob" {
		t.Errorf("told %+v", told)
	}
	if err := h.SetBlock(t.Context(), ann, "bob", false); err != nil {
		t.Fatal(err)
	}
	h.say(t, bob, dm, "thanks")
	wantCode(t, h.SetBlock(t.Context(), ann, "ann", true), chat.Invalid)
	wantCode(t, h.SetBlock(t.Context(), ann, "nobody", true), chat.NotFound)
}

func TestDevices_OneIsEndedFromAnother(t *testing.T) {
	h := newHouse(t, nil)
	phone, laptop, bob := h.login(t, "ann"), h.login(t, "ann"), h.login(t, "bob")
	tablet := h.login(t, "ann")
	devices, err := h.Devices(t.Context(), laptop)
	if err != nil || len(devices) != 3 || devices[0].ID != tablet.ID || devices[1].ID != laptop.ID || !devices[1].Current || devices[0].Current {
		t.Fatalf("%+v, %v", devices, err)
	}
	wantCode(t, h.Revoke(t.Context(), laptop, chat.RevokeInput{Session: bob.ID.String()}), chat.NotFound)
	wantCode(t, h.Revoke(t.Context(), laptop, chat.RevokeInput{}), chat.Invalid)
	wantCode(t, h.Revoke(t.Context(), laptop, chat.RevokeInput{Session: "1", Others: true}), chat.Invalid)
	if err := h.Revoke(t.Context(), laptop, chat.RevokeInput{Session: phone.ID.String()}); err != nil {
		t.Fatal(err)
	}
	_, err = h.Me(t.Context(), phone)
	wantCode(t, err, chat.Unauthorized)
	wantCode(t, h.Revoke(t.Context(), laptop, chat.RevokeInput{Session: phone.ID.String()}), chat.NotFound)
	for range 2 {
		if err := h.Revoke(t.Context(), laptop, chat.RevokeInput{Others: true}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = h.Me(t.Context(), tablet)
	wantCode(t, err, chat.Unauthorized)
	if devices, err = h.Devices(t.Context(), laptop); err != nil || len(devices) != 1 {
		t.Errorf("%+v, %v", devices, err)
	}
	told := published[chat.SessionsRevoked](t, h)
	if len(told) != 2 || told[0].Session != phone.ID || told[1].Session != tablet.ID || told[0].Reason != chat.RevokedRemotely {
		t.Errorf("told %+v", told)
	}
	if _, err := h.Me(t.Context(), bob); err != nil {
		t.Errorf("bob: %v", err)
	}
}
