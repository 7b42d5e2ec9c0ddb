package app_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"parley/internal/config"
	"parley/internal/wire"
)

// bearer are the headers of a client with a token.
func bearer(d *device, more ...string) http.Header {
	return header(append([]string{"Authorization", "Bearer " + d.token}, more...)...)
}

func TestMirror_ABotWithATokenSendsAndReads(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	status, _, sent := parley.post(t, "/api/v1/message/send", m{"body": "from a script", "cid": "c-1"}, bearer(bob))
	if status != 200 || !sent.OK || sent.Message.CID != "c-1" || sent.Message.Author.ID != bob.me.ID {
		t.Fatalf("%d %+v", status, sent)
	}
	if got := next[wire.MessagePush](ann, wire.MessageNew); got.Message.Body != "from a script" || got.Message.CID != "" {
		t.Errorf("got %+v", got)
	}
	if got := next[wire.MessagePush](bob, wire.MessageNew); got.Message.CID != "c-1" {
		t.Errorf("the author's own device got %+v", got)
	}
	for _, path := range []string{
		"/api/v1/room/history?room=Everyone&limit=1",
		"/api/v1/room/history?room=%23everyone&after=0",
		"/api/v1/room/changes?since=1&limit=5&room=" + sent.Message.Room.String(),
	} {
		status, _, page := parley.get(t, path, bearer(ann))
		if status != 200 || len(page.Messages) != 1 || page.Messages[0].Body != "from a script" {
			t.Errorf("%s: %d %+v", path, status, page)
		}
	}
	if _, _, page := parley.post(t, "/api/v1/room/history", m{"room": "Everyone"}, bearer(ann)); len(page.Messages) != 1 {
		t.Errorf("got %+v", page)
	}
	if _, _, state := parley.get(t, "/api/v1/sync", bearer(ann)); state.Me.Name != "ann" || len(state.heads(t)) != 1 {
		t.Errorf("got %+v", state)
	}
	if _, _, page := parley.get(t, "/api/v1/user/list?query=BO", bearer(ann)); len(page.Users) != 1 {
		t.Errorf("got %+v", page)
	}
}

func TestMirror_AnIdempotencyKeyStandsForTheCID(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	send := func(body m, key string) (int, answer) {
		status, _, a := parley.post(t, "/api/v1/message/send", body, bearer(ann, "Idempotency-Key", key))
		return status, a
	}
	_, first := send(m{"body": "once"}, "k-1")
	_, again := send(m{"body": "once"}, "k-1")
	if !again.Duplicate || again.Message.ID != first.Message.ID || again.Message.CID != "k-1" {
		t.Errorf("first %+v, again %+v", first, again)
	}
	if _, same := send(m{"body": "once", "cid": "k-1"}, "k-1"); !same.Duplicate {
		t.Errorf("the same as cid: %+v", same)
	}
	if status, other := send(m{"body": "another"}, "k-1"); status != 409 || other.Error.Code != "conflict" {
		t.Errorf("another message: %d %+v", status, other)
	}
	if status, both := send(m{"body": "once", "cid": "k-2"}, "k-1"); status != 400 || both.Error.Field != "cid" {
		t.Errorf("two keys: %d %+v", status, both)
	}
	if page := ann.ok(wire.RoomHistory, m{"room": "Everyone"}); len(page.Messages) != 1 {
		t.Errorf("%d messages are stored", len(page.Messages))
	}
}

func TestMirror_AnswersWithTheStatusOfTheCode(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	tests := []struct {
		method, path string
		body         m
		headers      http.Header
		status       int
		code         string
		field        string
	}{
		{"POST", "message/send", m{"body": "hi"}, nil, 401, "unauthorized", ""},
		{"POST", "message/send", m{"body": "hi"}, header("Authorization", "Bearer nonsense"), 401, "unauthorized", ""},
		{"POST", "message/send", m{"body": " "}, bearer(ann), 400, "invalid", "body"},
		{"POST", "message/send", m{"body": 7}, bearer(ann), 400, "invalid", "body"},
		{"POST", "message/send", m{"body": "hi", "to": "nobody"}, bearer(ann), 404, "not_found", "to"},
		{"POST", "message/send", m{"body": fmt.Sprintf("%09000d", 0)}, bearer(ann), 413, "too_large", "body"},
		{"POST", "room/leave", m{"room": "Everyone"}, bearer(ann), 403, "forbidden", ""},
		{"POST", "room/create", m{"name": "everyone"}, bearer(ann), 409, "conflict", "name"},
		{"GET", "room/history?room=Everyone&limit=many", nil, bearer(ann), 400, "invalid", "limit"},
		{"GET", "room/history?room=Everyone&limit=1&limit=2", nil, bearer(ann), 400, "invalid", "limit"},
		{"GET", "room/history?room=Everyone&before=1&after=1", nil, bearer(ann), 400, "invalid", ""},
		{"GET", "room/changes?room=Everyone", nil, bearer(ann), 400, "invalid", "since"},

		{"GET", "message/send?body=hi", nil, bearer(ann), 404, "not_found", ""},
		{"GET", "room/join?room=Everyone", nil, bearer(ann), 404, "not_found", ""},
		{"POST", "typing", m{}, bearer(ann), 404, "not_found", ""},
		{"POST", "presence/watch", m{}, bearer(ann), 404, "not_found", ""},
		{"POST", "room/focus", m{}, bearer(ann), 404, "not_found", ""},
		{"POST", "room/blur", m{}, bearer(ann), 404, "not_found", ""},
		{"POST", "wire/on", m{}, bearer(ann), 404, "not_found", ""},
		{"POST", "wire/off", m{}, bearer(ann), 404, "not_found", ""},
		{"POST", "message:send", m{}, bearer(ann), 404, "not_found", ""},
	}
	for _, test := range tests {
		ask := func() (int, http.Header, answer) {
			return parley.post(t, "/api/v1/"+test.path, test.body, test.headers)
		}
		if test.method == "GET" {
			ask = func() (int, http.Header, answer) { return parley.get(t, "/api/v1/"+test.path, test.headers) }
		}
		status, _, a := ask()
		if status != test.status || a.OK || string(a.Error.Code) != test.code || a.Error.Field != test.field {
			t.Errorf("%s %s: %d %+v", test.method, test.path, status, a.Error)
		}
	}
	if page := ann.ok(wire.RoomHistory, m{"room": "Everyone"}); len(page.Messages) != 0 {
		t.Errorf("something was stored: %+v", page.Messages)
	}
}

func TestMirror_SharesItsLimitsWithTheSockets(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.SendsPerSecond, c.SendBurst = 1, 2 })
	ann := parley.person(t, "ann")
	ann.ok(wire.MessageSend, m{"body": "one"})
	parley.post(t, "/api/v1/message/send", m{"body": "two"}, bearer(ann))
	status, headers, a := parley.post(t, "/api/v1/message/send", m{"body": "three"}, bearer(ann))
	seconds, err := strconv.Atoi(headers.Get("Retry-After"))
	if status != 429 || a.Error.Code != "rate_limited" || a.Error.RetryMS <= 0 || err != nil || seconds < 1 {
		t.Errorf("%d %v %+v", status, headers, a.Error)
	}
	if got := ann.refused(wire.MessageSend, m{"body": "three"}); got.Code != "rate_limited" {
		t.Errorf("got %+v", got)
	}
}
