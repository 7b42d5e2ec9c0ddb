package engineio

import (
	"net/http"
	"net/url"

	"parley/socketio/internal/reactor"
	"parley/socketio/internal/wsconn"
)

// The upgrade, seen from the server: a WebSocket with the id of a session that
// polls sends "2probe" and is answered "3probe"; the poll that waits is
// answered at once, so that the client can stop polling; the WebSocket sends
// "5" and is the transport from then on. Until then it may fail without harm
// to the session.

// probe answers the request of a WebSocket for this session.
func (s *Session) probe(w http.ResponseWriter, r *http.Request, query url.Values) {
	if !s.srv.hold() {
		s.srv.refuseUpgrade(w, r, errShuttingDown())
		return
	}
	up, err := s.srv.upgrade(w, r)
	if err != nil {
		s.srv.release()
		return
	}
	k := &socket{session: s, framing: framingOf(s.v3, query), stage: stageProbing, timer: new(reactor.Timer)}
	s.startProbe(k, k, up)
}

// startProbe lets k probe. h gets what arrives.
func (s *Session) startProbe(k *socket, h reactor.Handler, up *wsconn.Upgraded) {
	if !k.attach(h, up) {
		return
	}
	if s.beginProbe(k) {
		s.srv.timers.Set(k.timer, s.srv.opts.UpgradeTimeout, k)
	} else {
		k.shut(ending{code: wsconn.ClosePolicyViolation, text: "session is not polling"})
	}
	k.conn.Start(up.Buffered)
}

// beginProbe reports false if the session is not polling or is being probed.
func (s *Session) beginProbe(k *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reason != "" || s.polling == nil || s.polling.probing != nil {
		return false
	}
	s.polling.probing = k
	return true
}

// probeMessage handles a message of a socket that is not the session's
// transport yet. s.reading is held.
func (k *socket) probeMessage(payload []byte, binary bool) error {
	switch {
	case k.stage == stageProbing && !binary && string(payload) == "2probe" && k.session.answerProbe(k):
		k.stage = stageProbed
		return nil
	case k.stage == stageProbed && !binary && string(payload) == "5" && k.session.finishUpgrade(k):
		k.stage = stageOpen
		k.session.srv.timers.Stop(k.timer)
		return nil
	}
	k.shut(ending{code: wsParseError, text: "not a probe"})
	return errStop
}

func (s *Session) answerProbe(k *socket) bool {
	s.mu.Lock()
	if !s.isProbed(k) {
		s.mu.Unlock()
		return false
	}
	k.conn.Queue(newPacket(packetPong, []byte("probe")).framed(k.framing), false)
	s.polling.upgrading = true
	s.polling.wakeUp()
	s.mu.Unlock()
	k.conn.Flush()
	return true
}

// finishUpgrade makes k the transport. What was queued leaves on it first.
func (s *Session) finishUpgrade(k *socket) bool {
	s.mu.Lock()
	if !s.isProbed(k) {
		s.mu.Unlock()
		return false
	}
	p := s.polling
	s.polling, s.socket = nil, k
	for _, f := range p.frames {
		s.queue(f, 0)
	}
	p.frames = nil
	p.wakeUp()
	s.mu.Unlock()
	k.conn.Flush()
	return true
}

// dropProbe lets the session poll on if k was to replace its polling.
func (s *Session) dropProbe(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isProbed(k) {
		s.polling.probing, s.polling.upgrading = nil, false
	}
}

// isProbed reports whether k is about to replace polling. s.mu is held.
func (s *Session) isProbed(k *socket) bool {
	return s.polling != nil && s.polling.probing == k
}

// Expire is called when the socket has not become the session's transport in
// time, or was refused and its peer does not close.
func (k *socket) Expire() {
	k.session.mu.Lock()
	transport := k.session.socket == k
	k.session.mu.Unlock()
	if !transport {
		k.session.dropProbe(k)
		k.conn.Close()
	}
}
