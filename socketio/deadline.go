package socketio

import "time"

// SetDeadline has the socket disconnected at a time, such as the one at which
// what it was authenticated with expires; the client sees "io server
// disconnect", functions of OnDisconnect get [ReasonExpired]. Another call
// moves the deadline, the zero time takes it away, and one that has passed
// disconnects at once.
func (s *Socket) SetDeadline(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stage() == ended || t.IsZero() && s.extras == nil {
		return
	}
	x := s.extra()
	if x.expiry != nil {
		x.expiry.Stop()
		x.expiry = nil
	}
	if !t.IsZero() {
		x.expiry = time.AfterFunc(time.Until(t), func() { s.expire(t) })
	}
	x.expires = t
}

// expire ends the socket, unless its deadline was moved meanwhile.
func (s *Socket) expire(t time.Time) {
	s.mu.Lock()
	due := s.extras.expires.Equal(t)
	s.mu.Unlock()
	if due {
		s.dismiss(ReasonExpired)
	}
}
