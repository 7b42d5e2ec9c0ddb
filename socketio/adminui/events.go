package adminui

import (
	"context"
	"fmt"
	"time"

	"parley/socketio"
)

// overhear is event middleware: it tells of the events that clients send.
func (a *admin) overhear(next socketio.Handler) socketio.Handler {
	return socketio.HandlerFunc(func(ctx context.Context, e *socketio.Event) error {
		a.tellEvent(eventReceived, e.Socket, e.Name, e.Args)
		return next.HandleEvent(ctx, e)
	})
}

// tellEvent tells of an event, unless there are too many.
func (a *admin) tellEvent(direction string, s *socketio.Socket, name string, args socketio.Args) {
	if !a.mayTell(time.Now().Unix()) {
		return
	}
	a.publish(direction, s.Namespace().Name(), s.ID(), a.shownEvent(name, args), now())
}

// mayTell counts an event in the second in which it happens.
func (a *admin) mayTell(second int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.watched() {
		return false
	}
	if a.second != second {
		a.second, a.events = second, 0
	}
	a.events++
	return a.events <= a.opts.MaxEvents
}

// shownEvent is the event's name and arguments, with binary data in base64, or
// the size of what is too large.
func (a *admin) shownEvent(name string, args socketio.Args) []any {
	size := 0
	for _, raw := range args.Raw {
		size += len(raw)
	}
	for _, data := range args.Attachments {
		size += len(data)
	}
	if size > a.opts.MaxEventBytes {
		return []any{name, fmt.Sprintf("(%d bytes)", size)}
	}
	return append([]any{name}, args.Values()...)
}
