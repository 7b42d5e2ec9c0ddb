package engineio

// Expire is called when the session's timer is due: a ping, the timeout of a
// ping, or the end of the time to close.
func (s *Session) Expire() {
	s.mu.Lock()
	switch {
	case s.srv.timers.Pending(&s.timer): // it was set again meanwhile
		s.mu.Unlock()
	case s.reason != "":
		s.mu.Unlock()
		s.drop()
	case !s.pinging:
		s.sendPing()
		s.mu.Unlock()
	case s.alive.Load():
		s.pinging = false
		rest := s.srv.opts.PingInterval - s.srv.opts.PingTimeout
		s.srv.timers.Set(&s.timer, max(0, rest), s)
		s.mu.Unlock()
	case s.progressed():
		s.srv.timers.Set(&s.timer, s.srv.opts.PingTimeout, s)
		s.mu.Unlock()
	default:
		s.mu.Unlock()
		s.end(ending{reason: ReasonPingTimeout, code: wsPingTimeout})
		go s.report()
	}
}

// sendPing queues a ping and sets the timeout. s.mu is held.
func (s *Session) sendPing() {
	s.alive.Store(false)
	s.pinging = true
	s.progressed()
	s.queue(s.srv.ping, Deferred)
	s.srv.timers.Set(&s.timer, s.srv.opts.PingTimeout, s)
}

// progressed reports whether the connection has taken bytes since it was last
// asked: a client that is still reading something large is not dead. s.mu is
// held.
func (s *Session) progressed() bool {
	if s.socket == nil {
		return false
	}
	waiting, written := s.socket.conn.Backlog()
	moved := written != s.progress
	s.progress = written
	return moved && waiting > 0
}

// arrived notes that the client is alive.
func (s *Session) arrived() {
	if !s.alive.Load() { // most often it is: do not take the cache line
		s.alive.Store(true)
	}
}

// pong schedules the next ping.
func (s *Session) pong() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reason == "" && s.pinging {
		s.pinging = false
		s.srv.timers.Set(&s.timer, s.srv.opts.PingInterval, s)
	}
}
