package app_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/app"
	"parley/internal/config"
	"parley/internal/wire"
	"parley/socketio/socketiotest"
)

func TestLogin_OnTheSocketRegistersAndThenSaysWhatThereIs(t *testing.T) {
	parley := start(t, nil)
	d := parley.dial(t, nil)
	in := d.ok(wire.AuthLogin, m{"name": "Ann", "password": "correct horse"})
	if !in.Created || in.User.Name != "ann" || in.User.DisplayName != "Ann" || in.User.Role != "owner" || in.Token == "" {
		t.Errorf("got %+v", in)
	}
	ready := next[wire.ReadyPush](d, wire.Ready)
	if ready.Me.User != in.User || ready.Server.Proto != 1 || ready.Server.Epoch == "" || ready.Server.Limits.Body != 8000 {
		t.Errorf("got %+v", ready)
	}
	if len(ready.Rooms) != 1 || ready.Rooms[0].Room.Kind != "everyone" || ready.Rooms[0].Room.MembersCount != 1 {
		t.Errorf("got %+v", ready.Rooms)
	}
	if again := d.refused(wire.AuthLogin, m{"name": "Bob", "password": "correct horse"}); again.Code != "conflict" {
		t.Errorf("a second login: %+v", again)
	}
}

func TestLogin_IsAnsweredBeforeReady(t *testing.T) {
	parley := start(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, err := socketiotest.DialConn(ctx, parley.url, &socketiotest.Options{HTTPClient: parley.http})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	steps := []struct{ send, want string }{
		{"0", `0{"sid":`},
		{`27["auth:login",{"name":"ann","password":"correct horse"}]`, `37[{"ok":true,`},
		{"", `2["ready",`},
	}
	for _, step := range steps {
		if step.send != "" {
			if err := conn.Send(step.send); err != nil {
				t.Fatal(err)
			}
		}
		message, err := conn.Next(ctx)
		if err != nil || !strings.HasPrefix(string(message.Data), step.want) {
			t.Fatalf("got %.80s, %v, want %s", message.Data, err, step.want)
		}
	}
}

func TestLogin_AWrongPasswordIsTheSameAnswerAsAnUnknownNameWhereNobodyMayRegister(t *testing.T) {
	parley := start(t, nil)
	parley.person(t, "ann")
	d := parley.dial(t, nil)
	wrong := d.refused(wire.AuthLogin, m{"name": "ann", "password": "wrong horse!"})
	want := wire.Error{Code: "bad_credentials", Message: "Incorrect username or password"}
	if wrong != want {
		t.Errorf("got %+v", wrong)
	}

	closed := start(t, func(c *config.Serve) { c.Registration = "closed" })
	if unknown := closed.dial(t, nil).refused(wire.AuthLogin, m{"name": "ann", "password": "wrong horse!"}); unknown != want {
		t.Errorf("got %+v", unknown)
	}
	// The connection lives and the right password opens it.
	if in := d.ok(wire.AuthLogin, m{"name": "ANN", "password": passwordOf("ann")}); in.Created {
		t.Errorf("got %+v", in)
	}
}

func TestLogin_AsksBeforeItMakesANewName(t *testing.T) {
	parley := start(t, nil)
	d := parley.dial(t, nil)
	if asked := d.refused(wire.AuthLogin, m{"name": "zoe", "password": "correct horse", "ask_new": true}); asked.Code != "new_name" {
		t.Errorf("got %+v", asked)
	}
	if in := d.ok(wire.AuthLogin, m{"name": "zoe", "password": "correct horse"}); !in.Created {
		t.Errorf("got %+v", in)
	}
}

func TestLogin_RefusesBadNamesAndPasswordsByField(t *testing.T) {
	parley := start(t, nil)
	d := parley.dial(t, nil)
	tests := []struct{ name, password, code, field string }{
		{"x", "correct horse", "invalid", "name"},
		{"12345", "correct horse", "invalid", "name"},
		{"a b", "correct horse", "invalid", "name"},
		{"everyone", "correct horse", "invalid", "name"},
		{"аnn1", "correct horse", "invalid", "name"}, // a Cyrillic а
		{"ann", "short", "invalid", "password"},
		{"ann", "password", "invalid", "password"},
	}
	for _, test := range tests {
		got := d.refused(wire.AuthLogin, m{"name": test.name, "password": test.password})
		if string(got.Code) != test.code || got.Field != test.field {
			t.Errorf("%s, %s: %+v", test.name, test.password, got)
		}
	}
}

func TestLogin_OfTwentyAtOnceWithOnePasswordOneRegistersAndAllAreIn(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.LoginBurst = 100 })
	answers := parley.loginAll(t, 20, func(int) string { return "correct horse" })
	created := 0
	for _, a := range answers {
		if !a.OK || a.User.ID != answers[0].User.ID {
			t.Errorf("got %+v", a)
		}
		if a.Created {
			created++
		}
	}
	if created != 1 {
		t.Errorf("%d accounts were created", created)
	}
}

func TestLogin_OfTwentyAtOnceWithDifferentPasswordsExactlyOneWins(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.LoginBurst = 100 })
	answers := parley.loginAll(t, 20, func(i int) string { return fmt.Sprint("correct horse ", i) })
	in := 0
	for _, a := range answers {
		switch {
		case a.OK && a.Created:
			in++
		case a.OK || a.Error.Code != "bad_credentials":
			t.Errorf("got %+v", a)
		}
	}
	if in != 1 {
		t.Errorf("%d are in", in)
	}
}

// loginAll logs the name "same" in from many sockets at once.
func (p *parley) loginAll(t *testing.T, count int, password func(int) string) []answer {
	t.Helper()
	devices := make([]*device, count)
	for i := range devices {
		devices[i] = p.dial(t, nil)
	}
	answers := make([]answer, count)
	var all sync.WaitGroup
	for i, d := range devices {
		all.Go(func() { answers[i] = d.call(wire.AuthLogin, m{"name": "same", "password": password(i)}) })
	}
	all.Wait()
	return answers
}

func TestLogin_IsSlowedAfterTenWrongGuesses(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	d := parley.dial(t, nil)
	for range 10 {
		if got := d.refused(wire.AuthLogin, m{"name": "ann", "password": "wrong horse!"}); got.Code != "bad_credentials" {
			t.Fatalf("got %+v", got)
		}
	}
	slowed := d.refused(wire.AuthLogin, m{"name": "Ann", "password": passwordOf("ann")})
	if slowed.Code != "rate_limited" || slowed.RetryMS <= 0 || slowed.RetryMS > 12_000 {
		t.Errorf("got %+v", slowed)
	}
	status, _, body := parley.post(t, "/api/v1/login", m{"name": "ann", "password": passwordOf("ann")}, nil)
	if status != 429 || body.Error.Code != "rate_limited" {
		t.Errorf("over HTTP: %d %+v", status, body)
	}
	status, _, body = parley.post(t, "/api/v1/login", m{"name": "ann", "password": passwordOf("ann")}, header("Authorization", "Bearer "+ann.token))
	if status != 200 {
		t.Errorf("a device with a live session: %d %+v", status, body)
	}
	bob := parley.person(t, "bob")
	status, _, _ = parley.post(t, "/api/v1/login", m{"name": "ann", "password": passwordOf("ann")}, header("Authorization", "Bearer "+bob.token))
	if status != 429 {
		t.Errorf("a live session of somebody else: %d", status)
	}
}

func TestSocket_WithoutAnIdentityMayOnlyLogInAndIsCut(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.LoginDeadline = 300 * time.Millisecond })
	d := parley.dial(t, nil)
	for _, event := range []string{wire.Sync, wire.MessageSend, wire.AuthLogout, wire.PresenceWatch, "no:such"} {
		if got := d.refused(event, m{"body": "hi"}); got.Code != "unauthorized" {
			t.Errorf("%s: %+v", event, got)
		}
	}
	d.cut()
}

func TestToken_DecidesOverACookieAndABadOneIsRefused(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	cookie := header("Cookie", "parley_session="+bob.token, "Sec-Fetch-Site", "same-origin")
	d := parley.dialWith(t, m{"token": ann.token}, cookie)
	if ready := next[wire.ReadyPush](d, wire.Ready); ready.Me.Name != "ann" {
		t.Errorf("got %+v", ready.Me)
	}
	if data := parley.refusedDial(t, m{"token": "nonsense"}, cookie); data != `{"code":"unauthorized"}` {
		t.Errorf("a bad token: %s", data)
	}
	ann.ok(wire.AuthLogout, m{})
	if data := parley.refusedDial(t, m{"token": ann.token}, nil); data != `{"code":"unauthorized"}` {
		t.Errorf("a revoked token: %s", data)
	}
}

func TestHandshake_IsCheckedStrictly(t *testing.T) {
	parley := start(t, nil)
	for _, auth := range []m{{"proto": 2}, {"proto": "1"}, {"delivery": "some"}, {"token": 7}, {"client": []int{1}}} {
		if data := parley.refusedDial(t, auth, nil); data != `{"code":"invalid"}` {
			t.Errorf("%v: %s", auth, data)
		}
	}
	ann := parley.person(t, "ann")
	d := parley.dial(t, m{"token": ann.token, "proto": 1, "delivery": "focus", "client": "test/1", "later": true})
	next[wire.ReadyPush](d, wire.Ready)
}

func TestLogout_AnswersAndThenCutsEverySocketOfTheSession(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	second := parley.dial(t, m{"token": ann.token})
	other := parley.device(t, "ann")
	ann.ok(wire.AuthLogout, m{})
	for _, d := range []*device{ann, second} {
		if got := next[wire.RevokedPush](d, wire.SessionRevoked); got.Reason != "logout" {
			t.Errorf("got %+v", got)
		}
		d.cut()
	}
	if got := other.ok(wire.Sync, m{}); got.Me.Name != "ann" {
		t.Errorf("another session of the same person: %+v", got)
	}
}

func TestPassword_ChangedByTheOperatorEndsEverySession(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	if err := app.SetPassword(t.Context(), &config.Storage{Data: parley.dir}, "ann", "another horse"); err != nil {
		t.Fatal(err)
	}
	if got := next[wire.RevokedPush](ann, wire.SessionRevoked); got.Reason != "password" {
		t.Errorf("got %+v", got)
	}
	ann.cut()
	bob.ok(wire.Sync, m{})
	d := parley.dial(t, nil)
	if got := d.refused(wire.AuthLogin, m{"name": "ann", "password": passwordOf("ann")}); got.Code != "bad_credentials" {
		t.Errorf("the old password: %+v", got)
	}
	d.ok(wire.AuthLogin, m{"name": "ann", "password": "another horse"})
}
