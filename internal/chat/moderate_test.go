package chat_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func TestUpdateRoom_AllInOneRev(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	id := h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob"}}).ID.String()
	policy := chat.PostModerators
	in := chat.UpdateRoomInput{Room: id, Name: ptr(" Design & more "), Topic: ptr("launch"), PostPolicy: &policy, RetentionDays: ptr(30)}
	for range 2 {
		room, err := h.UpdateRoom(t.Context(), ann, in)
		if err != nil || room.LastRev != 2 || room.MetaRev != 2 || room.Name != "Design & more" || room.Topic != "launch" ||
			room.PostPolicy != policy || room.RetentionDays != 30 {
			t.Fatalf("%+v, %v", room, err)
		}
	}
	told := published[chat.RoomChanged](t, h)
	if len(told) != 1 || told[0].Rev != 2 || told[0].Room.Name != "Design & more" {
		t.Errorf("told %+v", told)
	}
	page, err := h.Changes(t.Context(), bob, chat.ChangesInput{Room: id, Since: 1})
	if err != nil || page.Room == nil || page.Room.Topic != "launch" || page.ToRev != 2 {
		t.Errorf("changes: %+v, %v", page, err)
	}
	_, err = h.Send(t.Context(), bob, chat.SendInput{Room: id, Body: "hello"})
	wantCode(t, err, chat.Forbidden)
	_, err = h.History(t.Context(), ann, chat.HistoryInput{Room: "design"})
	wantCode(t, err, chat.NotFound)
	if _, err := h.History(t.Context(), ann, chat.HistoryInput{Room: "DESIGN & MORE"}); err != nil {
		t.Errorf("by its new name: %v", err)
	}
	room, err := h.UpdateRoom(t.Context(), ann, chat.UpdateRoomInput{Room: id, Topic: ptr(""), RetentionDays: ptr(0)})
	if err != nil || room.Topic != "" || room.RetentionDays != 0 || room.Name != "Design & more" {
		t.Errorf("%+v, %v", room, err)
	}
}

func TestUpdateRoom_ArchivedIsReadOnlyUntilItIsBack(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	id := h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob"}}).ID.String()
	h.say(t, ann, id, "hello")
	room, err := h.UpdateRoom(t.Context(), ann, chat.UpdateRoomInput{Room: id, Archived: ptr(true)})
	if err != nil || !room.Archived() || room.LastRev != 3 {
		t.Fatalf("%+v, %v", room, err)
	}
	for what, try := range map[string]func() error{
		"send": func() error { _, err := h.Send(t.Context(), ann, chat.SendInput{Room: id, Body: "x"}); return err },
		"edit": func() error {
			_, err := h.Edit(t.Context(), ann, chat.EditInput{Room: id, Seq: 1, Body: "x"})
			return err
		},
		"delete": func() error { _, err := h.Delete(t.Context(), ann, chat.DeleteInput{Room: id, Seq: 1}); return err },
		"react": func() error {
			_, err := h.React(t.Context(), ann, chat.ReactInput{Room: id, Seq: 1, Emoji: "👍", On: true})
			return err
		},
		"rename": func() error {
			_, err := h.UpdateRoom(t.Context(), ann, chat.UpdateRoomInput{Room: id, Name: ptr("x")})
			return err
		},
		"invite": func() error { _, err := h.Invite(t.Context(), ann, id, []string{"bob"}); return err },
	} {
		if err := try(); chat.CodeOf(err) != chat.Forbidden {
			t.Errorf("%s: %v", what, err)
		}
	}
	if page, err := h.History(t.Context(), bob, chat.HistoryInput{Room: id}); err != nil || len(page.Messages) != 1 {
		t.Errorf("it can be read: %+v, %v", page, err)
	}
	h.room(t, ann, chat.CreateRoomInput{Name: "design"})
	_, err = h.UpdateRoom(t.Context(), ann, chat.UpdateRoomInput{Room: id, Archived: ptr(false)})
	wantCode(t, err, chat.Conflict)
	room, err = h.UpdateRoom(t.Context(), ann, chat.UpdateRoomInput{Room: id, Archived: ptr(false), Name: ptr("design 2")})
	if err != nil || room.Archived() {
		t.Errorf("%+v, %v", room, err)
	}
}

func TestUpdateRoom_Refusals(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob, chen := h.login(t, "ann"), h.login(t, "bob"), h.login(t, "chen")
	h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob"}})
	h.room(t, ann, chat.CreateRoomInput{Name: "taken"})
	h.room(t, ann, chat.CreateRoomInput{Name: "secret", Private: true})
	sent, err := h.Send(t.Context(), ann, chat.SendInput{To: []string{"bob"}, Body: "psst"})
	if err != nil {
		t.Fatal(err)
	}
	odd := chat.PostPolicy("nobody")
	for what, c := range map[string]struct {
		by   chat.Session
		in   chat.UpdateRoomInput
		code chat.Code
	}{
		"a member":         {bob, chat.UpdateRoomInput{Room: "design", Topic: ptr("x")}, chat.Forbidden},
		"an outsider":      {chen, chat.UpdateRoomInput{Room: "design", Topic: ptr("x")}, chat.Forbidden},
		"a hidden room":    {chen, chat.UpdateRoomInput{Room: "secret", Topic: ptr("x")}, chat.NotFound},
		"a dm":             {ann, chat.UpdateRoomInput{Room: sent.Message.Room.String(), Topic: ptr("x")}, chat.Forbidden},
		"Everyone's name":  {ann, chat.UpdateRoomInput{Room: "everyone", Name: ptr("x")}, chat.Forbidden},
		"Everyone's end":   {ann, chat.UpdateRoomInput{Room: "everyone", Archived: ptr(true)}, chat.Forbidden},
		"Everyone's topic": {ann, chat.UpdateRoomInput{Room: "everyone", Topic: ptr("x")}, ""},
		"a taken name":     {ann, chat.UpdateRoomInput{Room: "design", Name: ptr("TAKEN")}, chat.Conflict},
		"no name":          {ann, chat.UpdateRoomInput{Room: "design", Name: ptr(" ")}, chat.Invalid},
		"a long topic":     {ann, chat.UpdateRoomInput{Room: "design", Topic: ptr(strings.Repeat("é", 1001))}, chat.Invalid},
		"an odd policy":    {ann, chat.UpdateRoomInput{Room: "design", PostPolicy: &odd}, chat.Invalid},
		"an odd retention": {ann, chat.UpdateRoomInput{Room: "design", RetentionDays: ptr(-1)}, chat.Invalid},
		"its name in caps": {ann, chat.UpdateRoomInput{Room: "design", Name: ptr("DESIGN")}, ""},
	} {
		if _, err := h.UpdateRoom(t.Context(), c.by, c.in); chat.CodeOf(err) != c.code {
			t.Errorf("%s: %v, wanted %q", what, err, c.code)
		}
	}
}

func TestKick_EndsTheMembershipAtOnce(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob"}})
	room, err := h.Kick(t.Context(), ann, "design", "@bob")
	if err != nil || room.MembersCount != 1 || room.LastRev != 2 || room.MemberRev != 2 {
		t.Fatalf("%+v, %v", room, err)
	}
	told := published[chat.MemberLeft](t, h)
	if len(told) != 1 || told[0].Reason != chat.ReasonKicked || told[0].User.Name != "bob" || told[0].Rev != 2 {
		t.Errorf("told %+v", told)
	}
	_, err = h.Send(t.Context(), bob, chat.SendInput{Room: "design", Body: "still here?"})
	wantCode(t, err, chat.Forbidden)
	_, err = h.Kick(t.Context(), ann, "design", "bob")
	wantCode(t, err, chat.NotFound)
	if _, err := h.JoinRoom(t.Context(), bob, "design"); err != nil {
		t.Errorf("an open room may be joined again: %v", err)
	}
}

func TestKickAndRole_WhoMay(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob, chen := h.login(t, "ann"), h.login(t, "bob"), h.login(t, "chen")
	h.login(t, "dora")
	h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob", "chen", "dora"}})
	role := func(by chat.Session, user string, role chat.MemberRole) error {
		_, err := h.SetRole(t.Context(), by, "design", user, role)
		return err
	}
	kick := func(by chat.Session, room, user string) error {
		_, err := h.Kick(t.Context(), by, room, user)
		return err
	}
	if err := role(ann, "bob", chat.MemberModerator); err != nil {
		t.Fatal(err)
	}
	if err := role(ann, "chen", chat.MemberModerator); err != nil {
		t.Fatal(err)
	}
	wantCode(t, role(bob, "dora", chat.MemberModerator), chat.Forbidden)
	wantCode(t, role(bob, "bob", chat.MemberPlain), chat.Forbidden)
	wantCode(t, kick(bob, "design", "chen"), chat.Forbidden)
	wantCode(t, kick(bob, "design", "ann"), chat.Forbidden)
	wantCode(t, kick(bob, "design", "bob"), chat.Invalid)
	wantCode(t, kick(ann, "design", "nobody"), chat.NotFound)
	wantCode(t, kick(ann, "everyone", "bob"), chat.Forbidden)
	wantCode(t, role(ann, "dora", "king"), chat.Invalid)
	wantCode(t, role(ann, "ann", chat.MemberModerator), chat.Conflict)
	wantCode(t, kick(bob, "design", "dora"), "")
	wantCode(t, kick(ann, "design", "chen"), "")
	wantCode(t, kick(chen, "design", "bob"), chat.Forbidden)
	wantCode(t, role(ann, "chen", chat.MemberPlain), chat.NotFound)
}

func TestRole_TheLastOwnerCannotStepDown(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob"}})
	for range 2 {
		room, err := h.SetRole(t.Context(), ann, "design", "bob", chat.MemberOwner)
		if err != nil || room.LastRev != 2 || room.MembersCount != 2 {
			t.Fatalf("%+v, %v", room, err)
		}
	}
	if _, err := h.SetRole(t.Context(), ann, "design", "ann", chat.MemberPlain); err != nil {
		t.Fatal(err)
	}
	_, err := h.SetRole(t.Context(), bob, "design", "bob", chat.MemberPlain)
	wantCode(t, err, chat.Conflict)
	_, err = h.LeaveRoom(t.Context(), bob, "design")
	wantCode(t, err, chat.Conflict)
	var told []string
	for _, e := range published[chat.MemberChanged](t, h) {
		told = append(told, e.User.Name+" is "+string(e.Role))
	}
	if diff := cmp.Diff([]string{"bob is owner", "ann is member"}, told); diff != "" {
		t.Error(diff)
	}
	page, err := h.Changes(t.Context(), bob, chat.ChangesInput{Room: "design", Since: 1})
	if err != nil || !page.MembersChanged || page.ToRev != 3 {
		t.Errorf("%+v, %v", page, err)
	}
}
