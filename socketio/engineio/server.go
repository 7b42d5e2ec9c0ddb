package engineio

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/http"
)

// Server serves Engine.IO sessions. It is an http.Handler for whatever path
// the mux in front of it gives it.
type Server struct {
	opts Options
}

// New returns a Server. Call Shutdown to release what it holds.
func New(opts *Options) *Server { return &Server{opts: opts.withDefaults()} }

// ServeHTTP answers a handshake, a poll, a POST of packets or a WebSocket
// upgrade. Errors are answered as {"code","message"}.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "not implemented", http.StatusNotImplemented)
}

// Shutdown refuses new handshakes, closes every session with
// ReasonServerShutdown, delivering what is queued, and waits until all
// goroutines and connections of the server are released. When ctx ends first,
// it drops the connections, still waits for their release, and returns the
// context's error. Use it instead of net/http's, which does not know upgraded
// connections, or before it.
func (s *Server) Shutdown(ctx context.Context) error { return nil }

// Len returns the number of open sessions.
func (s *Server) Len() int { return 0 }

// randomID returns 120 random bits in 20 characters.
func randomID(*http.Request) string {
	var b [15]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}
