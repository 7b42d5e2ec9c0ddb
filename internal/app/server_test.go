package app_test

import (
	"net/http"
	"testing"

	"parley/internal/config"
	"parley/internal/wire"
)

func TestServer_ItsOwnerIsAskedOnceAndEverybodyIsTold(t *testing.T) {
	parley := start(t, nil)
	first := parley.dial(t, nil)
	in := first.ok(wire.AuthLogin, m{"name": "ann", "password": passwordOf("ann")})
	if ready := next[wire.ReadyPush](first, wire.Ready); !ready.Server.New || ready.Server.Name != "Parley" || ready.Server.Registration != "open" {
		t.Errorf("the first account is told %+v", ready.Server)
	}
	bob := parley.dial(t, nil)
	bob.ok(wire.AuthLogin, m{"name": "bob", "password": passwordOf("bob")})
	if ready := next[wire.ReadyPush](bob, wire.Ready); ready.Server.New {
		t.Errorf("the second account is told %+v", ready.Server)
	}
	if got := bob.refused(wire.ServerUpdate, m{"name": "Bob's"}); got.Code != "forbidden" {
		t.Errorf("got %+v", got)
	}
	first.ok(wire.ServerUpdate, m{"name": "Acme chat", "registration": "closed", "set_up": true})
	for _, d := range []*device{first, bob} {
		if got := next[wire.ServerSettings](d, wire.ServerChanged); got.Name != "Acme chat" || got.Registration != "closed" {
			t.Errorf("got %+v", got)
		}
	}
	again := parley.dial(t, m{"token": in.Token})
	if ready := next[wire.ReadyPush](again, wire.Ready); ready.Server.New || ready.Server.Name != "Acme chat" {
		t.Errorf("later the owner is told %+v", ready.Server)
	}
}

func TestServer_StrangersLearnItsNameAndWhoMayJoin(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.Name, c.Registration = "Acme chat", "closed" })
	status, _, got := parley.get(t, "/api/v1/server", nil)
	if status != http.StatusOK || got.Server.Name != "Acme chat" || got.Server.Registration != "closed" || len(got.Server.Fixed) != 2 {
		t.Errorf("%d, %+v", status, got.Server)
	}
}
