package engineio

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"
)

// polling is the transport of a session while it polls. Session.mu guards it.
type polling struct {
	frames    []*Frame // wait for a poll
	bytes     int      // in frames
	wake      chan struct{}
	posting   bool    // a POST is being read
	probing   *socket // a WebSocket that is to replace polling, or nil
	upgrading bool    // the probe of a WebSocket is answered: polls hardly wait
	last      byte    // packet that ends the polling after the session's end
}

// queue appends f and returns how many bytes wait.
func (p *polling) queue(f *Frame) int {
	p.frames = append(p.frames, f)
	p.bytes += len(f.wire)
	p.wakeUp()
	return p.bytes
}

// wakeUp lets the poll that waits, if there is one, answer.
func (p *polling) wakeUp() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// finish prepares the last poll's answer.
func (p *polling) finish(how ending) {
	p.last = packetClose
	if how.reason == ReasonTransportClose {
		p.last = packetNoop // the client has closed: it only wants its poll back
	}
	if how.code == 0 || p.last == packetNoop {
		p.frames, p.bytes = nil, 0
	}
	p.wakeUp()
}

func (srv *Server) handshakePolling(w http.ResponseWriter, r *http.Request) {
	s := srv.newSession(r)
	s.polling = new(polling)
	if !srv.register(s) {
		errShuttingDown().write(w)
		return
	}
	s.open(r)
	writePoll(w, appendPayload(nil, []*Frame{srv.openPacket(s.id, TransportPolling)}))
}

// servePoll answers a GET as soon as there is something to deliver.
func (s *Session) servePoll(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 { // net/http would not notice when the client goes
		errBadRequest().write(w)
		return
	}
	s.arrived()
	poll, ok := s.beginPoll()
	if !ok {
		s.fail(errors.New("second poll"))
		errBadRequest().write(w)
		return
	}
	longest := 2 * (s.srv.opts.PingInterval + s.srv.opts.PingTimeout)
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(longest)) // where it is not supported, none is set
	select {
	case <-poll.wake:
	case <-poll.patience:
	case <-r.Context().Done():
		s.endPoll(poll.of)
		s.fail(errors.New("poll aborted"))
		return
	}
	payload := s.endPoll(poll.of)
	if poll.patience != nil && s.Transport() != TransportPolling {
		errBadRequest().write(w) // it has overtaken the end of the upgrade
		return
	}
	writePoll(w, payload)
}

// poll is a GET that waits.
type poll struct {
	of   *polling
	wake chan struct{}
	// patience tells when it is answered though there is nothing to deliver.
	// It is nil, for never, unless the poll came during an upgrade: then what
	// ends the upgrade may be on its way on the other connection, or the client
	// waits for the poll before it ends the upgrade.
	patience <-chan time.Time
}

// beginPoll makes the caller the poll that waits. It reports false if there is
// one already.
func (s *Session) beginPoll() (poll, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.polling
	if p == nil { // upgraded between the check of the request and now
		p = &polling{upgrading: true}
	}
	if p.wake != nil {
		return poll{}, false
	}
	p.wake = make(chan struct{}, 1)
	waiting := poll{of: p, wake: p.wake}
	if p.upgrading {
		waiting.patience = time.After(s.srv.upgradePatience)
	}
	if len(p.frames) > 0 || s.reason != "" || s.polling == nil {
		p.wakeUp()
	}
	return waiting, true
}

// endPoll takes what waits as a payload. If the session has ended, it is its
// last, and the session is forgotten.
func (s *Session) endPoll(p *polling) []byte {
	s.mu.Lock()
	frames := p.frames
	p.frames, p.bytes, p.wake = nil, 0, nil
	ended := s.polling == p && s.reason != ""
	if ended {
		frames = append(frames, newPacket(p.last, nil))
	} else if len(frames) == 0 {
		frames = append(frames, newPacket(packetNoop, nil))
	}
	s.mu.Unlock()
	if ended {
		s.srv.timers.Stop(&s.timer)
		s.srv.unregister(s)
	}
	return appendPayload(nil, frames)
}

func writePoll(w http.ResponseWriter, payload []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=UTF-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(payload)))
	w.Write(payload)
}

// servePost reads packets from the client.
func (s *Session) servePost(w http.ResponseWriter, r *http.Request) {
	s.arrived()
	if !s.beginPost() {
		s.fail(errors.New("second POST"))
		errBadRequest().write(w)
		return
	}
	defer s.endPost()
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media == "application/octet-stream" {
		s.fail(errors.New("binary POST"))
		errBadRequest().write(w)
		return
	}
	body, refused := s.readBody(w, r)
	if refused != nil {
		refused.write(w)
		return
	}
	s.arrived()
	s.receivePayload(body)
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("Cache-Control", "no-store")
	io.WriteString(w, "ok")
}

func (s *Session) beginPost() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.polling
	if p == nil || p.posting {
		return false
	}
	p.posting = true
	return true
}

func (s *Session) endPost() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.polling != nil {
		s.polling.posting = false
	}
}

// readBody reads the body, counting, so that it is refused as soon as it is
// over the limit, whatever length it announced.
func (s *Session) readBody(w http.ResponseWriter, r *http.Request) ([]byte, *requestError) {
	limit := s.srv.opts.MaxPayload
	if r.ContentLength > limit {
		w.Header().Set("Connection", "close")
		return nil, errPayloadTooLarge()
	}
	patience := time.Now().Add(s.srv.opts.PingInterval + s.srv.opts.PingTimeout)
	http.NewResponseController(w).SetReadDeadline(patience) // where it is not supported, none is set
	var body bytes.Buffer
	n, err := body.ReadFrom(io.LimitReader(r.Body, limit+1))
	if err != nil {
		s.fail(err)
		return nil, errBadRequest()
	}
	if n > limit {
		w.Header().Set("Connection", "close")
		return nil, errPayloadTooLarge()
	}
	if s.ended.Load() { // by a second POST, for example
		return nil, errBadRequest()
	}
	return body.Bytes(), nil
}

// receivePayload delivers the packets of a POST.
func (s *Session) receivePayload(body []byte) {
	s.reading.Lock()
	defer s.stopReading()
	if !eachPacket(body, s.receive) {
		s.end(ending{reason: ReasonParseError})
	}
}

// fail ends the session because of an HTTP request that must not be.
func (s *Session) fail(err error) {
	if s.end(ending{reason: ReasonTransportError, err: err}) {
		s.report()
	}
}
