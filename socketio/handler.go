package socketio

import "context"

// Handler handles events. The handlers of one socket are called one at a time
// and in order. The context is good until the handler returns; it ends some time
// after the socket has disconnected, see Options.DisconnectGrace.
//
// An error, or a panic, is turned into the acknowledgement if the client asked
// for one; see Options.ErrorReply.
type Handler interface {
	HandleEvent(ctx context.Context, e *Event) error
}

// HandlerFunc is a function as a Handler.
type HandlerFunc func(ctx context.Context, e *Event) error

// HandleEvent calls f.
func (f HandlerFunc) HandleEvent(ctx context.Context, e *Event) error { return f(ctx, e) }

// Reply makes a typed handler: it decodes the event's one argument into In and
// acknowledges with Out. Without an argument, In is its zero value.
func Reply[In, Out any](f func(ctx context.Context, s *Socket, in In) (Out, error)) Handler {
	return HandlerFunc(func(ctx context.Context, e *Event) error {
		var in In
		if e.Args.Len() > 0 {
			if err := e.Args.Scan(&in); err != nil {
				return err
			}
		}
		out, err := f(ctx, e.Socket, in)
		if err != nil {
			return err
		}
		return e.Ack(out)
	})
}
