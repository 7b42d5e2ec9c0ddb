package socketio

import (
	"encoding/json"
	"slices"

	"parley/socketio/parser"
)

// listener is a function that hears of all events of a socket, of one
// direction. Lists of them are copied before they change.
type listener struct {
	incoming func(e *Event)
	outgoing func(name string, args Args)
}

// OnAny adds a function that hears of every event that the client sends,
// before its handler, on the handlers' goroutine. It watches one socket; to
// watch, change or refuse the events of all sockets of a namespace there is
// [Namespace.UseEvent]. The returned function removes it.
func (s *Socket) OnAny(f func(e *Event)) (remove func()) {
	return s.listen(&listener{incoming: f})
}

// OnAnyOutgoing adds a function that hears of every event that is sent to this
// socket, also by broadcasts, but not of acknowledgements. It runs on the
// emitter's goroutine when the event is on its way, and must neither wait nor
// change args. The returned function removes it.
func (s *Socket) OnAnyOutgoing(f func(name string, args Args)) (remove func()) {
	s.ns.overheard.Store(true)
	return s.listen(&listener{outgoing: f})
}

func (s *Socket) listen(l *listener) (remove func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.extra()
	x.listeners = append(slices.Clip(x.listeners), l)
	s.watched = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		x.listeners = slices.DeleteFunc(slices.Clone(x.listeners), func(other *listener) bool { return other == l })
		s.watched = len(x.listeners) > 0
	}
}

// heardBy returns the functions that hear of the socket's events.
func (s *Socket) heardBy() []*listener {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.extras == nil {
		return nil
	}
	return s.extras.listeners
}

// tellIncoming tells the functions of OnAny.
func (s *Socket) tellIncoming(e *Event) {
	for _, l := range s.heardBy() {
		if l.incoming != nil {
			s.tellListener(func() { l.incoming(e) })
		}
	}
}

// tellOutgoing tells the functions of OnAnyOutgoing what was sent to sockets.
func (n *Namespace) tellOutgoing(payload parser.Value, sender *Socket, list ...*Socket) {
	var name string
	var args Args
	split := false
	for _, s := range list {
		if s == sender || !s.Connected() {
			continue
		}
		for _, l := range s.heardBy() {
			if l.outgoing == nil {
				continue
			}
			if !split {
				split = true
				name, args = splitEvent(payload)
			}
			s.tellListener(func() { l.outgoing(name, args) })
		}
	}
}

// splitEvent takes apart the payload of an event that a server has encoded.
func splitEvent(payload parser.Value) (name string, args Args) {
	parts, err := parser.Split(payload.JSON)
	if err != nil || len(parts) == 0 || json.Unmarshal(parts[0], &name) != nil {
		return "", Args{} // another server sent something else
	}
	return name, Args{Raw: parts[1:], Attachments: payload.Attachments}
}

func (s *Socket) tellListener(f func()) {
	err := guard(func() error {
		f()
		return nil
	})
	if err != nil {
		s.ns.server.opts.Logger.Error("listener failed", "socket", s.id, "error", err)
	}
}
