package auth_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"parley/internal/auth"
)

func request(scheme string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL.Scheme = scheme
	return r
}

func TestSetCookie_HasTheFlagsOfTheContract(t *testing.T) {
	const common = "; Path=/; Max-Age=15552000; HttpOnly"
	tests := map[string]string{
		"http":  "parley_session=tok" + common + "; SameSite=Lax",
		"https": "__Host-parley_session=tok" + common + "; Secure; SameSite=Lax",
	}
	for scheme, want := range tests {
		w := httptest.NewRecorder()
		auth.SetCookie(w, request(scheme), "tok")
		if got := w.Header().Get("Set-Cookie"); got != want {
			t.Errorf("%s: got %s, want %s", scheme, got, want)
		}
	}
}

func TestClearCookie_EndsIt(t *testing.T) {
	w := httptest.NewRecorder()
	auth.ClearCookie(w, request("http"))
	if got, want := w.Header().Get("Set-Cookie"), "parley_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCookieToken_OverHTTPSOnlyTheProtectedNameCounts(t *testing.T) {
	r := request("https")
	r.AddCookie(&http.Cookie{Name: "parley_session", Value: "planted"})
	if got := auth.CookieToken(r); got != "" {
		t.Errorf("got %q", got)
	}
	r.AddCookie(&http.Cookie{Name: "__Host-parley_session", Value: "real"})
	if got := auth.CookieToken(r); got != "real" {
		t.Errorf("got %q", got)
	}
}

func TestBearerToken_ReadsTheHeader(t *testing.T) {
	tests := map[string]string{"Bearer abc": "abc", "bearer  abc": "abc", "Basic abc": "", "Bearer": "", "": ""}
	for header, want := range tests {
		r := request("http")
		r.Header.Set("Authorization", header)
		if got := auth.BearerToken(r); got != want {
			t.Errorf("%q: got %q, want %q", header, got, want)
		}
	}
}
