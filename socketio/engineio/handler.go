package engineio

import "errors"

// Names of transports.
const (
	TransportPolling   = "polling"
	TransportWebSocket = "websocket"
	// TransportWebTransport is served by ServeStream, for which package
	// parley/socketio/webtransport brings the connections.
	TransportWebTransport = "webtransport"
)

// Handler receives what happens to one session. Its methods are called one at
// a time, in order, on goroutines that read for many sessions: they must not
// block. They may call any method of the session.
type Handler interface {
	// Message is called with each message of the client. data is valid, and
	// may be modified, during the call only.
	Message(data []byte, binary bool)
	// Closed is called exactly once, after the last Message, and never from
	// inside Send or Close. What was sent before may still be on its way.
	Closed(reason Reason)
}

// Reason says why a session ended.
type Reason string

// Reasons of the reference server, which users know from its documentation,
// and three of our own: ReasonTooLarge, ReasonQueueFull and ReasonHandlerPanicked.
const (
	ReasonTransportClose  Reason = "transport close"      // the client closed, or its connection ended
	ReasonTransportError  Reason = "transport error"      // the connection broke, or violated HTTP or RFC 6455
	ReasonPingTimeout     Reason = "ping timeout"         // nothing came within PingTimeout of a ping
	ReasonParseError      Reason = "parse error"          // a packet did not follow the protocol
	ReasonForcedClose     Reason = "forced close"         // Close was asked for by the layer above
	ReasonServerShutdown  Reason = "server shutting down" // Shutdown
	ReasonTooLarge        Reason = "payload too large"    // a WebSocket message over MaxPayload
	ReasonQueueFull       Reason = "write queue full"     // more than MaxQueueBytes waited for the client
	ReasonHandlerPanicked Reason = "handler panicked"     // the Handler panicked
)

// Errors of Send.
var (
	ErrClosed    = errors.New("engineio: session closed")
	ErrQueueFull = errors.New("engineio: write queue full")
)

// Flags modify how Send treats frames.
type Flags uint8

const (
	// Volatile drops the frames when the client cannot take them now: on
	// WebSocket when its connection accepts no more bytes, on polling when no
	// poll waits.
	Volatile Flags = 1 << iota
	// Deferred leaves the writing to the server's next round, so that all that
	// many senders have queued for a recipient until then leaves in one write.
	// It is meant for broadcasts; without it Send writes at once if it can.
	Deferred
	// Compress allows the frames to be compressed where the client has
	// negotiated it.
	Compress
)
