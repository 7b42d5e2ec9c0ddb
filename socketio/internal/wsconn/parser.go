package wsconn

import "unicode/utf8"

// Config is what all parsers of a server share.
type Config struct {
	// MaxMessage is the size in bytes of the largest message; control frames
	// do not count.
	MaxMessage int64
	// MaxFragments bounds the frames of one message.
	MaxFragments int
	// Client makes the parser one for the client's side, whose peer does not
	// mask its frames.
	Client bool
	// Deflate accepts compressed messages, which permessage-deflate must have
	// been negotiated for. MaxMessage counts before and after inflation.
	Deflate bool

	inflaters inflaters
}

// Handler receives what a Parser finds. Payloads are valid, and may be
// modified, during the call only. An error ends Parse, which returns it.
type Handler interface {
	// Message is a whole message. A text is valid UTF-8.
	Message(payload []byte, binary bool) error
	// Control is a ping, a pong or a close frame; the body of the latter is
	// valid.
	Control(op Opcode, payload []byte) error
}

// Parser turns the bytes of one connection into messages. Between messages it
// owns no memory but itself.
type Parser struct {
	config *Config
	part   *partial // nil when the next byte starts a frame and a message
}

// NewParser returns a parser for one connection.
func NewParser(config *Config) Parser { return Parser{config: config} }

// partial is the state in the middle of a frame or of a message.
type partial struct {
	head    [maxHeaderSize]byte // start of a header that is not complete
	headLen int

	inFrame bool   // the payload of frame is being read
	frame   header // valid if inFrame
	left    uint64 // bytes of its payload still to come
	maskPos int
	control []byte // payload of a control frame so far

	op         Opcode // of the message in progress, OpContinuation if none
	compressed bool
	fragments  int
	payload    []byte // of the message so far
	text       utf8Stream
}

// Parse consumes data, which it unmasks in place, and calls h with what is
// complete. What is not is kept until the next call. After an error, which is
// a *CloseError if it is the peer's, the parser must not be used any more.
func (p *Parser) Parse(data []byte, h Handler) error {
	for len(data) > 0 {
		if p.part == nil {
			n, err := p.parseWhole(data, h)
			if err != nil {
				return err
			}
			if n > 0 {
				data = data[n:]
				continue
			}
			p.part = &partial{}
		}
		n, err := p.parsePart(data, h)
		if err != nil {
			return err
		}
		data = data[n:]
		if p.part.idle() {
			p.part = nil
		}
	}
	return nil
}

// parseWhole handles the case that needs no state: a message or control frame
// that lies completely in data. It returns 0 if it is another case.
func (p *Parser) parseWhole(data []byte, h Handler) (int, error) {
	frame, n := parseHeader(data)
	if n == 0 {
		return 0, nil
	}
	if err := p.check(&frame, n, OpContinuation); err != nil {
		return 0, err
	}
	if !frame.fin() || frame.size > uint64(len(data)-n) {
		return 0, nil
	}
	payload := data[n : n+int(frame.size) : n+int(frame.size)]
	if frame.mask {
		applyMask(payload, frame.key, 0)
	}
	if frame.first&rsv1Bit != 0 {
		return n + len(payload), p.inflate(h, frame.op(), payload)
	}
	return n + len(payload), deliver(h, frame.op(), payload, false)
}

// parsePart consumes at least one byte of data.
func (p *Parser) parsePart(data []byte, h Handler) (int, error) {
	part := p.part
	if part.inFrame {
		return p.parsePayload(data, h)
	}
	before := part.headLen
	part.headLen += copy(part.head[before:], data)
	frame, n := parseHeader(part.head[:part.headLen])
	if n == 0 {
		return part.headLen - before, nil
	}
	if err := p.check(&frame, n, part.op); err != nil {
		return 0, err
	}
	if err := p.begin(&frame); err != nil {
		return 0, err
	}
	if part.left == 0 {
		return n - before, p.finishFrame(h)
	}
	return n - before, nil
}

// begin enters a frame whose header has been checked.
func (p *Parser) begin(frame *header) error {
	part := p.part
	part.headLen = 0
	part.inFrame, part.frame, part.left, part.maskPos = true, *frame, frame.size, 0
	if frame.op().isControl() {
		return nil
	}
	if frame.op() != OpContinuation {
		part.op = frame.op()
		part.compressed = frame.first&rsv1Bit != 0
	}
	part.fragments++
	if part.fragments > p.config.MaxFragments {
		return &CloseError{CloseTooBig, "too many fragments"}
	}
	if frame.size > uint64(p.config.MaxMessage)-uint64(len(part.payload)) {
		return &CloseError{CloseTooBig, "message too big"}
	}
	return nil
}

func (p *Parser) parsePayload(data []byte, h Handler) (int, error) {
	part := p.part
	n := int(min(part.left, uint64(len(data))))
	chunk := data[:n]
	part.left -= uint64(n)
	if part.frame.mask {
		part.maskPos = applyMask(chunk, part.frame.key, part.maskPos)
	}
	if part.frame.op().isControl() {
		part.control = append(part.control, chunk...)
	} else {
		if part.op == OpText && !part.compressed && !part.text.write(chunk) {
			return 0, errNotUTF8()
		}
		part.payload = append(part.payload, chunk...)
	}
	if part.left > 0 {
		return n, nil
	}
	return n, p.finishFrame(h)
}

// finishFrame delivers what the end of the frame completes.
func (p *Parser) finishFrame(h Handler) error {
	part := p.part
	part.inFrame = false
	if op := part.frame.op(); op.isControl() {
		body := part.control
		part.control = nil
		return deliver(h, op, body, true)
	}
	if !part.frame.fin() {
		return nil
	}
	op, payload := part.op, part.payload
	part.op, part.fragments, part.payload = OpContinuation, 0, nil
	if part.compressed {
		return p.inflate(h, op, payload)
	}
	if op == OpText && !part.text.complete() {
		return errNotUTF8()
	}
	return deliver(h, op, payload, true)
}

// idle reports whether nothing is in progress.
func (part *partial) idle() bool {
	return !part.inFrame && part.headLen == 0 && part.op == OpContinuation
}

// check validates a header that took n bytes. message is the opcode of the
// message in progress, OpContinuation if there is none.
func (p *Parser) check(frame *header, n int, message Opcode) error {
	op := frame.op()
	switch {
	case frame.first&rsvBits != 0 && !p.startsCompressed(frame):
		return protocolError("reserved bits set")
	case !op.isKnown():
		return protocolError("reserved opcode")
	case frame.mask == p.config.Client:
		return protocolError("wrong masking")
	case frame.size>>63 != 0 || !frame.minimal(n):
		return protocolError("invalid length")
	case op.isControl() && (!frame.fin() || frame.size > maxControlPayload):
		return protocolError("invalid control frame")
	case op == OpContinuation && message == OpContinuation:
		return protocolError("continuation of nothing")
	case !op.isControl() && op != OpContinuation && message != OpContinuation:
		return protocolError("message inside a message")
	case !op.isControl() && frame.size > uint64(p.config.MaxMessage):
		return &CloseError{CloseTooBig, "message too big"}
	}
	return nil
}

// startsCompressed reports whether the reserved bits say, rightly, that a
// compressed message begins.
func (p *Parser) startsCompressed(frame *header) bool {
	op := frame.op()
	return p.config.Deflate && frame.first&rsvBits == rsv1Bit && (op == OpText || op == OpBinary)
}

// inflate delivers a compressed message.
func (p *Parser) inflate(h Handler, op Opcode, payload []byte) error {
	return p.config.inflaters.inflate(payload, p.config.MaxMessage, func(message []byte) error {
		return deliver(h, op, message, false)
	})
}

// Deflates reports whether the peer takes compressed messages.
func (p *Parser) Deflates() bool { return p.config.Deflate }

// deliver hands a frame or message to h. A text has been checked already if
// checked is set.
func deliver(h Handler, op Opcode, payload []byte, checked bool) error {
	switch op {
	case OpText:
		if !checked && !utf8.Valid(payload) {
			return errNotUTF8()
		}
		return h.Message(payload, false)
	case OpBinary:
		return h.Message(payload, true)
	case OpClose:
		if err := checkClose(payload); err != nil {
			return err
		}
	}
	return h.Control(op, payload)
}

func errNotUTF8() error { return &CloseError{CloseInvalidData, "text is not UTF-8"} }
