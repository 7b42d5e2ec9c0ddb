package chat_test

import (
	"strings"
	"testing"

	"parley/internal/chat"
	"parley/internal/store/storetest"
)

// server is what the server says of itself.
func (h *house) server(t *testing.T) chat.Server {
	t.Helper()
	server, err := h.Server(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func TestServer_IsNewUntilItsOwnerHasSetItUp(t *testing.T) {
	h := newHouse(t, nil)
	if got := h.server(t); got != (chat.Server{Name: "Parley", Registration: chat.RegistrationOpen}) {
		t.Errorf("before anybody came: %+v", got)
	}
	ann := h.login(t, "ann")
	if !h.server(t).New {
		t.Error("the first account does not make it new")
	}
	named, err := h.UpdateServer(t.Context(), ann, chat.UpdateServerInput{Name: ptr(" Acme chat ")})
	if err != nil || named.Name != "Acme chat" || !named.New {
		t.Errorf("got %+v, %v", named, err)
	}
	closed, err := h.UpdateServer(t.Context(), ann, chat.UpdateServerInput{Registration: ptr(chat.RegistrationClosed), SetUp: true})
	want := chat.Server{Name: "Acme chat", Registration: chat.RegistrationClosed}
	if err != nil || closed != want {
		t.Errorf("got %+v, %v", closed, err)
	}
	told := published[chat.ServerChanged](t, h)
	if len(told) != 2 || told[0].Server != named || told[1].Server != want {
		t.Errorf("told %+v", told)
	}
	if _, err := h.UpdateServer(t.Context(), ann, chat.UpdateServerInput{Name: ptr("Acme chat")}); err != nil {
		t.Fatal(err)
	}
	if told := published[chat.ServerChanged](t, h); len(told) != 2 {
		t.Errorf("what is as before was told: %+v", told)
	}
	again, err := chat.New(t.Context(), h.store, h.events, &chat.Options{Hasher: h.hasher, DefaultRegistration: chat.RegistrationInvite})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Server(t.Context()); err != nil || got != want {
		t.Errorf("after a restart: %+v, %v", got, err)
	}
}

func TestServer_WhoMayJoinIsDecidedByTheLatestWord(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	for _, test := range []struct {
		policy chat.Registration
		name   string
		code   chat.Code
	}{
		{chat.RegistrationClosed, "bob", chat.BadCredentials},
		{chat.RegistrationOpen, "chen", ""},
	} {
		if _, err := h.UpdateServer(t.Context(), ann, chat.UpdateServerInput{Registration: &test.policy}); err != nil {
			t.Fatal(err)
		}
		_, err := h.Login(t.Context(), chat.LoginInput{Name: test.name, Password: storetest.Password})
		wantCode(t, err, test.code)
	}
}

func TestServer_WhatTheOperatorHasFixedStays(t *testing.T) {
	h := newHouse(t, func(o *chat.Options) { o.Name = "Acme chat" })
	ann := h.login(t, "ann")
	if got := h.server(t); !got.New || !got.NameFixed || got.RegistrationFixed || got.Name != "Acme chat" {
		t.Errorf("got %+v", got)
	}
	_, err := h.UpdateServer(t.Context(), ann, chat.UpdateServerInput{Name: ptr("Other"), Registration: ptr(chat.RegistrationClosed)})
	wantCode(t, err, chat.Conflict)
	if got := h.server(t); got.Registration != chat.RegistrationOpen {
		t.Errorf("half of what was refused is kept: %+v", got)
	}
	if _, err := h.UpdateServer(t.Context(), ann, chat.UpdateServerInput{Name: ptr("Acme chat"), SetUp: true}); err != nil {
		t.Errorf("the name as it is: %v", err)
	}

	all := newHouse(t, func(o *chat.Options) { o.Name, o.Registration = "Acme chat", chat.RegistrationOpen })
	all.login(t, "ann")
	if all.server(t).New {
		t.Error("the operator has decided all, and yet the owner is asked")
	}
}

func TestServer_RefusesOthersAndWhatCannotBe(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	_, err := h.UpdateServer(t.Context(), bob, chat.UpdateServerInput{Name: ptr("Bob's")})
	wantCode(t, err, chat.Forbidden)
	for _, name := range []string{"", "  ", strings.Repeat("x", 65), "a\nb", "a\u202eb", "\xff"} {
		_, err := h.UpdateServer(t.Context(), ann, chat.UpdateServerInput{Name: &name})
		wantCode(t, err, chat.Invalid)
	}
	_, err = h.UpdateServer(t.Context(), ann, chat.UpdateServerInput{Registration: ptr(chat.Registration("maybe"))})
	wantCode(t, err, chat.Invalid)
	if _, err := h.UpdateServer(t.Context(), ann, chat.UpdateServerInput{Name: ptr(strings.Repeat("é", 64))}); err != nil {
		t.Errorf("a name of 64 characters: %v", err)
	}
}
