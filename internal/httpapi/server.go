package httpapi

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"

	"parley/internal/api"
	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/wire"
)

// Options configures a Handler.
type Options struct {
	Chat  *chat.Service // required
	Login *auth.Gate    // required

	// Events are those that POST /api/v1/… answers. Required.
	Events *api.Table

	// Socket serves everything below /socket.io/. Required.
	Socket http.Handler

	// Client has the files of the web client; nil means that it is not built.
	Client fs.FS

	// Ready tells why the server should get no traffic now, nil if it should.
	Ready func(ctx context.Context) error

	Origins     []string // web origins besides the server's own that may send requests
	BehindProxy bool     // trust X-Forwarded-For and X-Forwarded-Proto
	BodyBytes   int64    // the largest JSON body, default 64 KiB
	FileBytes   int64    // the largest file, default 100 MB

	Logger *slog.Logger // default slog.Default()
}

// server answers the routes of the contract's §7.
type server struct {
	opts Options
}

// New returns the handler of everything that Parley serves.
func New(opts *Options) (http.Handler, error) {
	s := &server{opts: *opts}
	if s.opts.BodyBytes == 0 {
		s.opts.BodyBytes = 64 << 10
	}
	if s.opts.FileBytes == 0 {
		s.opts.FileBytes = 100e6
	}
	if s.opts.Logger == nil {
		s.opts.Logger = slog.Default()
	}
	api, err := s.api()
	if err != nil {
		return nil, err
	}
	client, err := newClient(s.opts.Client)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/socket.io/", s.opts.Socket)
	mux.Handle("/api/", api)
	s.opts.Events.Offer(wire.FileRead)
	mux.HandleFunc("GET /files/{id}/{name}", s.download)
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("/", client)
	return trustProxy(s.opts.BehindProxy, secureHeaders(mux)), nil
}

func (s *server) healthz(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "ok")
}

func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	if err := s.opts.Ready(r.Context()); err != nil {
		s.opts.Logger.Warn("not ready", "error", err)
		plain(w, http.StatusServiceUnavailable, "not ready")
		return
	}
	plain(w, http.StatusOK, "ready")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n")) // a client that is gone needs no answer
}
