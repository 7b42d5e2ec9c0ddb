package engineio

import (
	"cmp"
	"net/http"
	"time"
)

// Cookie describes a cookie with the session id, for load balancers that send
// all requests of a session to the same place. It is set by handshakes over
// polling. The server never reads it.
type Cookie struct {
	Name     string        // default "io"
	Path     string        // default "/"
	Domain   string        // default the host of the request
	MaxAge   time.Duration // default until the browser ends
	SameSite http.SameSite // default http.SameSiteLaxMode
	Secure   bool
	Readable bool // by scripts; else it is HttpOnly
}

// set adds the cookie to an answer.
func (c *Cookie) set(w http.ResponseWriter, sid string) {
	if c == nil {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name:     cmp.Or(c.Name, "io"),
		Value:    sid,
		Path:     cmp.Or(c.Path, "/"),
		Domain:   c.Domain,
		MaxAge:   int(c.MaxAge.Seconds()),
		SameSite: cmp.Or(c.SameSite, http.SameSiteLaxMode),
		Secure:   c.Secure,
		HttpOnly: !c.Readable,
	})
}
