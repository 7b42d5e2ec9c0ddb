package socketio

import "parley/socketio/engineio"

// Reason says why a socket was disconnected: one of these, or one of package
// engineio when the connection under it ended.
type Reason = engineio.Reason

// Reasons of the Socket.IO layer.
const (
	ReasonClientDisconnect Reason = "client namespace disconnect" // the client left the namespace
	ReasonServerDisconnect Reason = "server namespace disconnect" // Disconnect was called
	ReasonExpired          Reason = "expired"                     // its deadline has passed; see Socket.SetDeadline
	ReasonInboxOverflow    Reason = "inbox overflow"              // it sent faster than it was handled; see Options.MaxInboxBytes
	ReasonConnectTimeout   Reason = "connect timeout"             // it connected to no namespace in time
	reasonRefused          Reason = "connection refused"          // it was not accepted
)
