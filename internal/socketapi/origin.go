package socketapi

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"

	"parley/internal/auth"
	"parley/socketio/engineio"
)

// gatekeeper decides about every Engine.IO request, polling included: where it
// may come from, and that it carries the cookie its connection was opened with.
type gatekeeper struct {
	origins []string // allowed besides the server's own
	key     []byte   // of the marks in session ids
}

func newGatekeeper(origins []string) *gatekeeper {
	key := make([]byte, sha256.Size)
	rand.Read(key)
	return &gatekeeper{origins: origins, key: key}
}

var (
	errOrigin = errors.New("origin not allowed")
	errCookie = errors.New("the session cookie of this connection is missing")
)

// authorize refuses a request from a foreign web page, and one that lacks the
// cookie of the connection it names.
func (g *gatekeeper) authorize(r *http.Request, s *engineio.Session) error {
	if !g.allowed(r) {
		return errOrigin
	}
	if s == nil {
		return nil
	}
	mark := markOf(s.ID())
	if mark != "" && !hmac.Equal([]byte(mark), []byte(g.mark(cookieToken(r)))) {
		return errCookie
	}
	return nil
}

// allowed reports whether a request comes from no web page, from one of the
// server's own, or from one of an allowed origin.
func (g *gatekeeper) allowed(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return true
	}
	if len(origins) > 1 {
		return false
	}
	return strings.EqualFold(origins[0], ownOrigin(r)) || slices.Contains(g.origins, origins[0])
}

// sessionID makes the id of a connection: 128 random bits and, if it is opened
// with a cookie that counts, a mark of that cookie. So the binding lives as long
// as the connection does and needs no table.
func (g *gatekeeper) sessionID(r *http.Request) string {
	id := rand.Text()
	if token := cookieToken(r); token != "" {
		id += markSeparator + g.mark(token)
	}
	return id
}

// markSeparator is not in the alphabet of rand.Text.
const markSeparator = "-"

// token finds the cookie that a connection is bound to among the headers of its
// handshake. It is "" if there was none or it did not count.
func (g *gatekeeper) token(sessionID string, headers http.Header) string {
	mark := markOf(sessionID)
	if mark == "" {
		return ""
	}
	handshake := http.Request{Header: headers}
	for _, cookie := range handshake.Cookies() {
		if hmac.Equal([]byte(mark), []byte(g.mark(cookie.Value))) {
			return cookie.Value
		}
	}
	return ""
}

func markOf(sessionID string) string {
	_, mark, _ := strings.Cut(sessionID, markSeparator)
	return mark
}

func (g *gatekeeper) mark(token string) string {
	mac := hmac.New(sha256.New, g.key)
	mac.Write([]byte(token))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// cookieToken is the session token of a request's cookie, if it counts: a
// request without an Origin is a browser's own only if it says so.
func cookieToken(r *http.Request) string {
	if r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") != "same-origin" {
		return ""
	}
	return auth.CookieToken(r)
}

func ownOrigin(r *http.Request) string {
	if auth.Secure(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
