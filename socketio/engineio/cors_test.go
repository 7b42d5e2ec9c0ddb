package engineio

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// headersOf sends a request and returns the status and those headers of the
// answer whose names are in names.
func (s *testServer) headersOf(method, url string, send http.Header, names ...string) (int, map[string][]string) {
	s.t.Helper()
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header = send
	response, err := s.http.Client().Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	response.Body.Close()
	got := map[string][]string{}
	for _, name := range names {
		if values := response.Header.Values(name); values != nil {
			got[name] = values
		}
	}
	return response.StatusCode, got
}

func TestCORS_HeadersOfAnswersAndPreflights(t *testing.T) {
	const chat, other = "https://chat.example", "https://other.example"
	names := []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods",
		"Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Access-Control-Max-Age", "Vary"}
	tests := map[string]struct {
		cors   *CORS
		method string
		send   http.Header
		status int
		want   map[string][]string
	}{
		"off":            {nil, "GET", http.Header{"Origin": {chat}}, 200, map[string][]string{}},
		"off, preflight": {nil, "OPTIONS", http.Header{"Origin": {chat}}, 400, map[string][]string{}},
		"all": {&CORS{Origins: []string{"*"}}, "GET", http.Header{"Origin": {chat}}, 200,
			map[string][]string{"Access-Control-Allow-Origin": {"*"}}},
		"listed": {&CORS{Origins: []string{other, chat}, Credentials: true, ExposedHeaders: []string{"x-a", "x-b"}}, "GET", http.Header{"Origin": {chat}}, 200,
			map[string][]string{"Access-Control-Allow-Origin": {chat}, "Access-Control-Allow-Credentials": {"true"}, "Access-Control-Expose-Headers": {"x-a,x-b"}, "Vary": {"Origin"}}},
		"not listed": {&CORS{Origins: []string{other}}, "GET", http.Header{"Origin": {chat}}, 200,
			map[string][]string{"Vary": {"Origin"}}},
		"by function": {&CORS{AllowOrigin: func(_ *http.Request, origin string) bool { return origin == chat }}, "GET", http.Header{"Origin": {chat}}, 200,
			map[string][]string{"Access-Control-Allow-Origin": {chat}, "Vary": {"Origin"}}},
		"refused by function": {&CORS{AllowOrigin: func(*http.Request, string) bool { return false }}, "GET", http.Header{"Origin": {chat}}, 200,
			map[string][]string{"Vary": {"Origin"}}},
		"two origins": {&CORS{Origins: []string{chat, other}}, "GET", http.Header{"Origin": {chat, other}}, 200,
			map[string][]string{"Vary": {"Origin"}}},
		"preflight": {&CORS{Origins: []string{chat}, Credentials: true, MaxAge: time.Hour}, "OPTIONS",
			http.Header{"Origin": {chat}, "Access-Control-Request-Method": {"POST"}, "Access-Control-Request-Headers": {"x-token"}}, 204,
			map[string][]string{"Access-Control-Allow-Origin": {chat}, "Access-Control-Allow-Credentials": {"true"}, "Access-Control-Allow-Methods": {"GET,POST"},
				"Access-Control-Allow-Headers": {"x-token"}, "Access-Control-Max-Age": {"3600"}, "Vary": {"Origin", "Access-Control-Request-Headers"}}},
		"preflight, fixed": {&CORS{Origins: []string{"*"}, Methods: []string{"GET"}, AllowedHeaders: []string{"x-a"}}, "OPTIONS",
			http.Header{"Origin": {chat}, "Access-Control-Request-Headers": {"x-token"}}, 204,
			map[string][]string{"Access-Control-Allow-Origin": {"*"}, "Access-Control-Allow-Methods": {"GET"}, "Access-Control-Allow-Headers": {"x-a"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := start(t, Options{CORS: test.cors})
			status, got := s.headersOf(test.method, s.url("EIO=4&transport=polling"), test.send, names...)
			if status != test.status {
				t.Errorf("status %d, want %d", status, test.status)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCORS_RefusalsCanBeReadToo(t *testing.T) {
	s := start(t, Options{CORS: &CORS{Origins: []string{"*"}}})
	status, got := s.headersOf("GET", s.url("EIO=4&transport=none"), nil, "Access-Control-Allow-Origin")
	if status != 400 || len(got) != 1 {
		t.Errorf("%d %v", status, got)
	}
}

func TestCookie_IsSetByTheHandshakeOnly(t *testing.T) {
	tests := map[string]struct {
		cookie Cookie
		want   string
	}{
		"defaults": {Cookie{}, "io=SID; Path=/; HttpOnly; SameSite=Lax"},
		"all": {Cookie{Name: "sticky", Path: "/chat", Domain: "chat.example", MaxAge: time.Minute, SameSite: http.SameSiteNoneMode, Secure: true, Readable: true},
			"sticky=SID; Path=/chat; Domain=chat.example; Max-Age=60; Secure; SameSite=None"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := start(t, Options{Cookie: &test.cookie, GenerateID: func(*http.Request) string { return "SID" }})
			_, got := s.headersOf("GET", s.url("EIO=4&transport=polling"), nil, "Set-Cookie")
			if diff := cmp.Diff(map[string][]string{"Set-Cookie": {test.want}}, got); diff != "" {
				t.Error(diff)
			}
			s.handler().session.Send(0, NewText([]byte("x")))
			if _, got := s.headersOf("GET", s.poller("SID"), nil, "Set-Cookie"); len(got) > 0 {
				t.Errorf("a poll sets %v", got)
			}
		})
	}
}

func TestHeaders_TellsTheHandshakeFromTheRest(t *testing.T) {
	s := start(t, Options{Headers: func(h http.Header, r *http.Request, first bool) {
		h.Set("X-Transport", r.URL.Query().Get("transport"))
		if first {
			h.Set("X-First", "yes")
		}
	}})
	url := s.url("EIO=4&transport=polling")
	_, got := s.headersOf("GET", url, nil, "X-First", "X-Transport")
	if diff := cmp.Diff(map[string][]string{"X-First": {"yes"}, "X-Transport": {"polling"}}, got); diff != "" {
		t.Error(diff)
	}
	session := s.handler().session
	session.Send(0, NewText([]byte("x")))
	_, got = s.headersOf("GET", url+"&sid="+session.ID(), nil, "X-First", "X-Transport")
	if diff := cmp.Diff(map[string][]string{"X-Transport": {"polling"}}, got); diff != "" {
		t.Error(diff)
	}
	upgrade := http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}}
	status, got := s.headersOf("GET", s.url(websocketQuery), upgrade, "X-First", "X-Transport")
	if diff := cmp.Diff(map[string][]string{"X-First": {"yes"}, "X-Transport": {"websocket"}}, got); status != 101 || diff != "" {
		t.Error(status, diff)
	}
}
