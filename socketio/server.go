package socketio

import (
	"context"
	"net/http"
)

// Server is a Socket.IO server. It is an http.Handler for its path; mount it
// with mux.Handle("/socket.io/", server).
//
// The embedded Namespace is the default one, "/": io.Emit, io.To, io.OnConnect
// and so on mean that namespace.
type Server struct {
	*Namespace
}

// New makes a server. Nil options mean defaults.
func New(opts *Options) *Server { panic("not yet") }

// Of returns the static namespace of that name and creates it if needed. A
// missing leading slash is added.
func (s *Server) Of(name string) *Namespace { panic("not yet") }

// OfMatching returns a namespace that stands for every namespace whose name
// matches and that no call of Of has made. Its middleware and handlers serve
// them all; what is sent through it reaches the sockets of all of them. The
// namespaces themselves appear with their first socket and vanish with their
// last. Match functions are asked in the order of their registration.
func (s *Server) OfMatching(match func(name string) bool) *Namespace { panic("not yet") }

// ServeHTTP serves Engine.IO requests and, if Options.Client is set, the
// client's files.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { panic("not yet") }

// Shutdown refuses new clients, delivers what is queued, closes every
// connection and waits until all handlers have returned or ctx ends. Clients
// see a lost connection and connect again elsewhere.
func (s *Server) Shutdown(ctx context.Context) error { panic("not yet") }
