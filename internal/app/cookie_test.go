package app_test

import (
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"parley/internal/wire"
)

func TestCookie_OpensTheSocketOfItsPageOnly(t *testing.T) {
	parley := start(t, nil)
	parley.person(t, "ann")
	status, h, body := parley.post(t, "/api/v1/login", m{"name": "ann", "password": passwordOf("ann")}, nil)
	if status != 200 || body.Token != "" || body.User.Name != "ann" {
		t.Fatalf("%d %+v", status, body)
	}
	cookie := cookieOf(t, h)

	own := parley.dialWith(t, nil, header("Cookie", cookie, "Origin", parley.url))
	if ready := next[wire.ReadyPush](own, wire.Ready); ready.Me.Name != "ann" {
		t.Errorf("got %+v", ready.Me)
	}
	native := parley.dialWith(t, nil, header("Cookie", cookie))
	if got := native.refused(wire.Sync, m{}); got.Code != "unauthorized" {
		t.Errorf("without an origin the cookie counted: %+v", got)
	}
	stale := parley.dialWith(t, nil, header("Cookie", "parley_session=stale", "Origin", parley.url))
	if in := stale.ok(wire.AuthLogin, m{"name": "ann", "password": passwordOf("ann")}); in.User.Name != "ann" {
		t.Errorf("with a stale cookie: %+v", in)
	}
}

func TestCookie_IsNeededOnEveryLaterRequestOfItsConnection(t *testing.T) {
	parley := start(t, nil)
	_, h, _ := parley.post(t, "/api/v1/login", m{"name": "ann", "password": passwordOf("ann")}, nil)
	own := header("Cookie", cookieOf(t, h), "Sec-Fetch-Site", "same-origin")
	_, h, _ = parley.post(t, "/api/v1/login", m{"name": "ann", "password": passwordOf("ann")}, nil)
	another := header("Cookie", cookieOf(t, h), "Sec-Fetch-Site", "same-origin")

	status, open := parley.poll(t, http.MethodGet, "", "", own)
	if status != 200 || len(open) == 0 || open[0] != '0' {
		t.Fatalf("%d %s", status, open)
	}
	sid := read[struct{ SID string }](t, []byte(open[1:])).SID
	if status, body := parley.poll(t, http.MethodPost, sid, "40", own); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	for _, headers := range []http.Header{nil, another, header("Cookie", own.Get("Cookie"))} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if status, body := parley.poll(t, method, sid, `42["message:send",{"body":"not me"}]`, headers); status != 403 {
				t.Errorf("%s with %v: %d %s", method, headers, status, body)
			}
		}
	}
	status, body := parley.poll(t, http.MethodGet, sid, "", own)
	if status != 200 || !strings.HasPrefix(body, `40{"sid":`) {
		t.Errorf("%d %s", status, body)
	}
	if status, body := parley.poll(t, http.MethodPost, sid, "1", own); status != 200 {
		t.Errorf("%d %s", status, body)
	}
}

// poll makes one request of the polling transport.
func (p *parley) poll(t *testing.T, method, sid, body string, headers http.Header) (int, string) {
	t.Helper()
	address := p.url + "/socket.io/?EIO=4&transport=polling"
	if sid != "" {
		address += "&sid=" + sid
	}
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(request.Header, headers)
	response, err := p.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestMe_AnswersByCookieOrToken(t *testing.T) {
	parley := start(t, nil)
	status, h, body := parley.post(t, "/api/v1/login", m{"name": "ann", "password": "correct horse", "token": true}, nil)
	if status != 200 || !body.Created || body.Token == "" {
		t.Fatalf("%d %+v", status, body)
	}
	for _, headers := range []http.Header{header("Cookie", cookieOf(t, h)), header("Authorization", "Bearer "+body.Token)} {
		if status, _, me := parley.get(t, "/api/v1/me", headers); status != 200 || me.Me.Name != "ann" {
			t.Errorf("%v: %d %+v", headers, status, me)
		}
	}
	status, h, _ = parley.post(t, "/api/v1/logout", nil, header("Cookie", cookieOf(t, h)))
	if status != 200 || cookieOf(t, h) != "parley_session=" {
		t.Errorf("logout: %d %v", status, h)
	}
	if status, _, me := parley.get(t, "/api/v1/me", header("Authorization", "Bearer "+body.Token)); status != 401 || me.Error.Code != "unauthorized" {
		t.Errorf("after the logout: %d %+v", status, me)
	}
}
