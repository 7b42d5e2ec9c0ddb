package adminui_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/socketio"
	"parley/socketio/adminui"
	"parley/socketio/socketiotest"
)

// signIn connects with what the page would send.
func signIn(t *testing.T, server *socketiotest.Server, auth map[string]string) (*socketiotest.Client, error) {
	t.Helper()
	opts := &socketiotest.Options{Namespace: "/admin"}
	if auth != nil {
		opts.Auth = auth
	}
	client, err := server.Dial(testContext(t), opts)
	if err == nil {
		t.Cleanup(client.Close)
	}
	return client, err
}

// isRefused checks that the page is told what it looks for.
func isRefused(t *testing.T, who string, err error) {
	t.Helper()
	refusal, ok := errors.AsType[*socketiotest.ConnectError](err)
	if !ok || refusal.Message != "invalid credentials" {
		t.Errorf("%s: %v", who, err)
	}
}

func TestAttach_WantsAPasswordOrAClearNo(t *testing.T) {
	hash := hashOf(t, "sesame")
	for name, opts := range map[string]*adminui.Options{
		"nothing":       nil,
		"no password":   {Username: "ops"},
		"no name":       {PasswordHash: hash},
		"both":          {Username: "ops", PasswordHash: hash, NoAuthentication: true},
		"a plain text":  {Username: "ops", PasswordHash: "sesame"},
		"a cut hash":    {Username: "ops", PasswordHash: hash[:20]},
		"name and none": {Username: "ops", NoAuthentication: true},
	} {
		if err := adminui.Attach(socketio.New(nil), opts); err == nil || !strings.HasPrefix(err.Error(), "adminui: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSignIn_AsksForThePasswordOnce(t *testing.T) {
	server := serve(t, adminui.Options{Username: "ops", PasswordHash: hashOf(t, "sesame")}, nil)
	for who, auth := range map[string]map[string]string{
		"nobody":          nil,
		"wrong password":  {"username": "ops", "password": "simsalabim"},
		"wrong name":      {"username": "root", "password": "sesame"},
		"no password":     {"username": "ops"},
		"unknown session": {"sessionId": "1234"},
	} {
		_, err := signIn(t, server, auth)
		isRefused(t, who, err)
	}
	if _, err := server.Dial(testContext(t), &socketiotest.Options{Namespace: "/admin", Auth: map[string]int{"username": 1}}); err == nil {
		t.Error("a number as a name is admitted")
	}

	page, err := signIn(t, server, map[string]string{"username": "ops", "password": "sesame"})
	must(t, err)
	var session string
	must(t, page.Expect(testContext(t), "session", &session))
	must(t, page.Expect(testContext(t), "config"))
	page.Close()

	again, err := signIn(t, server, map[string]string{"sessionId": session})
	must(t, err)
	must(t, again.Expect(testContext(t), "config")) // and no other session
}

func TestSignIn_IsForgottenInTimeAndWhenThereAreTooMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io := socketio.New(&socketio.Options{Logger: logger(t)})
		must(t, adminui.Attach(io, &adminui.Options{
			Username: "ops", PasswordHash: hashOf(t, "sesame"), MaxSessions: 2, SessionAge: time.Hour, Logger: logger(t),
		}))
		server := socketiotest.NewMemoryServer(io)
		defer server.Close()
		var sessions []string
		for range 3 {
			page, err := signIn(t, server, map[string]string{"username": "ops", "password": "sesame"})
			must(t, err)
			var session string
			must(t, page.Expect(testContext(t), "session", &session))
			sessions = append(sessions, session)
			page.Close()
		}
		_, err := signIn(t, server, map[string]string{"sessionId": sessions[0]})
		isRefused(t, "the first of three", err)
		for _, session := range sessions[1:] {
			page, err := signIn(t, server, map[string]string{"sessionId": session})
			must(t, err)
			page.Close()
		}
		time.Sleep(time.Hour)
		_, err = signIn(t, server, map[string]string{"sessionId": sessions[2]})
		isRefused(t, "one of an hour ago", err)
	})
}

func TestSignIn_NobodySeesTheSessionOfAnother(t *testing.T) {
	server := serve(t, adminui.Options{Username: "ops", PasswordHash: hashOf(t, "sesame"), Development: true}, nil)
	known := map[string]string{"username": "ops", "password": "sesame"}
	first, err := signIn(t, server, known)
	must(t, err)
	var session string
	must(t, first.Expect(testContext(t), "session", &session))
	second, err := signIn(t, server, known)
	must(t, err)
	all := string(until(t, second, "all_sockets", nil)[0])
	if strings.Contains(all, session) || strings.Contains(all, "sesame") || !strings.Contains(all, first.ID()) {
		t.Errorf("told of %s", all)
	}
}
