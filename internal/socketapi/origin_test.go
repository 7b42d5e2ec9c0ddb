package socketapi

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// request is an Engine.IO request to chat.example with headers given as
// "Name: value".
func request(scheme string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/socket.io/", nil)
	r.Host = "chat.example:3000"
	r.URL.Scheme = scheme
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	return r
}

func TestGatekeeper_LetsInItsOwnOriginAllowedOnesAndNoOrigin(t *testing.T) {
	g := newGatekeeper([]string{"https://friend.example"})
	tests := []struct {
		request *http.Request
		want    bool
	}{
		{request("http"), true},
		{request("http", "Origin: http://chat.example:3000"), true},
		{request("https", "Origin: https://chat.example:3000"), true},
		{request("http", "Origin: https://friend.example"), true},
		{request("http", "Origin: null"), false},
		{request("http", "Origin: "), false},
		{request("http", "Origin: https://chat.example:3000"), false},
		{request("https", "Origin: http://chat.example:3000"), false},
		{request("http", "Origin: http://chat.example"), false},
		{request("http", "Origin: http://chat.example:3000.evil.example"), false},
		{request("http", "Origin: https://friend.example.evil.example"), false},
		{request("http", "Origin: http://friend.example"), false},
		{request("http", "Origin: https://evil.example"), false},
		{request("http", "Origin: http://chat.example:3000", "Origin: https://evil.example"), false},
	}
	for _, test := range tests {
		err := g.authorize(test.request, nil)
		if (err == nil) != test.want {
			t.Errorf("%s %q: %v", test.request.URL.Scheme, test.request.Header.Values("Origin"), err)
		}
	}
}

func TestGatekeeper_HonoursACookieOnlyOfItsOwnPages(t *testing.T) {
	const cookie = "Cookie: other=1; parley_session=tok"
	tests := []struct {
		request *http.Request
		want    string
	}{
		{request("http", cookie), ""},
		{request("http", cookie, "Sec-Fetch-Site: none"), ""},
		{request("http", cookie, "Sec-Fetch-Site: cross-site"), ""},
		{request("http", cookie, "Sec-Fetch-Site: same-origin"), "tok"},
		{request("http", cookie, "Origin: http://chat.example:3000"), "tok"},
		{request("https", cookie, "Origin: https://chat.example:3000"), ""},
		{request("https", "Cookie: __Host-parley_session=tok", "Origin: https://chat.example:3000"), "tok"},
		{request("http", "Sec-Fetch-Site: same-origin"), ""},
	}
	g := newGatekeeper(nil)
	for _, test := range tests {
		id := g.sessionID(test.request)
		if got := g.token(id, test.request.Header); got != test.want {
			t.Errorf("%s %v: got %q, want %q", test.request.URL.Scheme, test.request.Header, got, test.want)
		}
		if strings.Contains(id, "tok") || len(id) < 26 {
			t.Errorf("the id is %s", id)
		}
	}
}

func TestGatekeeper_AnotherServersMarkIsNone(t *testing.T) {
	r := request("http", "Cookie: parley_session=tok", "Sec-Fetch-Site: same-origin")
	id := newGatekeeper(nil).sessionID(r)
	if got := newGatekeeper(nil).token(id, r.Header); got != "" {
		t.Errorf("got %q", got)
	}
}
