package socketapi

import (
	"io/fs"
	"log/slog"
	"time"

	"parley/internal/auth"
)

// Options configures an API. The zero value of a field means its default.
type Options struct {
	Version string // of the server, told to clients

	// Origins are the web origins besides the server's own that may connect,
	// such as https://chat.example.org.
	Origins []string

	LoginDeadline     time.Duration // how long a socket may stay without an identity, default 10s
	EventTimeout      time.Duration // how long one event may take, default 10s
	EventBytes        int           // the largest request, default 64 KiB
	FileBytes         int64         // the largest file, told to clients; default 100 MB
	SocketsPerUser    int           // default 50
	SocketsPerAddress int           // default 200

	Typing auth.Rate // typing of one user in one room, default once in 3 s

	PresenceGrace time.Duration // from the last socket's end to offline, default 10s
	PresenceBatch time.Duration // between two presence events to one watcher, default 1s

	WireView  string        // who may see the wire view: off, admins (default) or everyone
	HeadEvery time.Duration // between two room:head of one room, default 1s

	Client fs.FS        // files of the Socket.IO browser client; nil serves none
	Logger *slog.Logger // default slog.Default()
}

// Who may see the wire view.
const (
	WireViewOff      = "off"
	WireViewAdmins   = "admins"
	WireViewEveryone = "everyone"
)

// typingTTL is how long a typing notice is true. Clients repeat it every 3 s.
const typingTTL = 5 * time.Second

func (o *Options) withDefaults() Options {
	var out Options
	if o != nil {
		out = *o
	}
	setDefault(&out.LoginDeadline, 10*time.Second)
	setDefault(&out.EventTimeout, 10*time.Second)
	setDefault(&out.EventBytes, 64<<10)
	setDefault(&out.FileBytes, 100e6)
	setDefault(&out.SocketsPerUser, 50)
	setDefault(&out.SocketsPerAddress, 200)
	setDefault(&out.Typing, auth.Rate{Every: 3 * time.Second, Burst: 1})
	setDefault(&out.PresenceGrace, 10*time.Second)
	setDefault(&out.PresenceBatch, time.Second)
	setDefault(&out.WireView, WireViewAdmins)
	setDefault(&out.HeadEvery, time.Second)
	setDefault(&out.Logger, slog.Default())
	return out
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
