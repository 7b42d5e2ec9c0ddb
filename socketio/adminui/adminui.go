// Package adminui lets the Admin UI of Socket.IO, the page of the npm package
// @socket.io/admin-ui, watch a server and act on it. The page speaks with a
// namespace of its own, /admin:
//
//	io := socketio.New(&socketio.Options{Engine: engineio.Options{
//		CORS: &engineio.CORS{Origins: []string{"https://admin.socket.io"}, Credentials: true},
//	}})
//	err := adminui.Attach(io, &adminui.Options{Username: "ops", PasswordHash: hash})
//
// Who may sign in may do everything to every socket, unless Options.ReadOnly
// says otherwise. The page gets figures every two seconds, and nothing is
// counted or sent while nobody watches. With Options.Development it also gets
// every socket, what is known of it, its rooms, and the events that it sends
// and receives. Of the figures of the Node server, those of packets and bytes
// are left out.
package adminui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"os"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	"parley/socketio"
	"parley/socketio/engineio"
)

// Options configures the namespace. Either Username and PasswordHash or
// NoAuthentication must be set.
type Options struct {
	// Namespace is where the page connects. Default "/admin".
	Namespace string

	// Username and PasswordHash are what one has to know to sign in. The hash
	// is that of bcrypt, in its usual text form, "$2a$10$…". Passwords are
	// compared one at a time, so that guessing takes no more than one core.
	Username     string
	PasswordHash string

	// NoAuthentication admits everybody who reaches the server. It is for
	// servers that only trusted people reach.
	NoAuthentication bool

	// MaxSessions bounds the sign-ins that are remembered, so that the page can
	// come back without the password; the oldest is forgotten. They are kept in
	// memory, by this server alone. Default 100.
	MaxSessions int
	// SessionAge is how long a sign-in is remembered. Default 24h.
	SessionAge time.Duration

	// ReadOnly refuses the page's commands.
	ReadOnly bool

	// Development tells the page of every socket, with the headers of its first
	// request (but for cookies and authorization), its data and its rooms, and
	// of every event, with its payload. All this can be personal or secret (the
	// ids of clients of Socket.IO 2 are): do not set it on a server whose users
	// have not agreed. It costs a little for
	// each event also while nobody watches. Default false: figures only.
	Development bool
	// MaxEvents bounds the events that are told of in a second; more are left
	// out. Default 100.
	MaxEvents int
	// MaxEventBytes is the size of a payload above which its size is told in
	// its place. Default 4096.
	MaxEventBytes int

	// ServerID names the server on the page, where each needs a name of its
	// own. Default the host's name and the number of the process.
	ServerID string
	// Interval is the time between two reports. Default 2s.
	Interval time.Duration

	// Logger is told who has signed in, who was refused, and of every command.
	// Default slog.Default().
	Logger *slog.Logger
}

// Defaults of Options.
const (
	defaultNamespace     = "/admin"
	defaultMaxSessions   = 100
	defaultSessionAge    = 24 * time.Hour
	defaultMaxEvents     = 100
	defaultMaxEventBytes = 4096
	defaultInterval      = 2 * time.Second
)

// withDefaults returns a copy with every zero field replaced by its default, or
// says what is wrong.
func (o *Options) withDefaults(host string) (Options, error) {
	var opts Options
	if o != nil {
		opts = *o
	}
	switch {
	case opts.NoAuthentication && (opts.Username != "" || opts.PasswordHash != ""):
		return opts, errors.New("adminui: NoAuthentication together with a password")
	case !opts.NoAuthentication && (opts.Username == "" || opts.PasswordHash == ""):
		return opts, errors.New("adminui: Username and PasswordHash, or NoAuthentication, must be set")
	}
	if !opts.NoAuthentication {
		if _, err := bcrypt.Cost([]byte(opts.PasswordHash)); err != nil {
			return opts, fmt.Errorf("adminui: read PasswordHash: %w", err)
		}
	}
	opts.Namespace = cmp.Or(opts.Namespace, defaultNamespace)
	opts.MaxSessions = cmp.Or(opts.MaxSessions, defaultMaxSessions)
	opts.SessionAge = cmp.Or(opts.SessionAge, defaultSessionAge)
	opts.MaxEvents = cmp.Or(opts.MaxEvents, defaultMaxEvents)
	opts.MaxEventBytes = cmp.Or(opts.MaxEventBytes, defaultMaxEventBytes)
	opts.ServerID = cmp.Or(opts.ServerID, fmt.Sprintf("%s#%d", host, os.Getpid()))
	opts.Interval = cmp.Or(opts.Interval, defaultInterval)
	if opts.Logger == nil {
		opts.Logger = slog.Default()
	}
	return opts, nil
}

// Attach adds the namespace to a server. It must be called before the first
// client connects. On several servers behind an Adapter it is called on each:
// a page that is connected to one sees all.
func Attach(io *socketio.Server, opts *Options) error {
	host, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("adminui: %w", err)
	}
	o, err := opts.withDefaults(host)
	if err != nil {
		return err
	}
	a := &admin{io: io, ns: io.Of(o.Namespace), opts: o, host: host, began: time.Now(), seed: maphash.MakeSeed(), known: map[string]uint64{}}
	a.doors.comparing = make(chan struct{}, 1)
	if !o.NoAuthentication {
		a.ns.Use(a.authenticate)
	}
	if o.Development {
		io.EachNamespace(a.instrument)
	}
	a.ns.OnConnect(a.welcome)
	a.ns.HandleServer(eventWatch, a.watchedElsewhere)
	if !o.ReadOnly {
		a.registerCommands()
	}
	return nil
}

// admin is the namespace of one server.
type admin struct {
	io    *socketio.Server
	ns    *socketio.Namespace
	opts  Options
	host  string
	began time.Time
	doors doors
	seed  maphash.Seed // of known

	mu       sync.Mutex // guards the fields below
	watchers int        // pages connected to this server
	until    time.Time  // when pages of other servers stop to count
	timer    *time.Timer
	reported time.Time               // when the latest report was sent
	counted  map[engineio.Reason]int // sessions that had ended then
	opened   int                     // sessions that had begun then
	known    map[string]uint64       // what the pages know of a socket, as a hash
	second   int64                   // since 1970, of events
	events   int                     // told of in it
}

// welcome tells a page what it can do and what there is.
func (a *admin) welcome(ctx context.Context, s *socketio.Socket) error {
	a.arrive()
	s.OnDisconnect(func(socketio.Reason) { a.leave() })
	if d, ok := s.Data().(*signedIn); ok && d.session != "" {
		if err := s.Emit(eventSession, d.session); err != nil {
			return err
		}
	}
	if err := s.Emit(eventConfig, config{SupportedFeatures: a.features()}); err != nil {
		return err
	}
	if err := s.Emit(eventStats, a.stats(nil)); err != nil {
		return err
	}
	if !a.opts.Development {
		return nil
	}
	return a.tellAll(ctx, s)
}

func (a *admin) features() []string {
	var list []string
	if !a.opts.ReadOnly {
		list = append(list, "EMIT", "JOIN", "LEAVE", "DISCONNECT", "MJOIN", "MLEAVE", "MDISCONNECT")
	}
	list = append(list, "AGGREGATED_EVENTS")
	if a.opts.Development {
		list = append(list, "ALL_EVENTS")
	}
	return list
}

// publish sends something to every page.
func (a *admin) publish(event string, args ...any) {
	if err := a.ns.Emit(event, args...); err != nil {
		a.opts.Logger.Warn("admin event was not sent", "event", event, "error", err)
	}
}
