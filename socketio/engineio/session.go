package engineio

// Session is one Engine.IO connection. Its methods may be called from any
// goroutine.
type Session struct {
	id   string
	addr string
}

// ID returns the session id, 20 characters unless Options.GenerateID says
// otherwise. It is a secret of the client: who knows it can speak for it over
// polling.
func (s *Session) ID() string { return s.id }

// RemoteAddr returns the network address of the handshake request.
func (s *Session) RemoteAddr() string { return s.addr }

// Transport returns the name of the transport in use now.
func (s *Session) Transport() string { return TransportPolling }

// Send queues frames for the client and, unless flags say otherwise, writes
// what the connection takes at once. It never blocks. Frames of one call stay
// adjacent and calls never overtake each other. It returns ErrClosed after the
// session closed, and ErrQueueFull when it closes the session because of
// Options.MaxQueueBytes. A volatile frame that is dropped is no error.
func (s *Session) Send(flags Flags, frames ...*Frame) error { return ErrClosed }

// Close ends the session. What was queued before is delivered first, for at
// most Options.CloseTimeout. Handler.Closed gets reason. It returns at once;
// further calls do nothing.
func (s *Session) Close(reason Reason) {}
