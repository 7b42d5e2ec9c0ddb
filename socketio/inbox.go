package socketio

import (
	"context"
	"errors"
	"runtime/debug"

	"parley/socketio/parser"
)

// eventCharge is what an event counts in an inbox besides its bytes.
const eventCharge = 256

// inbox holds the events of a socket that have come and are not handled yet.
type inbox struct {
	last  *Event // its next is the first; nil if there are none
	bytes int
}

func (b *inbox) push(e *Event) {
	if b.last == nil {
		e.next = e
	} else {
		e.next, b.last.next = b.last.next, e
	}
	b.last = e
	b.bytes += e.charge
}

func (b *inbox) pop() *Event {
	if b.last == nil {
		return nil
	}
	e := b.last.next
	if e == b.last {
		b.last = nil
	} else {
		b.last.next = e.next
	}
	e.next = nil
	b.bytes -= e.charge
	return e
}

// receive puts an event into the inbox and has somebody handle it.
func (s *Socket) receive(p *parser.Packet) {
	e := newEvent(s, p)
	s.mu.Lock()
	if s.stage() == ended {
		s.mu.Unlock()
		return
	}
	if s.inbox.last != nil && s.inbox.bytes+e.charge > s.ns.server.opts.MaxInboxBytes {
		s.mu.Unlock()
		s.session.Close(ReasonInboxOverflow)
		return
	}
	s.inbox.push(e)
	start := !s.working
	s.working = true
	s.mu.Unlock()
	if start {
		s.ns.server.workers.start(s)
	}
}

// work connects the socket, handles events until there are none, and takes
// leave of a socket that has ended. One goroutine does at a time.
func (s *Socket) work() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s.mu.Lock()
	s.stopWork = cancel
	if s.stage() == ended {
		cancel()
	}
	s.mu.Unlock()
	at := step{}
	defer s.outlive(ctx, &at)
	if s.stage() == connecting {
		at.opening = true
		s.open(ctx)
		at.opening = false
	}
	over := false
	for {
		if at.event, over = s.next(); at.event == nil {
			break
		}
		s.handle(ctx, at.event)
	}
	if over {
		s.takeLeave()
	}
	at.done = true
}

// next returns the next event to handle. Without one the goroutine must end,
// and take leave of the socket if it is over.
func (s *Socket) next() (e *Event, over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e = s.inbox.pop(); e != nil {
		e.heard = s.watched
		return e, false
	}
	s.stopWork = nil
	if s.stage() == ended {
		return nil, true
	}
	s.working = false
	return nil, false
}

// handle calls the handler of an event and answers for it if it fails.
func (s *Socket) handle(ctx context.Context, e *Event) {
	if e.heard {
		s.tellIncoming(e)
	}
	err := s.admit(e.Name)
	if err == nil {
		err = guard(func() error { return s.ns.table.handler(e.Name).HandleEvent(ctx, e) })
	}
	if err != nil && !s.hasGone(err) {
		s.fail(ctx, e, err)
	}
}

// fail answers for a handler that has failed.
func (s *Socket) fail(ctx context.Context, e *Event, cause error) {
	opts := &s.ns.server.opts
	err := guard(func() error {
		reply := opts.ErrorReply(ctx, e, cause)
		if !e.WantsAck() {
			return nil
		}
		return e.Ack(reply)
	})
	if err != nil && !errors.Is(err, ErrDisconnected) {
		opts.Logger.Error("error reply failed", "event", e.Name, "error", err)
	}
}

// hasGone reports whether a function failed because the client went meanwhile,
// so that there is nobody to answer and nothing to log.
func (s *Socket) hasGone(err error) bool {
	return errors.Is(err, ErrDisconnected) && !s.Connected()
}

// guard calls a function of the application and turns a panic into an error.
func guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return f()
}
