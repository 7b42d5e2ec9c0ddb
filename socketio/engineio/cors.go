package engineio

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CORS lets web pages of other origins use the server (Fetch standard, section
// 3.2). It tells browsers what they may read; it refuses nothing, and it does
// not bind WebSockets: that is what Options.Authorize is for.
type CORS struct {
	// Origins lists origins as browsers send them, such as
	// "https://chat.example". "*" allows all, but browsers then send no
	// credentials.
	Origins []string
	// AllowOrigin, if set, decides on the origins that Origins does not have.
	AllowOrigin func(r *http.Request, origin string) bool
	// Credentials lets cookies and client certificates be sent.
	Credentials bool
	// Methods and AllowedHeaders are what a request may have.
	Methods        []string // default GET, POST
	AllowedHeaders []string // default what the browser asks for
	// ExposedHeaders are those of answers that pages may read.
	ExposedHeaders []string
	// MaxAge is how long a browser may keep the answer to a preflight.
	MaxAge time.Duration // default not sent
}

// serve adds the headers and answers a preflight. It reports whether it has
// answered.
func (c *CORS) serve(w http.ResponseWriter, r *http.Request) bool {
	if c == nil {
		return false
	}
	h := w.Header()
	c.allowOrigin(h, r)
	if c.Credentials {
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	if len(c.ExposedHeaders) > 0 {
		h.Set("Access-Control-Expose-Headers", strings.Join(c.ExposedHeaders, ","))
	}
	if r.Method != http.MethodOptions {
		return false
	}
	c.answerPreflight(w, r)
	return true
}

func (c *CORS) allowOrigin(h http.Header, r *http.Request) {
	const name = "Access-Control-Allow-Origin"
	if slices.Contains(c.Origins, "*") {
		h.Set(name, "*")
		return
	}
	h.Add("Vary", "Origin")
	origins := r.Header["Origin"]
	if len(origins) != 1 {
		return
	}
	if slices.Contains(c.Origins, origins[0]) || c.AllowOrigin != nil && c.AllowOrigin(r, origins[0]) {
		h.Set(name, origins[0])
	}
}

func (c *CORS) answerPreflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	methods := "GET,POST"
	if c.Methods != nil {
		methods = strings.Join(c.Methods, ",")
	}
	h.Set("Access-Control-Allow-Methods", methods)
	headers := strings.Join(c.AllowedHeaders, ",")
	if c.AllowedHeaders == nil {
		h.Add("Vary", "Access-Control-Request-Headers")
		headers = r.Header.Get("Access-Control-Request-Headers")
	}
	if headers != "" {
		h.Set("Access-Control-Allow-Headers", headers)
	}
	if c.MaxAge > 0 {
		h.Set("Access-Control-Max-Age", strconv.Itoa(int(c.MaxAge.Seconds())))
	}
	w.WriteHeader(http.StatusNoContent)
}
