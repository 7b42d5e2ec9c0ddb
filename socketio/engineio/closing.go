package engineio

import (
	"context"
	"log/slog"

	"parley/socketio/internal/wsconn"
)

// ending says how a session ends.
type ending struct {
	reason   Reason
	code     int    // WebSocket close code; 0 drops the connection and what waits
	text     string // with code, sent to the peer
	linger   bool   // on polling, wait for a poll to tell of the end
	farewell bool   // the client has sent its close frame already
	err      error  // detail for the log, or nil
}

// Close ends the session. What was queued before is delivered first, for at
// most Options.CloseTimeout. Handler.Closed gets reason. It returns at once;
// further calls do nothing.
func (s *Session) Close(reason Reason) {
	code := wsconn.CloseNormal
	if reason == ReasonServerShutdown {
		code = wsconn.CloseGoingAway
	}
	if s.end(ending{reason: reason, code: code, linger: true}) {
		go s.report()
	}
}

// closedByPeer follows a close packet. On polling the client's GET may have
// been overtaken by the POST of that packet: the session stays known until it
// comes.
func (s *Session) closedByPeer() {
	s.end(ending{reason: ReasonTransportClose, code: wsconn.CloseNormal, linger: true})
}

// end closes the session to both sides, once: it reports false if the session
// had ended before. The caller sees to it that report is called.
func (s *Session) end(how ending) bool {
	s.mu.Lock()
	if s.reason != "" {
		s.mu.Unlock()
		return false
	}
	s.reason = how.reason
	s.ended.Store(true)
	k := s.socket
	if k != nil && how.code != 0 {
		k.sayFarewell(how)
	}
	var probing *socket
	forget := false
	if p := s.polling; p != nil {
		forget = !how.linger && p.wake == nil
		probing, p.probing = p.probing, nil
		p.finish(how)
	}
	if forget {
		s.srv.timers.Stop(&s.timer)
	} else {
		s.srv.timers.Set(&s.timer, s.srv.opts.CloseTimeout, s)
	}
	s.mu.Unlock()

	s.srv.countClosed(how.reason)
	s.logEnd(how)
	s.disconnect(k, probing, how)
	if forget {
		s.srv.unregister(s)
	}
	return true
}

// disconnect lets the connections of an ended session go.
func (s *Session) disconnect(k, probing *socket, how ending) {
	if probing != nil {
		probing.conn.Close()
	}
	switch {
	case k == nil:
	case how.code == 0:
		k.conn.Close()
	default:
		k.conn.Finish(!how.farewell)
	}
}

// abandoned reports whether the session is kept only for a poll of a client
// that has closed it.
func (s *Session) abandoned() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reason == ReasonTransportClose && s.polling != nil && s.polling.wake == nil
}

// drop gives up delivering what an ended session has queued.
func (s *Session) drop() {
	s.mu.Lock()
	k := s.socket
	if p := s.polling; p != nil {
		p.wakeUp()
	}
	s.mu.Unlock()
	if k != nil {
		k.conn.Close() // unregisters when it is closed
		return
	}
	s.srv.unregister(s)
}

// logEnd notes an end that neither side has asked for.
func (s *Session) logEnd(how ending) {
	switch how.reason {
	case ReasonTransportClose, ReasonForcedClose, ReasonServerShutdown:
		return
	}
	attrs := []any{slog.String("reason", string(how.reason)), slog.String("addr", s.addr)}
	if how.err != nil {
		attrs = append(attrs, slog.Any("error", how.err))
	}
	level := slog.LevelWarn
	if how.reason == ReasonTransportError || how.reason == ReasonPingTimeout {
		level = slog.LevelDebug // networks come and go
	}
	s.srv.opts.Logger.Log(context.Background(), level, "engineio: session closed", attrs...)
}
