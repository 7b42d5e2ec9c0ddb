package parser

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf8"
)

// Limits bound what decoders accept. Many share them.
type Limits struct {
	MaxAttachments int // of one packet
	MaxBytes       int // of one packet, its text and attachments together
}

// Decoder turns the messages of one connection into packets. Set its limits
// before use. It is not safe for concurrent use, and after an error it must
// not be used again: the protocol asks to close the connection.
type Decoder struct {
	*Limits
	pending *pending
}

// pending is a packet whose attachments have not all come.
type pending struct {
	packet Packet
	want   int // attachments
	bytes  int
}

var (
	errType        = errors.New("parser: unknown packet type")
	errHeader      = errors.New("parser: malformed packet header")
	errPayload     = errors.New("parser: payload does not fit the packet's type")
	errReserved    = errors.New("parser: reserved event name")
	errAttachments = errors.New("parser: too many attachments")
	errTooLarge    = errors.New("parser: packet too large")
	errUnexpected  = errors.New("parser: binary message without a packet that announced it")
	errInterrupted = errors.New("parser: text message where an attachment was announced")
)

// Text takes a text message. The packet is complete if ok; else its
// attachments are to follow. The packet keeps no reference to data.
func (d *Decoder) Text(data []byte) (p Packet, ok bool, err error) {
	if d.pending != nil {
		return Packet{}, false, errInterrupted
	}
	p, attachments, rest, err := d.header(data)
	if err != nil {
		return Packet{}, false, err
	}
	if err := p.setPayload(bytes.Clone(rest)); err != nil {
		return Packet{}, false, err
	}
	if isBinary(data[0]) {
		if _, err := placesIn(p.Payload.JSON, attachments); err != nil {
			return Packet{}, false, err
		}
	}
	if attachments == 0 {
		return p, true, nil
	}
	p.Payload.Attachments = make([][]byte, 0, attachments)
	d.pending = &pending{packet: p, want: attachments, bytes: len(data)}
	return Packet{}, false, nil
}

// Binary takes a binary message, an attachment. The packet is complete if ok.
// It keeps no reference to data.
func (d *Decoder) Binary(data []byte) (p Packet, ok bool, err error) {
	if d.pending == nil {
		return Packet{}, false, errUnexpected
	}
	d.pending.bytes += len(data)
	if d.pending.bytes > d.MaxBytes {
		return Packet{}, false, errTooLarge
	}
	payload := &d.pending.packet.Payload
	payload.Attachments = append(payload.Attachments, append([]byte{}, data...))
	if len(payload.Attachments) < d.pending.want {
		return Packet{}, false, nil
	}
	p, d.pending = d.pending.packet, nil
	return p, true, nil
}

// header reads what stands before the payload.
func (d *Decoder) header(data []byte) (p Packet, attachments int, rest []byte, err error) {
	if len(data) > d.MaxBytes {
		return p, 0, nil, errTooLarge
	}
	if len(data) == 0 || data[0] < '0' || data[0] > '0'+byte(binaryAck) {
		return p, 0, nil, errType
	}
	p.Type, rest = Type(data[0]-'0'), data[1:]
	if isBinary(data[0]) {
		p.Type -= binaryEvent - Event
		if attachments, rest, err = d.attachmentCount(rest); err != nil {
			return p, 0, nil, err
		}
	}
	p.Namespace = "/"
	if len(rest) > 0 && rest[0] == '/' {
		namespace, after, _ := bytes.Cut(rest, []byte(","))
		p.Namespace, rest = string(namespace), after
	}
	digits := leadingDigits(rest)
	if digits > 0 {
		p.HasID = true
		if p.ID, err = strconv.ParseUint(string(rest[:digits]), 10, 64); err != nil {
			return p, 0, nil, errHeader
		}
	}
	return p, attachments, rest[digits:], nil
}

func isBinary(wireType byte) bool { return Type(wireType-'0') >= binaryEvent }

func (d *Decoder) attachmentCount(data []byte) (count int, rest []byte, err error) {
	digits := leadingDigits(data)
	if digits == 0 || digits == len(data) || data[digits] != '-' {
		return 0, nil, errHeader
	}
	count, err = strconv.Atoi(string(data[:digits]))
	if err != nil || count > d.MaxAttachments {
		return 0, nil, errAttachments
	}
	return count, data[digits+1:], nil
}

func leadingDigits(data []byte) int {
	n := 0
	for n < len(data) && isDigit(data[n]) {
		n++
	}
	return n
}

// SetPayload gives a packet that was decoded from another format its payload,
// after the checks that Decoder makes, and sets Name and Args. It keeps v.
func (p *Packet) SetPayload(v Value) error {
	p.Payload.Attachments = v.Attachments
	if len(v.Attachments) > 0 {
		if _, err := placesIn(v.JSON, len(v.Attachments)); err != nil {
			return err
		}
	}
	return p.setPayload(v.JSON)
}

// setPayload checks that the payload is JSON of the form that the packet's
// type asks for, and splits it. It keeps data.
func (p *Packet) setPayload(data []byte) error {
	if len(data) == 0 {
		if p.Type == Connect || p.Type == Disconnect {
			return nil
		}
		return errPayload
	}
	p.Payload.JSON = data
	switch p.Type {
	case Connect:
		k, err := (&scanner{data: data}).check()
		if err == nil && k != kindObject {
			return errPayload
		}
		return err
	case ConnectError:
		_, err := (&scanner{data: data}).check()
		return err
	case Event:
		return p.setEvent(data)
	case Ack:
		return p.setAck(data)
	default:
		return errPayload
	}
}

// Split checks that data is a JSON array and returns its elements, which share
// its memory.
func Split(data json.RawMessage) ([]json.RawMessage, error) { return elements(data) }

// elements checks that data is a JSON array and splits it.
func elements(data []byte) ([]json.RawMessage, error) {
	const usual = 4 // arguments, with an event's name
	s := scanner{data: data, collect: true, elements: make([]json.RawMessage, 0, usual)}
	k, err := s.check()
	if err == nil && k != kindArray {
		return nil, errPayload
	}
	return s.elements, err
}

func (p *Packet) setAck(data []byte) (err error) {
	if !p.HasID {
		return errHeader
	}
	p.Args, err = elements(data)
	return err
}

// setEvent splits an event into its name and arguments. Names are strings; a
// number names an event too, as it does for the reference server.
func (p *Packet) setEvent(data []byte) error {
	list, err := elements(data)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return errPayload
	}
	switch first := list[0]; {
	case first[0] == '"':
		p.Name, err = unquote(first)
	case first[0] == '-' || isDigit(first[0]):
		p.Name = string(first)
	default:
		return errPayload
	}
	if err != nil {
		return errPayload
	}
	if IsReserved(p.Name) {
		return errReserved
	}
	p.Args = list[1:]
	return nil
}

// unquote decodes a JSON string that has been checked.
func unquote(quoted []byte) (string, error) {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner), nil
	}
	var s string
	err := json.Unmarshal(quoted, &s)
	return s, err
}
