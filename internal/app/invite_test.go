package app_test

import (
	"strings"
	"testing"

	"parley/internal/config"
	"parley/internal/wire"
)

func TestInvite_WhoFollowsALinkRegistersAndIsInTheRoom(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	ann.ok(wire.ServerUpdate, m{"registration": "invite"})
	room := ann.ok(wire.RoomCreate, m{"name": "ops", "private": true}).Room.ID
	made := ann.ok(wire.InviteCreate, m{"room": "ops", "uses": 1, "expires_in": 3600})
	if made.URL != "/invite/"+made.Code || made.Invite.Room != room || made.Invite.MaxUses != 1 {
		t.Errorf("got %+v", made)
	}
	bob := m{"name": "bob", "password": passwordOf("bob"), "token": true}
	if _, _, got := parley.post(t, "/api/v1/login", bob, nil); got.Error.Code != "bad_credentials" {
		t.Errorf("without the code: %+v", got)
	}
	bob["invite"] = made.Code
	if _, _, got := parley.post(t, "/api/v1/login", bob, nil); !got.OK || !got.Created {
		t.Fatalf("with the code: %+v", got)
	}
	if got := next[wire.MemberPush](ann, wire.MemberChanged); got.User.Name != "bob" {
		t.Errorf("ann is told %+v", got)
	}
	if got := parley.device(t, "bob").ok(wire.RoomMembers, m{"room": room}); len(got.Members) != 2 {
		t.Errorf("got %+v", got.Members)
	}
	late := parley.dial(t, nil)
	if got := late.refused(wire.AuthLogin, m{"name": "chen", "password": passwordOf("chen"), "invite": made.Code}); got.Code != "invalid" || got.Field != "invite" {
		t.Errorf("used up: %+v", got)
	}
}

func TestInvite_GuessingCodesIsSlowed(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.Registration, c.LoginBurst = "invite", 3 })
	d := parley.dial(t, nil)
	guess := m{"name": "mallory", "password": passwordOf("mallory"), "invite": strings.Repeat("A", 16)}
	for range 3 {
		if got := d.refused(wire.AuthLogin, guess); got.Field != "invite" {
			t.Errorf("got %+v", got)
		}
	}
	if got := d.refused(wire.AuthLogin, guess); got.Code != "rate_limited" {
		t.Errorf("got %+v", got)
	}
}
