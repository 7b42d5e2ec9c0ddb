// Package app makes a running Parley out of its parts: the store, the chat, its
// edges and the web client. The command starts it, and so do end-to-end tests.
package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"syscall"
	"time"

	"parley/internal/api"
	"parley/internal/auth"
	"parley/internal/blob"
	"parley/internal/chat"
	"parley/internal/config"
	"parley/internal/httpapi"
	"parley/internal/socketapi"
	"parley/web"
)

// Options are what the command line does not say.
type Options struct {
	Version    string       // told to clients
	Logger     *slog.Logger // default slog.Default()
	HashMemory uint32       // KiB for one password hash, default 46 MiB

	// Fatal is called when the disk has failed to keep what it was given. The
	// process should end at once. Default: writes are refused from then on.
	Fatal func(error)
}

// App is a Parley that serves.
type App struct {
	url      string
	drain    time.Duration
	listener net.Listener
	server   *http.Server
	admin    *admin
	sweeper  *sweeper
	sockets  *socketapi.API
	store    store
	failed   chan error
	logger   *slog.Logger
}

// Start opens the data directory and serves. ctx bounds the start only; Close
// ends what Start began. Errors are sentences for the operator.
func Start(ctx context.Context, cfg *config.Serve, opts *Options) (*App, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	a := &App{drain: cfg.DrainTimeout, failed: make(chan error, 1), logger: opts.Logger}
	if a.logger == nil {
		a.logger = slog.Default()
	}
	client, err := web.Client() // nil if it is not built: everything else works
	if err != nil && !errors.Is(err, web.ErrNotBuilt) {
		return nil, err
	}
	if a.listener, err = listen(cfg.Listen); err != nil {
		return nil, err
	}
	a.url = urlOf(cfg.Listen, a.listener.Addr())
	if a.store, err = openStore(ctx, &cfg.Storage, a.logger, opts.Fatal); err != nil {
		return nil, errors.Join(err, a.listener.Close())
	}
	a.sockets = socketapi.New(socketOptions(cfg, opts, client, a.logger))
	if err := a.assemble(ctx, cfg, opts, client); err != nil {
		return nil, errors.Join(err, a.listener.Close(), a.sockets.Shutdown(ctx), a.store.Close())
	}
	if client == nil {
		a.logger.Warn("the web client is not built; run make")
	}
	go a.serve()
	return a, nil
}

// URL is where the server is, with the real port.
func (a *App) URL() string { return a.url }

// Failed yields the error that ended serving, if one did.
func (a *App) Failed() <-chan error { return a.failed }

// assemble puts the parts together.
func (a *App) assemble(ctx context.Context, cfg *config.Serve, opts *Options, client fs.FS) error {
	files, err := blob.Open(filepath.Join(cfg.Data, "files"))
	if err != nil {
		return err
	}
	kept, told := seeded(a.store, a.sockets)
	service, err := newChat(ctx, kept, told, opts.HashMemory, &chat.Options{
		Name:                cfg.Name,
		Registration:        chat.Registration(cfg.Registration),
		DefaultRegistration: chat.Registration(cfg.DefaultRegistration()),
		SessionTTL:          cfg.SessionLife,
		Blobs:               files,
		MaxFileBytes:        cfg.FileBytes,
		Log:                 a.logger,
	})
	if err != nil {
		return err
	}
	login := &auth.Gate{Chat: service, Throttle: auth.NewThrottle(&auth.ThrottleOptions{
		PerAddressAndName: auth.Rate{Every: time.Minute / time.Duration(cfg.LoginsPerMinute), Burst: cfg.LoginBurst},
	})}
	events := api.New(service, &api.Options{
		Sends: auth.Rate{Every: time.Second / time.Duration(cfg.SendsPerSecond), Burst: cfg.SendBurst},
	})
	a.sockets.Serve(service, login, events)
	handler, err := httpapi.New(&httpapi.Options{
		Chat: service, Login: login, Events: events, Socket: a.sockets, Client: client, Ready: a.ready,
		Origins: cfg.Origin, BehindProxy: cfg.BehindProxy, BodyBytes: int64(cfg.EventBytes), FileBytes: cfg.FileBytes, Logger: a.logger,
	})
	if err := errors.Join(err, events.Check()); err != nil {
		return err
	}
	a.server = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(a.logger.Handler(), slog.LevelDebug),
	}
	if a.admin, err = startAdmin(cfg.Data, service, a.logger); err != nil {
		return err
	}
	a.sweeper = startSweeper(service, a.logger)
	return nil
}

func socketOptions(cfg *config.Serve, opts *Options, client fs.FS, logger *slog.Logger) *socketapi.Options {
	var bundle fs.FS
	if client != nil {
		bundle, _ = fs.Sub(client, "socket.io") // the name is valid, which is all that Sub checks
	}
	return &socketapi.Options{
		Version:           opts.Version,
		Origins:           cfg.Origin,
		LoginDeadline:     cfg.LoginDeadline,
		EventBytes:        cfg.EventBytes,
		FileBytes:         cfg.FileBytes,
		SocketsPerUser:    cfg.SocketsPerUser,
		SocketsPerAddress: cfg.SocketsPerAddress,
		WireView:          cfg.WireView,
		Typing:            auth.Rate{Every: cfg.TypingInterval, Burst: 1},
		PresenceGrace:     cfg.PresenceGrace,
		Client:            bundle,
		Logger:            logger,
	}
}

// newChat opens the chat with a hasher of its own.
func newChat(ctx context.Context, store chat.Store, pub chat.Publisher, hashMemory uint32, opts *chat.Options) (*chat.Service, error) {
	opts.Hasher = auth.NewHasher(&auth.HasherOptions{Memory: hashMemory})
	return chat.New(ctx, store, pub, opts)
}

// ready tells whether the database answers and takes what it is given.
func (a *App) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return errors.Join(a.store.Health(), a.store.View(ctx, func(chat.Tx) error { return nil }))
}

func (a *App) serve() {
	if err := a.server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
		a.failed <- fmt.Errorf("serve: %w", err)
	}
}

// Close drains: no new connections, every client is told when to come back,
// what is being done is finished and delivered, and the database is closed. It
// takes at most the configured time.
func (a *App) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), a.drain)
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- a.server.Shutdown(ctx) }() // ends once the long polls below have
	a.sweeper.close()
	err := errors.Join(a.admin.close(), a.sockets.Drain(ctx), a.sockets.Shutdown(ctx), <-stopped, a.server.Close())
	if errors.Is(err, context.DeadlineExceeded) {
		a.logger.Warn("the drain took too long; the rest was cut", "error", err)
		err = nil
	}
	return errors.Join(err, a.store.Close())
}

// listen opens the address, or says in one sentence why it cannot.
func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	switch {
	case err == nil:
		return listener, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("cannot listen on %s: another program uses this port. Stop it or choose another with --listen", address)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("cannot listen on %s: this port needs more rights. Choose one above 1023 with --listen", address)
	default:
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
}

// urlOf names the server for people: the host as it was asked for, the port as
// it is.
func urlOf(asked string, addr net.Addr) string {
	host, _, _ := net.SplitHostPort(asked)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	_, port, _ := net.SplitHostPort(addr.String())
	return "http://" + net.JoinHostPort(host, port)
}
