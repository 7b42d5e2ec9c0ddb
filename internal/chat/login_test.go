package chat_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/chat"
	"parley/internal/store/storetest"
)

func TestLogin_FirstLoginRegistersAndTheFirstAccountOwns(t *testing.T) {
	h := newHouse(t, nil)
	first, err := h.Login(t.Context(), chat.LoginInput{Name: "Zoë", Password: storetest.Password})
	if err != nil {
		t.Fatal(err)
	}
	if u := first.User; !first.Created || u.Role != chat.RoleOwner || u.Name != "zoë" || u.DisplayName != "Zoë" {
		t.Errorf("the first login answered %+v", first)
	}
	again, err := h.Login(t.Context(), chat.LoginInput{Name: "@ZOË", Password: storetest.Password})
	if err != nil {
		t.Fatal(err)
	}
	if again.Created || again.User.ID != first.User.ID || again.Token == first.Token {
		t.Errorf("the second login answered %+v", again)
	}
	second, err := h.Login(t.Context(), chat.LoginInput{Name: "bob", Password: storetest.Password})
	if err != nil || second.User.Role != chat.RoleMember {
		t.Errorf("the second account: %+v, %v", second, err)
	}
	joined := published[chat.MemberJoined](t, h)
	if len(joined) != 2 || joined[1].Head.Room.ID != h.Everyone() || joined[1].User.ID != second.User.ID {
		t.Errorf("joins of Everyone that were told: %+v", joined)
	}
	if joined[0].Rev != 2 || joined[1].Rev != 3 || joined[1].Head.Room.MembersCount != 2 {
		t.Errorf("the revs and counts of joins: %+v", joined)
	}
}

func TestLogin_Refusals(t *testing.T) {
	h := newHouse(t, nil)
	h.login(t, "scope")
	for what, c := range map[string]struct {
		in    chat.LoginInput
		code  chat.Code
		field string
	}{
		"a wrong password":             {chat.LoginInput{Name: "scope", Password: "wrong horse"}, chat.BadCredentials, ""},
		"a short wrong password":       {chat.LoginInput{Name: "scope", Password: "x"}, chat.BadCredentials, ""},
		"a huge wrong password":        {chat.LoginInput{Name: "scope", Password: storetest.Password + string(make([]byte, 1e6))}, chat.BadCredentials, ""},
		"a bad name":                   {chat.LoginInput{Name: "a b", Password: storetest.Password}, chat.Invalid, "name"},
		"a name that looks the same":   {chat.LoginInput{Name: "ѕсоре", Password: storetest.Password}, chat.Conflict, "name"},
		"asking for a look-alike":      {chat.LoginInput{Name: "ѕсоре", Password: storetest.Password, AskNew: true}, chat.Conflict, "name"},
		"a common password":            {chat.LoginInput{Name: "bob", Password: "password1"}, chat.Invalid, "password"},
		"a short password":             {chat.LoginInput{Name: "bob", Password: "seven77"}, chat.Invalid, "password"},
		"asking for an unknown name":   {chat.LoginInput{Name: "bob", Password: storetest.Password, AskNew: true}, chat.NewName, ""},
		"asking with a wrong password": {chat.LoginInput{Name: "scope", Password: "wrong horse", AskNew: true}, chat.BadCredentials, ""},
	} {
		_, err := h.Login(t.Context(), c.in)
		var refusal *chat.Error
		if !errors.As(err, &refusal) || refusal.Code != c.code || refusal.Field != c.field {
			t.Errorf("%s: %v", what, err)
		}
	}
	me := h.login(t, "scope")
	if users, err := h.ListUsers(t.Context(), me, chat.ListInput{}); err != nil || len(users.Users) != 1 {
		t.Errorf("refused logins have made users: %+v, %v", users, err)
	}
}

func TestLogin_ClosedRegistrationAnswersAnUnknownNameLikeAWrongPassword(t *testing.T) {
	for _, policy := range []chat.Registration{chat.RegistrationClosed, chat.RegistrationInvite} {
		h := newHouse(t, func(o *chat.Options) { o.Registration = policy })
		if _, err := h.AddUser(t.Context(), chat.AddUserInput{Name: "ann", Password: storetest.Password}); err != nil {
			t.Fatal(err)
		}
		_, wrong := h.Login(t.Context(), chat.LoginInput{Name: "ann", Password: "wrong horse"})
		for i, name := range []string{"bob", "not a name", "", "12345"} {
			_, unknown := h.Login(t.Context(), chat.LoginInput{Name: name, Password: "wrong horse", AskNew: true})
			if unknown == nil || unknown.Error() != wrong.Error() {
				t.Errorf("%s: unknown name %q: %v; wrong password: %v", policy, name, unknown, wrong)
			}
			if h.hasher.Dummies() != i+1 {
				t.Errorf("%s: the unknown name %q did not cost the time of a check", policy, name)
			}
		}
	}
}

func TestLogin_ManyFirstLoginsOfOneNameMakeOneUser(t *testing.T) {
	h := newHouse(t, nil)
	h.login(t, "owner")
	var created, refused atomic.Int32
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			password := []string{"the first password", "the other password"}[i%2]
			result, err := h.Login(t.Context(), chat.LoginInput{Name: "ann", Password: password})
			switch {
			case chat.CodeOf(err) == chat.BadCredentials:
				refused.Add(1)
			case err != nil:
				t.Error(err)
			case result.Created:
				created.Add(1)
			}
		})
	}
	all.Wait()
	if created.Load() != 1 || refused.Load() != 8 {
		t.Errorf("%d logins created the user, %d with the other password were refused; wanted 1 and 8", created.Load(), refused.Load())
	}
	room := h.head(t, h.login(t, "owner"), h.Everyone()).Room
	if room.MembersCount != 2 || room.LastRev != 3 {
		t.Errorf("Everyone has %d members at rev %d, wanted 2 at rev 3", room.MembersCount, room.LastRev)
	}
}

func TestLogin_RehashesAnOldHash(t *testing.T) {
	h := newHouse(t, nil)
	h.login(t, "ann")
	h.hasher.Rehash = true
	h.login(t, "ann")
	h.login(t, "ann")
}

func TestSession_LivesUntilItIsRevokedOrUnusedForLong(t *testing.T) {
	h := newHouse(t, func(o *chat.Options) { o.SessionTTL = 30 * 24 * time.Hour })
	login, err := h.Login(t.Context(), chat.LoginInput{Name: "ann", Password: storetest.Password, Cookie: true})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		h.clock.t = h.clock.t.Add(20 * 24 * time.Hour)
		session, err := h.Authenticate(t.Context(), login.Token)
		if err != nil || session.ID != login.Session.ID || !session.Cookie || session.User != login.User.ID {
			t.Fatalf("a session in use: %+v, %v", session, err)
		}
	}
	h.clock.t = h.clock.t.Add(31 * 24 * time.Hour)
	_, err = h.Authenticate(t.Context(), login.Token)
	wantCode(t, err, chat.Unauthorized)
	_, err = h.Send(t.Context(), login.Session, chat.SendInput{Body: "hi"})
	wantCode(t, err, chat.Unauthorized)
	for _, token := range []string{"", "x", login.Token + "x"} {
		_, err = h.Authenticate(t.Context(), token)
		wantCode(t, err, chat.Unauthorized)
	}
}

func TestLogout_EndsThatSessionOnly(t *testing.T) {
	h := newHouse(t, nil)
	phone, laptop := h.login(t, "ann"), h.login(t, "ann")
	for range 2 {
		if err := h.Logout(t.Context(), phone); err != nil {
			t.Fatal(err)
		}
	}
	_, err := h.Send(t.Context(), phone, chat.SendInput{Body: "after the logout"})
	wantCode(t, err, chat.Unauthorized)
	h.say(t, laptop, "", "still here")
	revoked := published[chat.SessionsRevoked](t, h)
	if len(revoked) == 0 || revoked[0] != (chat.SessionsRevoked{User: phone.User, Session: phone.ID, Reason: chat.RevokedLogout}) {
		t.Errorf("told: %+v", revoked)
	}
}

func TestSetPassword_EndsAllSessionsAndOpensWithTheNewOneOnly(t *testing.T) {
	h := newHouse(t, nil)
	session := h.login(t, "ann")
	wantCode(t, h.SetPassword(t.Context(), "bob", "another password"), chat.NotFound)
	wantCode(t, h.SetPassword(t.Context(), "ann", "short"), chat.Invalid)
	if err := h.SetPassword(t.Context(), "Ann", "another password"); err != nil {
		t.Fatal(err)
	}
	_, err := h.Me(t.Context(), session)
	wantCode(t, err, chat.Unauthorized)
	_, err = h.Login(t.Context(), chat.LoginInput{Name: "ann", Password: storetest.Password})
	wantCode(t, err, chat.BadCredentials)
	if _, err = h.Login(t.Context(), chat.LoginInput{Name: "ann", Password: "another password"}); err != nil {
		t.Error(err)
	}
	if revoked := published[chat.SessionsRevoked](t, h); len(revoked) != 1 || revoked[0].Session != 0 || revoked[0].Reason != chat.RevokedPassword {
		t.Errorf("told: %+v", revoked)
	}
}

func TestSetDisabled_TurnsAnAccountOffAndOn(t *testing.T) {
	h := newHouse(t, nil)
	session := h.login(t, "ann")
	if err := h.SetDisabled(t.Context(), "ann", true); err != nil {
		t.Fatal(err)
	}
	_, err := h.Sync(t.Context(), session)
	wantCode(t, err, chat.Unauthorized)
	_, err = h.Login(t.Context(), chat.LoginInput{Name: "ann", Password: storetest.Password})
	wantCode(t, err, chat.Forbidden)
	_, err = h.Login(t.Context(), chat.LoginInput{Name: "ann", Password: "wrong horse"})
	wantCode(t, err, chat.BadCredentials)
	if err := h.SetDisabled(t.Context(), "ann", false); err != nil {
		t.Fatal(err)
	}
	_, err = h.Sync(t.Context(), session)
	wantCode(t, err, chat.Unauthorized)
	h.login(t, "ann")
	if changed := published[chat.UserChanged](t, h); len(changed) != 2 || !changed[0].User.Disabled() || changed[1].User.Disabled() {
		t.Errorf("told: %+v", changed)
	}
}

func TestAddUser_ByTheOperator(t *testing.T) {
	h := newHouse(t, func(o *chat.Options) { o.Registration = chat.RegistrationClosed })
	first, err := h.AddUser(t.Context(), chat.AddUserInput{Name: "Ann", Password: storetest.Password})
	if err != nil || first.Role != chat.RoleOwner {
		t.Fatalf("%+v, %v", first, err)
	}
	admin, err := h.AddUser(t.Context(), chat.AddUserInput{Name: "Bob", Password: storetest.Password, Role: chat.RoleAdmin})
	if err != nil || admin.Role != chat.RoleAdmin {
		t.Fatalf("%+v, %v", admin, err)
	}
	_, err = h.AddUser(t.Context(), chat.AddUserInput{Name: "ANN", Password: storetest.Password})
	wantCode(t, err, chat.Conflict)
	_, err = h.AddUser(t.Context(), chat.AddUserInput{Name: "Chen", Password: storetest.Password, Role: "king"})
	wantCode(t, err, chat.Invalid)
	_, err = h.AddUser(t.Context(), chat.AddUserInput{Name: "Chen", Password: "password"})
	wantCode(t, err, chat.Invalid)
}

func TestNew_EpochAndEveryoneSurviveARestart(t *testing.T) {
	h := newHouse(t, nil)
	again := storetest.NewService(t, h.store, h.events)
	if h.Epoch() == "" || again.Epoch() != h.Epoch() || again.Everyone() != h.Everyone() {
		t.Errorf("epoch %q and room %s became %q and %s", h.Epoch(), h.Everyone(), again.Epoch(), again.Everyone())
	}
}
