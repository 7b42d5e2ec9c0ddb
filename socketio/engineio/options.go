package engineio

import (
	"cmp"
	"compress/flate"
	"compress/gzip"
	"log/slog"
	"net/http"
	"time"
)

// Options configures a Server. The zero value of a field means its default.
type Options struct {
	// PingInterval is the time between an answer of the client and the next
	// ping; PingTimeout is how long a ping may stay unanswered. Any inbound
	// traffic counts as an answer. Both are sent to the client, in whole
	// milliseconds.
	PingInterval time.Duration // default 25s
	PingTimeout  time.Duration // default 20s

	// UpgradeTimeout is how long a WebSocket may take from its probe to the
	// end of the upgrade.
	UpgradeTimeout time.Duration // default 10s

	// CloseTimeout is how long a session that is closed may take to deliver
	// what was queued before it.
	CloseTimeout time.Duration // default 5s

	// MaxPayload is the size in bytes of the largest message or polling body
	// that is accepted. It is sent to the client as maxPayload. A larger POST
	// is answered with 413, a larger WebSocket message with close code 1009.
	MaxPayload int64 // default 1e6

	// MaxQueueBytes bounds what a session may have waiting for its client.
	// When it is exceeded, the session closes with ReasonQueueFull.
	MaxQueueBytes int64 // default 4 MiB

	// Transports lists the names of the transports that are served. Sessions
	// that poll may change to any other of them.
	Transports []string // default "polling", "websocket"

	// NoUpgrades keeps sessions on the transport that they began with.
	NoUpgrades bool

	// AllowEIO3 serves clients of Engine.IO protocol 3 too, which Socket.IO 1
	// and 2 have, with JSONP polling for browsers without CORS. Their
	// heartbeats come from the client.
	AllowEIO3 bool

	// HTTPCompression compresses what polls are answered, for frames sent
	// with the flag Compress.
	HTTPCompression HTTPCompression

	// PerMessageDeflate lets WebSocket clients negotiate compression
	// (RFC 7692), for frames sent with the flag Compress and what they send
	// themselves. It costs time and up to MaxPayload of memory per message
	// that is being read.
	PerMessageDeflate *PerMessageDeflate // default off

	// Authorize is asked about every request of every transport, before
	// anything is read of its body. s is nil at a handshake, else the session
	// the request belongs to. An error refuses the request with code 4 and
	// the error's text, which the client sees. Nil allows everything.
	Authorize func(r *http.Request, s *Session) error

	// Refused is told of each request that is refused. It must not write an
	// answer.
	Refused func(r *http.Request, err *RequestError)

	// CORS lets web pages of other origins use the server.
	CORS *CORS // default off

	// Cookie sets a cookie with the session id.
	Cookie *Cookie // default off

	// Headers may add to the headers of what answers a request that is not
	// refused. first tells the handshake from later requests of a session.
	Headers func(h http.Header, r *http.Request, first bool)

	// Open is called once per session, before its first inbound message.
	// r is valid during the call only. What is sent inside it follows the
	// handshake. A nil Handler closes the session. Required.
	Open func(s *Session, r *http.Request) Handler

	// GenerateID returns a new session id: unique, hard to guess, and safe in
	// a URL.
	GenerateID func(r *http.Request) string // default 20 random characters

	// GoroutinePerConn reads every WebSocket on a goroutine of its own, even
	// where the system offers something leaner. TLS connections and
	// connections that are not sockets always have one.
	GoroutinePerConn bool

	// Logger receives panics of handlers at level Error, why sessions were
	// closed for what their client did at Warn, and at Debug those whose
	// network failed.
	Logger *slog.Logger // default discards
}

// PerMessageDeflate configures compression.
type PerMessageDeflate struct {
	// Threshold is the size in bytes below which a message is not compressed.
	Threshold int // default 1024
	// Level is one of compress/flate's.
	Level int // default flate.BestSpeed
}

const (
	defaultThreshold     = 1024
	defaultMaxPayload    = 1_000_000
	defaultMaxQueueBytes = 4 << 20
)

// withDefaults returns a copy of o in which every field is set.
func (o *Options) withDefaults() Options {
	var out Options
	if o != nil {
		out = *o
	}
	setDefault(&out.PingInterval, 25*time.Second)
	setDefault(&out.PingTimeout, 20*time.Second)
	setDefault(&out.UpgradeTimeout, 10*time.Second)
	setDefault(&out.CloseTimeout, 5*time.Second)
	setDefault(&out.MaxPayload, defaultMaxPayload)
	setDefault(&out.MaxQueueBytes, defaultMaxQueueBytes)
	out.HTTPCompression.Threshold = cmp.Or(out.HTTPCompression.Threshold, defaultThreshold)
	out.HTTPCompression.Level = cmp.Or(out.HTTPCompression.Level, gzip.BestSpeed)
	if deflate := out.PerMessageDeflate; deflate != nil {
		out.PerMessageDeflate = &PerMessageDeflate{
			Threshold: cmp.Or(deflate.Threshold, defaultThreshold),
			Level:     cmp.Or(deflate.Level, flate.BestSpeed),
		}
	}
	if out.Transports == nil {
		out.Transports = []string{TransportPolling, TransportWebSocket}
	}
	if out.GenerateID == nil {
		out.GenerateID = randomID
	}
	if out.Logger == nil {
		out.Logger = slog.New(slog.DiscardHandler)
	}
	return out
}

func setDefault[T ~int64](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}
