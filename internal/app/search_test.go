package app_test

import (
	"testing"

	"parley/internal/wire"
)

func TestSearch_FindsWhatOneMayRead(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	secret := ann.ok(wire.RoomCreate, m{"name": "Secret", "private": true}).Room.ID
	said := ann.ok(wire.MessageSend, m{"body": "The Café opens at nine", "cid": "mine"}).Message
	hidden := ann.ok(wire.MessageSend, m{"room": secret, "body": "cafe, but secret"}).Message

	hits := bob.ok(wire.Search, m{"q": "cafe"}).Hits
	if len(hits) != 1 || hits[0].Message.ID != said.ID || hits[0].Snippet == "" || hits[0].Message.CID != "" {
		t.Errorf("bob found %+v", hits)
	}
	if hits := ann.ok(wire.Search, m{"q": "CAFÉ"}).Hits; len(hits) != 2 || hits[0].Message.ID != hidden.ID {
		t.Errorf("ann found %+v", hits)
	}
	if _, _, a := parley.get(t, "/api/v1/search?q=opens&room=Everyone&before=2100-01-01T00:00:00Z", bearer(bob)); len(a.Hits) != 1 {
		t.Errorf("over HTTP: %+v", a)
	}
	for _, test := range []struct {
		payload m
		code    string
		field   string
	}{
		{m{"q": "cafe", "room": secret}, "not_found", "room"},
		{m{"q": "cafe", "author": "nobody"}, "not_found", "author"},
		{m{"q": 7}, "invalid", "q"},
		{m{"q": "cafe", "has": "gold"}, "invalid", "has"},
		{m{"q": "cafe", "before": "tomorrow"}, "invalid", "before"},
		{m{"q": "cafe", "cursor": "?"}, "invalid", "cursor"},
	} {
		if got := bob.refused(wire.Search, test.payload); string(got.Code) != test.code || got.Field != test.field {
			t.Errorf("%v: %+v", test.payload, got)
		}
	}
}
