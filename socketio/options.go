package socketio

import (
	"context"
	"io/fs"
	"log/slog"
	"time"

	"parley/socketio/engineio"
	"parley/socketio/parser"
)

// Options configures a [Server]. The zero value is ready to use.
type Options struct {
	// Engine holds the transport settings: heartbeat, payload limit,
	// transports, authorization of requests, compression. Its Open field is
	// set by New.
	Engine engineio.Options

	// Path is where clients connect; it starts and ends with a slash. For
	// clients that leave the last one out (addTrailingSlash: false), mount the
	// server at the path without it, too. Default "/socket.io/".
	Path string

	// ConnectTimeout is how long an Engine.IO session may live without
	// connecting to a namespace. Default 45s.
	ConnectTimeout time.Duration

	// MaxInboxBytes bounds the events that one socket has sent and that its
	// handlers have not begun to handle yet, in bytes, with a fixed charge
	// per event. A socket that exceeds it is closed with the reason
	// [ReasonInboxOverflow]. One event always fits. Default 4 MiB.
	MaxInboxBytes int

	// MaxAttachments bounds the binary attachments of one packet, both ways.
	// Default 10, which is what the JavaScript client accepts. The sum of a
	// packet's parts is bounded by Engine.MaxPayload.
	MaxAttachments int

	// DisconnectGrace is how long handlers may go on with the events that a
	// client had sent before it disconnected; after it their contexts are
	// cancelled. Default 5s.
	DisconnectGrace time.Duration

	// MaxNamespaces bounds the namespaces that clients have made by
	// connecting to names that a match function of OfMatching accepts. One
	// more is refused with the connect_error "Too many namespaces".
	// Default 1000.
	MaxNamespaces int

	// Parser is the format of packets, if it is not the usual one. Clients must
	// use the same. MaxAttachments bounds the binary values of a packet in
	// any format. Default nil: JSON and binary attachments.
	Parser Parser

	// Recovery lets clients whose connection broke go on where they were.
	// Default nil: they cannot.
	Recovery *Recovery

	// ErrorReply turns an error of an event handler into the single argument
	// of the acknowledgement. It is called for every such error, also when
	// the client asked for no acknowledgement and the result is dropped, so
	// it is the place to log them. Panics arrive as *PanicError, arguments
	// that do not decode as *ArgumentError, events over a limit as *RateError.
	// Default: {"error":{"message":…}} with the message of an *ArgumentError
	// or a *RateError, and "internal error" for all else, which is logged.
	ErrorReply func(ctx context.Context, e *Event, err error) any

	// Client serves the files of the JavaScript client under Path, such as
	// socket.io.min.js. Default nil: none are served.
	Client fs.FS

	// Adapter connects this server with others, so that broadcasts reach
	// their sockets too. Default nil: this server is alone.
	Adapter Adapter

	// PeerHeartbeat is how often a server with an Adapter tells the others
	// that it is there. One that was silent for three times that long is not
	// waited for any more. Default 5s.
	PeerHeartbeat time.Duration

	// RequestTimeout bounds how long the answers of several sockets or
	// servers are waited for, where the context has no deadline. Default 5s.
	RequestTimeout time.Duration

	// Logger gets what nobody else is told: panics, errors of connect
	// handlers. Default slog.Default().
	Logger *slog.Logger
}

// Parser is a format of packets in which each is one binary message, such as
// that of package msgpack. Its methods are called from any goroutine.
type Parser interface {
	Encode(p *parser.Packet) ([]byte, error)
	// Decode keeps no reference to data. An error closes the connection.
	Decode(data []byte, limits parser.Limits) (parser.Packet, error)
}

// Defaults of Options.
const (
	defaultPath            = "/socket.io/"
	defaultConnectTimeout  = 45 * time.Second
	defaultMaxInboxBytes   = 4 << 20
	defaultMaxAttachments  = 10
	defaultMaxNamespaces   = 1000
	defaultMaxPacket       = 1_000_000 // as engineio's MaxPayload
	defaultDisconnectGrace = 5 * time.Second
	defaultPeerHeartbeat   = 5 * time.Second
	defaultRequestTimeout  = 5 * time.Second
)

// withDefaults returns a copy with every zero field replaced by its default.
func (o *Options) withDefaults() Options {
	var opts Options
	if o != nil {
		opts = *o
	}
	if opts.Path == "" {
		opts.Path = defaultPath
	}
	if opts.ConnectTimeout == 0 {
		opts.ConnectTimeout = defaultConnectTimeout
	}
	if opts.MaxInboxBytes == 0 {
		opts.MaxInboxBytes = defaultMaxInboxBytes
	}
	if opts.MaxAttachments == 0 {
		opts.MaxAttachments = defaultMaxAttachments
	}
	if opts.MaxNamespaces == 0 {
		opts.MaxNamespaces = defaultMaxNamespaces
	}
	if opts.DisconnectGrace == 0 {
		opts.DisconnectGrace = defaultDisconnectGrace
	}
	if opts.PeerHeartbeat == 0 {
		opts.PeerHeartbeat = defaultPeerHeartbeat
	}
	if opts.RequestTimeout == 0 {
		opts.RequestTimeout = defaultRequestTimeout
	}
	if opts.Logger == nil {
		opts.Logger = slog.Default()
	}
	if opts.ErrorReply == nil {
		opts.ErrorReply = replyWith(opts.Logger)
	}
	return opts
}
