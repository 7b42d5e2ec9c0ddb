package socketapi

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"parley/internal/api"
	"parley/internal/chat"
	"parley/internal/wire"
	"parley/socketio"
)

// endpoint answers an event of the table.
func (a *API) endpoint(endpoint *api.Endpoint) socketio.HandlerFunc {
	return func(ctx context.Context, e *socketio.Event) error {
		c := connOf(e.Socket)
		if err := a.admit(c, e.Name); err != nil {
			return err
		}
		return a.handleTraced(ctx, c, e, func(ctx context.Context) error {
			out, err := endpoint.Answer(ctx, c.session, func(in any) error { return a.read(e, in) })
			if err != nil {
				return err
			}
			return unlessGone(e.Ack(out))
		})
	}
}

// on registers an event that is about the socket it came from.
func on[In, Out any](a *API, event string, f func(ctx context.Context, c *conn, in In) (Out, error)) {
	a.table.Offer(event)
	a.io.HandleFunc(event, func(ctx context.Context, e *socketio.Event) error {
		c := connOf(e.Socket)
		if err := a.admit(c, e.Name); err != nil {
			return err
		}
		return a.handleTraced(ctx, c, e, func(ctx context.Context) error {
			var in In
			if err := a.read(e, &in); err != nil {
				return err
			}
			out, err := f(ctx, c, in)
			if err != nil {
				return err
			}
			return unlessGone(e.Ack(out))
		})
	})
}

// handleTraced is handle, shown in the wire view.
func (a *API) handleTraced(ctx context.Context, c *conn, e *socketio.Event, f func(context.Context) error) error {
	if a.traces.watched.Load() == 0 {
		return a.handle(ctx, f)
	}
	began, acked := time.Now(), e.WantsAck()
	err := a.handle(ctx, f)
	a.traces.asked(c, e.Name, sizeOfArgs(e), time.Since(began), acked)
	return err
}

// handle runs a handler within its deadline, counted for the drain.
func (a *API) handle(ctx context.Context, f func(context.Context) error) error {
	a.inFlight.enter()
	defer a.inFlight.leave()
	if a.draining.Load() {
		return errDraining
	}
	ctx, cancel := context.WithTimeout(ctx, a.opts.EventTimeout)
	defer cancel()
	return f(ctx)
}

var errDraining = &chat.Error{
	Code:    chat.Unavailable,
	Message: "The server is restarting. Try again in a moment.",
	Retry:   time.Second,
}

// admit says whether a socket may emit this event now.
func (a *API) admit(c *conn, event string) error {
	if !c.loggedIn() {
		return chat.Errorf(chat.Unauthorized, "Log in first.")
	}
	return a.table.Admit(c.session.User, event)
}

// read reads the one object that an event carries. No argument is an empty one.
func (a *API) read(e *socketio.Event, in any) error {
	if sizeOfArgs(e) > a.opts.EventBytes {
		return chat.Errorf(chat.TooLarge, "An event may have %d bytes.", a.opts.EventBytes)
	}
	payload := json.RawMessage("{}")
	switch {
	case e.Args.Len() == 1:
		payload = e.Args.Raw[0]
	case e.Args.Len() > 1 || len(e.Args.Attachments) > 0:
		return &wire.FieldError{Want: "one JSON object"}
	}
	return wire.Decode(payload, in)
}

func sizeOfArgs(e *socketio.Event) int {
	size := 0
	for _, raw := range e.Args.Raw {
		size += len(raw)
	}
	for _, attachment := range e.Args.Attachments {
		size += len(attachment)
	}
	return size
}

// unknown answers events that nobody handles.
func (a *API) unknown(_ context.Context, e *socketio.Event) error {
	if err := a.admit(connOf(e.Socket), e.Name); err != nil {
		return err
	}
	return chat.Errorf(chat.NotFound, "There is no such event.")
}

// errorReply is the acknowledgement of an event whose handler failed.
func (a *API) errorReply(_ context.Context, e *socketio.Event, err error) any {
	answer, written := wire.Refuse(err)
	if written {
		return answer
	}
	var panicked *socketio.PanicError
	if errors.As(err, &panicked) {
		a.opts.Logger.Error("event handler panicked", "event", e.Name, "panic", panicked.Value, "stack", string(panicked.Stack))
		return answer
	}
	a.opts.Logger.Error("event handler failed", "event", e.Name, "error", err)
	return answer
}

// unlessGone is the error of sending something to a socket. A client that is
// gone is no error: what it asked for has been done.
func unlessGone(err error) error {
	if errors.Is(err, socketio.ErrDisconnected) {
		return nil
	}
	return err
}
