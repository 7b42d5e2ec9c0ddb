package app_test

import (
	"context"
	"strings"
	"testing"

	"parley/internal/config"
	"parley/internal/wire"
	"parley/socketio/socketiotest"
)

// rawRefusal emits an event with any arguments and returns the refusal.
func (d *device) rawRefusal(event string, args ...any) wire.Error {
	d.Helper()
	a := d.call(event, args...)
	if a.OK {
		d.Errorf("%s %.60v was accepted", event, args)
	}
	return a.Error
}

func TestHostilePayloads_AreRefusedAndTheConnectionLives(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	tests := []struct {
		event string
		args  []any
		code  string
	}{
		{wire.MessageSend, []any{nil}, "invalid"},
		{wire.MessageSend, []any{"text"}, "invalid"},
		{wire.MessageSend, []any{42}, "invalid"},
		{wire.MessageSend, []any{true}, "invalid"},
		{wire.MessageSend, []any{[]any{m{"body": "hi"}}}, "invalid"},
		{wire.MessageSend, []any{m{"body": "hi"}, m{}}, "invalid"},
		{wire.MessageSend, []any{}, "invalid"},
		{wire.MessageSend, []any{m{"body": 7}}, "invalid"},
		{wire.MessageSend, []any{m{"body": nil}}, "invalid"},
		{wire.MessageSend, []any{m{"body": []string{"hi"}}}, "invalid"},
		{wire.MessageSend, []any{m{"body": m{"toString": "hi"}}}, "invalid"},
		{wire.MessageSend, []any{m{"body": []byte("binary")}}, "invalid"},
		{wire.MessageSend, []any{[]byte("binary")}, "invalid"},
		{wire.MessageSend, []any{m{"BODY": "hi"}}, "invalid"},
		{wire.MessageSend, []any{m{"body": "hi", "cid": 7}}, "invalid"},
		{wire.MessageSend, []any{m{"body": "hi", "room": 7}}, "invalid"},
		{wire.MessageSend, []any{m{"body": "hi", "room": ""}}, "invalid"},
		{wire.MessageSend, []any{m{"body": "hi", "room": nil}}, "invalid"},
		{wire.MessageSend, []any{m{"body": "hi", "to": nil}}, "invalid"},
		{wire.MessageSend, []any{m{"body": "hi", "to": m{"id": "1"}}}, "invalid"},
		{wire.MessageSend, []any{m{"body": "hi", "reply_to": "1"}}, "invalid"},
		{wire.MessageSend, []any{m{"body": "hi", "files": "1"}}, "invalid"},
		{wire.MessageSend, []any{m{"body": strings.Repeat("x", 70_000)}}, "too_large"},
		{wire.MessageSend, []any{m{"body": "hi", "junk": strings.Repeat("x", 70_000)}}, "too_large"},
		{wire.RoomCreate, []any{m{"name": ""}}, "invalid"},
		{wire.RoomCreate, []any{m{"name": strings.Repeat("x", 65)}}, "invalid"},
		{wire.RoomCreate, []any{m{"name": "a#b"}}, "invalid"},
		{wire.RoomCreate, []any{m{"name": "42"}}, "invalid"},
		{wire.RoomCreate, []any{m{"name": "x", "members": "ann"}}, "invalid"},
		{wire.RoomCreate, []any{m{"name": "x", "private": "yes"}}, "invalid"},
		{wire.RoomCreate, []any{m{"name": "x", "members": []any{nil}}}, "not_found"},
		{wire.RoomJoin, []any{m{}}, "not_found"},
		{wire.RoomJoin, []any{m{"room": "'; DROP TABLE rooms; --"}}, "not_found"},
		{wire.RoomJoin, []any{m{"room": "-1"}}, "not_found"},
		{wire.RoomJoin, []any{m{"room": "99999999999999999999999"}}, "not_found"},
		{wire.RoomHistory, []any{m{"room": "Everyone", "before": 1e300}}, "invalid"},
		{wire.RoomMembers, []any{m{"room": "Everyone", "cursor": "x"}}, "invalid"},
		{wire.RoomList, []any{m{"cursor": "%%%"}}, "invalid"},
		{wire.UserList, []any{m{"cursor": 1}}, "invalid"},
		{wire.ReadSet, []any{m{"room": "Everyone", "seq": -1}}, "invalid"},
		{wire.Typing, []any{m{"room": []int{1}}}, "invalid"},
		{wire.PresenceSet, []any{m{"state": "invisible"}}, "invalid"},
		{wire.PresenceSet, []any{m{}}, "invalid"},
		{wire.PresenceWatch, []any{m{"users": "ann"}}, "invalid"},
		{wire.PresenceWatch, []any{m{"users": []string{"nobody"}}}, "not_found"},
		{wire.AuthLogin, []any{m{"name": "eve", "password": "correct horse"}}, "conflict"},
		{wire.AuthLogout, []any{"bye"}, "invalid"},
		{"no:such", []any{m{}}, "not_found"},
		{"message:shout", []any{m{}}, "not_found"},
		{"__proto__", []any{m{}}, "not_found"},
		{strings.Repeat("x", 1000), []any{}, "not_found"},
	}
	for _, test := range tests {
		if got := ann.rawRefusal(test.event, test.args...); string(got.Code) != test.code || got.Message == "" {
			t.Errorf("%s %.60v: %+v, want %s", test.event, test.args, got, test.code)
		}
	}
	if after := ann.ok(wire.Sync, m{}).heads(t); len(after) != 1 || after[0].LastSeq != 0 {
		t.Errorf("something was stored: %+v", after)
	}
}

func TestHostilePayloads_WithoutAnAckAreIgnored(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	for _, payload := range []any{nil, "x", m{"body": 7}, m{"body": "hi", "to": "nobody"}} {
		if err := ann.client.Emit(wire.MessageSend, payload); err != nil {
			t.Fatal(err)
		}
	}
	if after := ann.ok(wire.Sync, m{}).heads(t); after[0].LastSeq != 0 {
		t.Errorf("something was stored: %+v", after)
	}
}

func TestHostileNames_OfUsersAreRefused(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.LoginBurst = 1000 })
	d := parley.dial(t, nil)
	for _, name := range []any{"", " ", "a\u202eb", "a\x00b", "admin", "@", strings.Repeat("x", 33), 7, nil, []string{"ann"}} {
		if got := d.refused(wire.AuthLogin, m{"name": name, "password": "correct horse"}); got.Code != "invalid" || got.Field != "name" {
			t.Errorf("%q: %+v", name, got)
		}
	}
	for _, password := range []any{"", 7, nil, strings.Repeat("x", 1025)} {
		if got := d.refused(wire.AuthLogin, m{"name": "ann", "password": password}); got.Code != "invalid" || got.Field != "password" {
			t.Errorf("%.20q: %+v", password, got)
		}
	}
}

func TestMalformedPackets_EndThatConnectionOnly(t *testing.T) {
	parley := start(t, nil)
	witness := parley.person(t, "ann")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, packet := range []string{`2["message:send",{"body":`, `2{"body":"hi"}`, "2[]", "9", `0{"token":"x"`} {
		conn, err := socketiotest.DialConn(ctx, parley.url, &socketiotest.Options{HTTPClient: parley.http})
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.Send("0"); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Next(ctx); err != nil {
			t.Fatal(err)
		}
		if err := conn.Send(packet); err != nil {
			t.Fatal(err)
		}
		if message, err := conn.Next(ctx); err == nil || ctx.Err() != nil {
			t.Errorf("%s: got %.60s, %v", packet, message.Data, err)
		}
		conn.Close()
	}
	witness.ok(wire.Sync, m{})
}

func TestOrigins_AreCheckedOnPollingAndWebSocket(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.Origin = []string{"https://friend.example"} })
	for _, transport := range []string{socketiotest.Polling, socketiotest.WebSocket} {
		for origin, want := range map[string]bool{
			parley.url: true, "https://friend.example": true, "": true,
			"null": false, "https://evil.example": false, "http://friend.example": false, "https://" + parley.url[len("http://"):]: false,
		} {
			headers := header()
			if origin != "" {
				headers.Set("Origin", origin)
			}
			client, err := parley.tryDial(t, nil, &socketiotest.Options{Transport: transport, Header: headers})
			if (err == nil) != want {
				t.Errorf("%s from %q: %v", transport, origin, err)
			}
			if err == nil {
				client.Close()
			}
		}
	}
}
