package socketio

import "context"

// step is what a goroutine is doing for a socket.
type step struct {
	opening bool   // runs the functions that decide about, or hear of, the connect
	event   *Event // that is being handled, or was last
	done    bool   // it came to its end
}

// outlive is deferred by the goroutine that works for a socket. If a function
// of the application has ended that goroutine, the socket goes on with another
// one, as after an error of that function.
func (s *Socket) outlive(ctx context.Context, at *step) {
	if at.done {
		return
	}
	defer s.ns.server.workers.start(s) // the socket still counts as being worked for
	logger := s.ns.server.opts.Logger
	switch {
	case s.stage() == connecting:
		s.refuse(ErrExited)
	case at.opening:
		logger.Error("connect handler failed", "namespace", s.ns.name, "socket", s.id, "error", ErrExited)
		s.Disconnect(false)
	case at.event != nil:
		s.fail(ctx, at.event, ErrExited)
	default:
		logger.Error("disconnect function failed", "socket", s.id, "error", ErrExited)
	}
}
