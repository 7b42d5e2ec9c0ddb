package app_test

import (
	"encoding/json"
	"strings"
	"testing"

	"parley/internal/config"
	"parley/internal/wire"
)

// trace waits for the trace of an event.
func trace(d *device, event, dir string) wire.TracePush {
	d.Helper()
	for {
		if got := next[wire.TracePush](d, wire.WireTrace); got.Event == event && got.Dir == dir {
			return got
		}
	}
}

func TestWireView_ShowsWhichSocketsAnEventReachedAndNothingOfIt(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.WireView = "everyone" })
	ann, bob, eve := parley.person(t, "ann"), parley.person(t, "bob"), parley.person(t, "eve")
	second := parley.device(t, "bob")
	room := ann.ok(wire.RoomCreate, m{"name": "Secret", "private": true, "members": []string{"bob"}}).Room.ID
	next[wire.RoomNewPush](second, wire.RoomNew)
	ann.ok(wire.WireOn, m{})
	ann.ok(wire.WireOn, m{})

	bob.ok(wire.MessageSend, m{"body": "hush-hush"})
	raw := next[json.RawMessage](ann, wire.WireTrace)
	var all wire.TracePush
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	if all.Event != wire.MessageNew || all.Dir != "out" || all.Scope != "all" || all.Reached != 4 || all.Of != 4 || len(all.To) != 4 ||
		all.From != bob.me.ID.String() || all.Bytes < 100 || strings.Contains(string(raw), "hush") {
		t.Errorf("got %s", raw)
	}
	bob.ok(wire.MessageSend, m{"room": room, "body": "for three"})
	if got := trace(ann, wire.MessageNew, "out"); got.Scope != "room" || got.Room != room || got.Reached != 3 {
		t.Errorf("got %+v", got)
	}
	bob.ok(wire.Typing, m{"room": room})
	if got := trace(ann, wire.Typing, "out"); got.Scope != "room_but_me" || got.Reached != 1 || !strings.HasPrefix(got.From, bob.me.ID.String()+".") {
		t.Errorf("got %+v", got)
	}
	bob.ok(wire.Typing, m{})
	if got := trace(ann, wire.Typing, "out"); got.Scope != "all_but_me" || got.Reached != 2 {
		t.Errorf("got %+v", got)
	}
	ann.ok(wire.RoomMembers, m{"room": room})
	if got := trace(ann, wire.RoomMembers, "in"); got.Scope != "self" || !got.Ack || !strings.HasPrefix(got.From, ann.me.ID.String()+".") {
		t.Errorf("got %+v", got)
	}

	// What is between others is not shown at all, nor what others ask.
	bob.ok(wire.MessageSend, m{"to": "eve", "body": "between us"})
	eve.ok(wire.RoomList, m{})
	next[wire.MessagePush](eve, wire.MessageNew)
	bob.ok(wire.ReadSet, m{"room": "Everyone", "seq": 1})
	ann.ok(wire.WireOff, m{})
	bob.ok(wire.MessageSend, m{"body": "nobody watches"})
	ann.none(wire.WireTrace)
}

func TestWireView_SumsWhatIsTooMuchToShow(t *testing.T) {
	parley := start(t, lenient)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	next[wire.MemberPush](ann, wire.MemberChanged) // bob coming to Everyone, which would be traced
	ann.ok(wire.WireOn, m{})
	const burst = 100
	for range burst {
		bob.ok(wire.MessageSend, m{"body": "hi"})
	}
	shown, summed := 0, 0
	for shown+summed < burst {
		got := next[wire.TracePush](ann, wire.WireTrace)
		if got.More > 0 {
			summed += got.More
			continue
		}
		shown++
	}
	if summed == 0 || shown+summed != burst {
		t.Errorf("%d shown, %d summed", shown, summed)
	}
}

func TestWireView_IsForWhomTheServerSays(t *testing.T) {
	for policy, may := range map[string][]bool{"off": {false, false}, "admins": {true, false}, "everyone": {true, true}} {
		parley := start(t, func(c *config.Serve) { c.WireView = policy })
		owner, member := parley.person(t, "ann"), parley.person(t, "bob")
		for i, d := range []*device{owner, member} {
			if may[i] {
				d.ok(wire.WireOn, m{})
				d.ok(wire.WireWave, m{"scope": "self"})
				continue
			}
			for _, event := range []string{wire.WireOn, wire.WireWave} {
				if got := d.refused(event, m{"scope": "self"}); got.Code != "forbidden" {
					t.Errorf("%s, %s, %s: %+v", policy, d.me.Name, event, got)
				}
			}
		}
	}
}

func TestWireView_WavesToWhomTheScopeNames(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.WireView = "everyone" })
	ann, bob, eve := parley.person(t, "ann"), parley.person(t, "bob"), parley.person(t, "eve")
	phone := parley.device(t, "ann")
	room := ann.ok(wire.RoomCreate, m{"name": "Ops", "private": true, "members": []string{"bob"}}).Room.ID
	next[wire.RoomNewPush](phone, wire.RoomNew)
	next[wire.RoomNewPush](bob, wire.RoomNew)
	ann.ok(wire.WireOn, m{})
	everybody := []*device{ann, phone, bob, eve}
	for _, test := range []struct {
		scope string
		to    []*device
	}{
		{"self", []*device{ann}},
		{"all_but_me", []*device{phone, bob, eve}},
		{"all", everybody},
		{"room", []*device{ann, phone, bob}},
		{"room_but_me", []*device{phone, bob}},
	} {
		payload := m{"scope": test.scope}
		if strings.HasPrefix(test.scope, "room") {
			payload["room"] = room
		}
		ann.ok(wire.WireWave, payload)
		if got := trace(ann, wire.WireWave, "out"); got.Scope != test.scope || got.Reached != len(test.to) || got.Of != len(everybody) ||
			!strings.HasPrefix(got.From, ann.me.ID.String()+".") {
			t.Errorf("%s: %+v", test.scope, got)
		}
		for _, d := range test.to {
			if got := next[wire.WavePush](d, wire.WireWave); got.User.ID != ann.me.ID {
				t.Errorf("%s: %s got %+v", test.scope, d.me.Name, got)
			}
		}
	}
	for _, d := range everybody {
		d.none(wire.WireWave)
	}
	if got := eve.refused(wire.WireWave, m{"scope": "room", "room": room}); got.Code != "not_found" {
		t.Errorf("a stranger to the room: %+v", got)
	}
	if got := ann.refused(wire.WireWave, m{"scope": "one"}); got.Code != "invalid" || got.Field != "scope" {
		t.Errorf("a scope that there is not: %+v", got)
	}
}
