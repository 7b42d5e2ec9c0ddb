package engineio

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// polling is the transport of a session while it polls. Session.mu guards it.
type polling struct {
	frames    []*Frame // wait for a poll
	bytes     int      // in frames
	compress  bool     // one of frames may be compressed
	asText    bool     // of protocol 3: binary messages leave in base64
	wake      chan struct{}
	posting   bool    // a POST is being read
	probing   *socket // a WebSocket that is to replace polling, or nil
	upgrading bool    // the probe of a WebSocket is answered: polls hardly wait
	last      byte    // packet that ends the polling after the session's end
}

// queue appends f and returns how many bytes wait.
func (p *polling) queue(f *Frame, flags Flags) int {
	p.frames = append(p.frames, f)
	p.compress = p.compress || flags&Compress != 0
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

func (srv *Server) handshakePolling(w http.ResponseWriter, r *http.Request, query url.Values) {
	s := srv.newSession(r, query)
	s.polling = &polling{asText: query.Has("b64")}
	if !srv.register(s) {
		srv.refuse(w, r, errShuttingDown())
		return
	}
	s.open(r)
	srv.opts.Cookie.set(w, s.id)
	s.writePoll(w, r, delivery{frames: []*Frame{srv.openPacket(s.id, TransportPolling)}})
}

// servePoll answers a GET as soon as there is something to deliver.
func (s *Session) servePoll(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 { // net/http would not notice when the client goes
		s.srv.refuse(w, r, errBadRequest("GET with a body"))
		return
	}
	s.arrived()
	poll, ok := s.beginPoll()
	if !ok {
		s.refuse(w, r, "second poll")
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
	what := s.endPoll(poll.of)
	if poll.patience != nil && s.Transport() != TransportPolling {
		s.srv.refuse(w, r, errBadRequest("poll after the upgrade")) // which it has overtaken
		return
	}
	s.writePoll(w, r, what)
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

// delivery is what a poll is answered.
type delivery struct {
	frames   []*Frame
	compress bool
	asText   bool
}

// endPoll takes what waits. If the session has ended, it is its last, and the
// session is forgotten.
func (s *Session) endPoll(p *polling) delivery {
	s.mu.Lock()
	what := delivery{p.frames, p.compress, p.asText}
	p.frames, p.bytes, p.compress, p.wake = nil, 0, false, nil
	ended := s.polling == p && s.reason != ""
	if ended {
		what.frames = append(what.frames, newPacket(p.last, nil))
	} else if len(what.frames) == 0 {
		what.frames = append(what.frames, newPacket(packetNoop, nil))
	}
	s.mu.Unlock()
	if ended {
		s.srv.timers.Stop(&s.timer)
		s.srv.unregister(s)
	}
	return what
}

const mediaText = "text/plain; charset=UTF-8"

func (s *Session) writePoll(w http.ResponseWriter, r *http.Request, what delivery) {
	var payload []byte
	media := mediaText
	if s.v3 {
		payload, media = payloadV3(r, what.frames, what.asText)
	} else {
		payload = appendPayload(nil, what.frames)
	}
	h := w.Header()
	if what.compress {
		payload = s.srv.compress(h, r, payload)
	}
	h.Set("Content-Type", media)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(payload)))
	w.Write(payload)
}

// servePost reads packets from the client.
func (s *Session) servePost(w http.ResponseWriter, r *http.Request) {
	s.arrived()
	if !s.beginPost() {
		s.refuse(w, r, "second POST")
		return
	}
	defer s.endPost()
	if isBinary(r) && !s.v3 {
		s.refuse(w, r, "binary POST")
		return
	}
	body, refused := s.readBody(w, r)
	if refused != nil {
		s.srv.refuse(w, r, refused)
		return
	}
	s.arrived()
	s.receivePayload(r, body)
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("Cache-Control", "no-store")
	io.WriteString(w, "ok")
}

func isBinary(r *http.Request) bool {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return media == "application/octet-stream"
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
func (s *Session) readBody(w http.ResponseWriter, r *http.Request) ([]byte, *RequestError) {
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
		return nil, errBadRequest(err.Error())
	}
	if n > limit {
		w.Header().Set("Connection", "close")
		return nil, errPayloadTooLarge()
	}
	if s.ended.Load() { // by a second POST, for example
		return nil, errBadRequest("the session has ended")
	}
	return body.Bytes(), nil
}

// receivePayload delivers the packets of a POST.
func (s *Session) receivePayload(r *http.Request, body []byte) {
	s.reading.Lock()
	defer s.stopReading()
	if !s.eachPacketOf(r, body, s.receive) {
		s.end(ending{reason: ReasonParseError})
	}
}

// refuse ends the session because of a request that must not be, and refuses
// that.
func (s *Session) refuse(w http.ResponseWriter, r *http.Request, why string) {
	s.fail(errors.New(why))
	s.srv.refuse(w, r, errBadRequest(why))
}

// fail ends the session because of an HTTP request that must not be.
func (s *Session) fail(err error) {
	if s.end(ending{reason: ReasonTransportError, err: err}) {
		s.report()
	}
}
