package engineio

// beginHeartbeat starts the clock of a session. s.mu is held.
func (s *Session) beginHeartbeat() {
	wait := s.srv.opts.PingInterval
	if s.v3 { // whose clients ping
		wait += s.srv.opts.PingTimeout
	}
	s.srv.timers.Set(&s.timer, wait, s)
}

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
	case s.beat():
		s.mu.Unlock()
	default:
		s.mu.Unlock()
		s.end(ending{reason: ReasonPingTimeout, code: wsPingTimeout})
		go s.report()
	}
}

// beat does what is due and sets the timer again. It reports false if the
// client is dead. s.mu is held.
func (s *Session) beat() bool {
	opts := &s.srv.opts
	switch {
	case s.v3:
		if !s.alive.Swap(false) && !s.progressed() {
			return false
		}
		s.beginHeartbeat()
	case !s.pinging:
		s.sendPing()
	case s.alive.Load():
		s.pinging = false
		s.srv.timers.Set(&s.timer, max(0, opts.PingInterval-opts.PingTimeout), s)
	case s.progressed():
		s.srv.timers.Set(&s.timer, opts.PingTimeout, s)
	default:
		return false
	}
	return true
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

// answerPing answers a client of protocol 3.
func (s *Session) answerPing() {
	s.mu.Lock()
	s.alive.Store(false)
	if s.reason == "" {
		s.beginHeartbeat()
	}
	s.mu.Unlock()
	_ = s.Send(0, newPacket(packetPong)) // fails if the session has ended
}
