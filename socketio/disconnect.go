package socketio

import (
	"time"

	"parley/socketio/engineio"
	"parley/socketio/parser"
)

// Disconnect disconnects the socket from its namespace; the client sees "io
// server disconnect" and does not connect again by itself. What was sent
// before is delivered; what the client has sent and is not handled yet is
// dropped. With closeConn the connection under it is closed too, and with it
// the client's sockets of other namespaces.
func (s *Socket) Disconnect(closeConn bool) {
	if !closeConn {
		s.dismiss(ReasonServerDisconnect)
		return
	}
	for _, other := range s.conn.sockets() {
		other.dismiss(ReasonServerDisconnect)
	}
	s.session.Close(engineio.ReasonForcedClose)
}

// dismiss ends the socket and tells the client.
func (s *Socket) dismiss(reason Reason) {
	wasConnected := s.Connected()
	if s.end(reason) && wasConnected {
		s.conn.send(0, parser.Packet{Type: parser.Disconnect, Namespace: s.ns.name})
	}
}

// end makes the socket one that is disconnected and reports whether it was not
// before. The functions that want to know of it run after its handlers, which
// are given some time to finish.
func (s *Socket) end(reason Reason) bool {
	s.mu.Lock()
	before := s.stage()
	if before == ended {
		s.mu.Unlock()
		return false
	}
	s.progress.Store(ended)
	s.reason = reason
	acks, silent := s.stopWaiting()
	s.stopHandlers(before)
	idle := !s.working
	s.working = true
	s.finished = idle && silent
	finished := s.finished
	s.mu.Unlock()

	for _, a := range acks {
		a.gone(s)
	}
	s.conn.forget(s, isOurs(reason))
	switch {
	case finished:
		s.ns.remove(s)
		s.depart()
	case idle:
		s.ns.server.workers.start(s)
	}
	return true
}

// isOurs reports whether a socket that ended for this reason was disconnected
// by the server, so that its client may still send what it has not heard of.
func isOurs(reason Reason) bool {
	return reason == ReasonServerDisconnect || reason == ReasonExpired
}

// stopWaiting cancels the socket's context and returns the acknowledgements
// that will not come any more, and whether nobody wants to know of the end.
// s.mu is held.
func (s *Socket) stopWaiting() (acks map[uint64]awaiter, silent bool) {
	x := s.extras
	if x == nil {
		return nil, true
	}
	acks, x.acks = x.acks, nil
	if x.cancel != nil {
		x.cancel()
	}
	if x.expiry != nil {
		x.expiry.Stop()
	}
	return acks, x.disconnecting == nil && x.disconnect == nil
}

// stopHandlers gives a running handler its grace and, if the server has ended
// the socket, drops the events that wait. s.mu is held.
func (s *Socket) stopHandlers(before stage) {
	if isOurs(s.reason) {
		s.inbox = inbox{}
	}
	switch {
	case s.stopWork == nil:
	case before == connecting:
		s.stopWork()
	default:
		time.AfterFunc(s.ns.server.opts.DisconnectGrace, s.stopWork)
	}
}

// takeLeave runs the functions that want to know of the end.
func (s *Socket) takeLeave() {
	s.tell(func(x *extras) *[]func(Reason) { return &x.disconnecting })
	s.ns.remove(s)
	s.mu.Lock()
	s.finished = true
	s.mu.Unlock()
	s.tell(func(x *extras) *[]func(Reason) { return &x.disconnect })
	s.depart()
}

// tell calls functions with the reason of the end, which does not change any
// more. Each is taken off its list before it runs, so that it runs once.
func (s *Socket) tell(list func(*extras) *[]func(Reason)) {
	for f := s.takeFirst(list); f != nil; f = s.takeFirst(list) {
		err := guard(func() error {
			f(s.reason)
			return nil
		})
		if err != nil {
			s.ns.server.opts.Logger.Error("disconnect function failed", "socket", s.id, "error", err)
		}
	}
}

// takeFirst removes the first function of a list and returns it, nil if there
// is none.
func (s *Socket) takeFirst(list func(*extras) *[]func(Reason)) func(Reason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.extras == nil {
		return nil
	}
	functions := list(s.extras)
	if len(*functions) == 0 {
		*functions = nil
		return nil
	}
	first := (*functions)[0]
	*functions = (*functions)[1:]
	return first
}

// depart gives up what the socket has kept alive.
func (s *Socket) depart() {
	s.ns.server.release(s.ns)
	s.conn.release()
}

// OnDisconnecting adds a function that runs when the socket is disconnected,
// while it is still in its rooms. It runs after the socket's handlers, on
// their goroutine; it does not run if it is added later than that.
func (s *Socket) OnDisconnecting(f func(reason Reason)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.finished {
		s.extra().disconnecting = append(s.extra().disconnecting, f)
	}
}

// OnDisconnect adds a function that runs when the socket has been disconnected
// and has left its rooms, also if it was never accepted. It runs once, after
// the socket's handlers, on their goroutine; on a socket that is disconnected
// already it runs at once.
func (s *Socket) OnDisconnect(f func(reason Reason)) {
	s.mu.Lock()
	if s.finished {
		s.mu.Unlock()
		f(s.reason)
		return
	}
	s.extra().disconnect = append(s.extra().disconnect, f)
	s.mu.Unlock()
}
