package auth

import (
	"net/http"
	"strings"
	"time"
)

const (
	cookieName       = "parley_session"
	secureCookieName = "__Host-parley_session"
	cookieLife       = 180 * 24 * time.Hour
)

// Secure reports whether a request came over HTTPS. The outermost handler of
// the application sets r.URL.Scheme, after a trusted proxy's word if there is one.
func Secure(r *http.Request) bool {
	return r.URL.Scheme == "https"
}

// SetCookie gives the browser its session token. Over HTTPS the name has the
// __Host- prefix, so that no other host of the domain can plant it.
func SetCookie(w http.ResponseWriter, r *http.Request, token string) {
	http.SetCookie(w, sessionCookie(r, token, int(cookieLife.Seconds())))
}

// ClearCookie takes the session token from the browser.
func ClearCookie(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, sessionCookie(r, "", -1))
}

// CookieToken returns the session token of a request's cookie, or "".
func CookieToken(r *http.Request) string {
	cookie, err := r.Cookie(nameOfCookie(r))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// BearerToken returns the token of a request's Authorization header, or "".
func BearerToken(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

func sessionCookie(r *http.Request, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name:     nameOfCookie(r),
		Value:    value,
		Path:     "/",
		MaxAge:   maxAge,
		Secure:   Secure(r),
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	}
}

func nameOfCookie(r *http.Request) string {
	if Secure(r) {
		return secureCookieName
	}
	return cookieName
}
