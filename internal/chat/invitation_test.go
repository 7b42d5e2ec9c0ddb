package chat_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/chat"
	"parley/internal/store/storetest"
)

// invited is a chat that asks for invitations, and its owner.
func invited(t *testing.T) (*house, chat.Session) {
	t.Helper()
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	if _, err := h.UpdateServer(t.Context(), ann, chat.UpdateServerInput{Registration: ptr(chat.RegistrationInvite)}); err != nil {
		t.Fatal(err)
	}
	return h, ann
}

// code makes an invitation and answers its code.
func (h *house) code(t *testing.T, by chat.Session, in chat.CreateInvitationInput) string {
	t.Helper()
	_, code, err := h.CreateInvitation(t.Context(), by, in)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// comes logs somebody in with a code.
func (h *house) comes(t *testing.T, name, code string) (chat.LoginResult, error) {
	t.Helper()
	return h.Login(t.Context(), chat.LoginInput{Name: name, Password: storetest.Password, Invite: code})
}

func TestInvitation_LetsAsManyInAsItSaysHoweverItIsTyped(t *testing.T) {
	h, ann := invited(t)
	code := h.code(t, ann, chat.CreateInvitationInput{Uses: ptr(2)})
	if _, err := h.Login(t.Context(), chat.LoginInput{Name: "bob", Password: storetest.Password, Invite: code, AskNew: true}); chat.CodeOf(err) != chat.NewName {
		t.Errorf("asking first: %v", err)
	}
	first, err := h.comes(t, "bob", code)
	if err != nil || !first.Created {
		t.Fatalf("%+v, %v", first, err)
	}
	if again, err := h.comes(t, "bob", code); err != nil || again.Created {
		t.Errorf("who has come once needs no invitation: %+v, %v", again, err)
	}
	typed := " " + code[:4] + " " + code[5:]
	if _, err := h.comes(t, "chen", strings.ToLower(typed)); err != nil {
		t.Errorf("typed as %q: %v", strings.ToLower(typed), err)
	}
	_, err = h.comes(t, "dee", code)
	wantField(t, err, "invite")
	if left, err := h.Invitations(t.Context(), ann); err != nil || len(left) != 0 {
		t.Errorf("still valid: %+v, %v", left, err)
	}
}

func TestInvitation_OfTwentyAtOnceOnlyAsManyAsItSaysComeIn(t *testing.T) {
	h, ann := invited(t)
	code := h.code(t, ann, chat.CreateInvitationInput{Uses: ptr(3)})
	var in atomic.Int32
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if _, err := h.comes(t, fmt.Sprintf("guest-%d", i), code); err == nil {
				in.Add(1)
			}
		})
	}
	all.Wait()
	if in.Load() != 3 {
		t.Errorf("%d came in", in.Load())
	}
}

func TestInvitation_ToARoomMakesAMemberOfWhoComes(t *testing.T) {
	h, ann := invited(t)
	room := h.room(t, ann, chat.CreateRoomInput{Name: "ops", Private: true})
	code := h.code(t, ann, chat.CreateInvitationInput{Room: "ops"})
	bob, err := h.comes(t, "bob", code)
	if err != nil {
		t.Fatal(err)
	}
	if head := h.head(t, bob.Session, room.ID); head.Role != chat.MemberPlain || head.Room.MembersCount != 2 {
		t.Errorf("%+v", head)
	}
	joined := published[chat.MemberJoined](t, h)
	if last := joined[len(joined)-1]; last.By.ID != ann.User || last.User.ID != bob.User.ID {
		t.Errorf("told %+v", last)
	}
	for what, in := range map[string]chat.CreateInvitationInput{
		"Everyone": {Room: "Everyone"}, "a room that only moderators invite to": {Room: "ops"},
	} {
		_, _, err := h.CreateInvitation(t.Context(), bob.Session, in)
		if chat.CodeOf(err) != chat.Forbidden {
			t.Errorf("%s: %v", what, err)
		}
	}
	chen := h.code(t, bob.Session, chat.CreateInvitationInput{})
	if _, err := h.comes(t, "chen", chen); err != nil {
		t.Errorf("a member invites to the server: %v", err)
	}
}

func TestInvitation_IsWorthlessWhenItIsOverRevokedOrItsMakerMayNotInviteAnyMore(t *testing.T) {
	h, ann := invited(t)
	bob, err := h.comes(t, "bob", h.code(t, ann, chat.CreateInvitationInput{}))
	if err != nil {
		t.Fatal(err)
	}
	h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob"}})
	ways := map[string]func(code string, made chat.Invitation) error{
		"revoked": func(_ string, made chat.Invitation) error {
			return h.RevokeInvitation(t.Context(), bob.Session, chat.RevokeInvitationInput{Invitation: made.ID.String()})
		},
		"all revoked": func(string, chat.Invitation) error {
			return h.RevokeInvitation(t.Context(), bob.Session, chat.RevokeInvitationInput{All: true})
		},
		"its maker has left the room": func(string, chat.Invitation) error {
			_, err := h.LeaveRoom(t.Context(), bob.Session, "design")
			return err
		},
		"nobody may join": func(string, chat.Invitation) error {
			_, err := h.UpdateServer(t.Context(), ann, chat.UpdateServerInput{Registration: ptr(chat.RegistrationClosed)})
			return err
		},
		"over":                  func(string, chat.Invitation) error { h.clock.t = h.clock.t.Add(time.Hour); return nil },
		"its maker is disabled": func(string, chat.Invitation) error { return h.SetDisabled(t.Context(), "bob", true) },
	}
	for _, way := range []string{"revoked", "all revoked", "its maker has left the room", "nobody may join", "over", "its maker is disabled"} {
		if _, err := h.UpdateServer(t.Context(), ann, chat.UpdateServerInput{Registration: ptr(chat.RegistrationOpen)}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.JoinRoom(t.Context(), bob.Session, "design"); err != nil {
			t.Fatal(err)
		}
		made, code, err := h.CreateInvitation(t.Context(), bob.Session, chat.CreateInvitationInput{Room: "design", For: ptr(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		if err := ways[way](code, made); err != nil {
			t.Fatal(way, err)
		}
		if _, err := h.comes(t, "guest", code); fieldOf(err) != "invite" {
			t.Errorf("%s: %v", way, err)
		}
	}
}

func TestInvitation_AWrongCodeTellsNobodyWhoIsHere(t *testing.T) {
	h, _ := invited(t)
	for _, code := range []string{"", "AAAA-AAAA-AAAA-AAAA"} {
		_, known := h.Login(t.Context(), chat.LoginInput{Name: "ann", Password: "wrong horse", Invite: code})
		_, unknown := h.Login(t.Context(), chat.LoginInput{Name: "nobody", Password: "wrong horse", Invite: code})
		if known == nil || unknown == nil || known.Error() != unknown.Error() {
			t.Errorf("with the code %q: %v for who is here, %v for who is not", code, known, unknown)
		}
	}
	if _, err := h.comes(t, "ann", "AAAA-AAAA-AAAA-AAAA"); err != nil {
		t.Errorf("the right password with a wrong code: %v", err)
	}
}

func TestInvitation_OnePersonHasTwentyAtMost(t *testing.T) {
	h, ann := invited(t)
	for range 20 {
		h.code(t, ann, chat.CreateInvitationInput{For: ptr(time.Hour)})
	}
	_, _, err := h.CreateInvitation(t.Context(), ann, chat.CreateInvitationInput{})
	wantCode(t, err, chat.Conflict)
	h.clock.t = h.clock.t.Add(time.Hour)
	h.code(t, ann, chat.CreateInvitationInput{})
	if valid, err := h.Invitations(t.Context(), ann); err != nil || len(valid) != 1 {
		t.Errorf("valid: %+v, %v", valid, err)
	}
}

func TestInvitation_RefusesWhatCannotBe(t *testing.T) {
	h, ann := invited(t)
	for field, in := range map[string]chat.CreateInvitationInput{"uses": {Uses: ptr(101)}, "expires_in": {For: ptr(31 * 24 * time.Hour)}} {
		_, _, err := h.CreateInvitation(t.Context(), ann, in)
		wantField(t, err, field)
	}
	wantCode(t, h.RevokeInvitation(t.Context(), ann, chat.RevokeInvitationInput{}), chat.Invalid)
	wantCode(t, h.RevokeInvitation(t.Context(), ann, chat.RevokeInvitationInput{Invitation: "1"}), chat.NotFound)
	bob, err := h.comes(t, "bob", h.code(t, ann, chat.CreateInvitationInput{}))
	if err != nil {
		t.Fatal(err)
	}
	made, _, err := h.CreateInvitation(t.Context(), ann, chat.CreateInvitationInput{})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, h.RevokeInvitation(t.Context(), bob.Session, chat.RevokeInvitationInput{Invitation: made.ID.String()}), chat.NotFound)
}

func wantField(t *testing.T, err error, field string) {
	t.Helper()
	if fieldOf(err) != field {
		t.Errorf("got %v, wanted a refusal of the field %q", err, field)
	}
}

func fieldOf(err error) string {
	var refusal *chat.Error
	if errors.As(err, &refusal) {
		return refusal.Field
	}
	return ""
}
