package parser

import (
	"encoding/json"
	"errors"
)

// MaxDepth is how deeply arrays and objects may be nested in a packet, the
// array of an event's arguments included.
const MaxDepth = 64

var (
	errJSON  = errors.New("parser: malformed JSON")
	errDepth = errors.New("parser: JSON nested too deeply")
)

// kind is what a JSON value is.
type kind byte

const (
	kindObject  kind = '{'
	kindArray   kind = '['
	kindString  kind = '"'
	kindNumber  kind = '0'
	kindLiteral kind = 't' // true, false, null
)

// scanner walks over one JSON text (RFC 8259) and checks it, without building
// values. It recurses, which MaxDepth bounds.
type scanner struct {
	data  []byte
	pos   int
	depth int
	// elements of the outermost array, if they are asked for.
	elements []json.RawMessage
	collect  bool
	// places, if set, gets the placeholder objects, outermost only.
	places *[]place
}

// check scans all of the data as one value and tells its kind.
func (s *scanner) check() (kind, error) {
	s.space()
	k, err := s.value()
	if err != nil {
		return 0, err
	}
	s.space()
	if s.pos != len(s.data) {
		return 0, errJSON
	}
	return k, nil
}

// peek is the next byte, 0 at the end; 0 is nowhere valid.
func (s *scanner) peek() byte {
	if s.pos < len(s.data) {
		return s.data[s.pos]
	}
	return 0
}

func (s *scanner) space() {
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

func (s *scanner) value() (kind, error) {
	switch c := s.peek(); {
	case c == '{':
		return kindObject, s.object()
	case c == '[':
		return kindArray, s.array()
	case c == '"':
		return kindString, s.str()
	case c == '-' || isDigit(c):
		return kindNumber, s.number()
	case c == 't':
		return kindLiteral, s.literal("true")
	case c == 'f':
		return kindLiteral, s.literal("false")
	case c == 'n':
		return kindLiteral, s.literal("null")
	default:
		return 0, errJSON
	}
}

// enter goes behind an opening bracket, and leave behind the closing one.
func (s *scanner) enter() error {
	if s.depth == MaxDepth {
		return errDepth
	}
	s.depth++
	s.pos++
	s.space()
	return nil
}

func (s *scanner) leave() {
	s.depth--
	s.pos++
}

func (s *scanner) array() error {
	if err := s.enter(); err != nil {
		return err
	}
	if s.peek() == ']' {
		s.leave()
		return nil
	}
	for {
		s.space()
		start := s.pos
		if _, err := s.value(); err != nil {
			return err
		}
		if s.depth == 1 && s.collect {
			s.elements = append(s.elements, s.data[start:s.pos:s.pos])
		}
		more, err := s.next(']')
		if !more || err != nil {
			return err
		}
	}
}

func (s *scanner) object() error {
	found := place{start: s.pos}
	if err := s.enter(); err != nil {
		return err
	}
	if s.peek() == '}' {
		s.leave()
		return nil
	}
	for {
		s.space()
		start := s.pos
		if s.peek() != '"' {
			return errJSON
		}
		if err := s.str(); err != nil {
			return err
		}
		key := s.data[start:s.pos]
		s.space()
		if s.peek() != ':' {
			return errJSON
		}
		s.pos++
		s.space()
		start = s.pos
		k, err := s.value()
		if err != nil {
			return err
		}
		if s.places != nil {
			found.member(key, k, s.data[start:s.pos])
		}
		more, err := s.next('}')
		if err != nil {
			return err
		}
		if !more {
			s.foundPlace(found)
			return nil
		}
	}
}

// next consumes a comma or the closing bracket and tells whether it was a
// comma.
func (s *scanner) next(closing byte) (more bool, err error) {
	s.space()
	switch s.peek() {
	case ',':
		s.pos++
		return true, nil
	case closing:
		s.leave()
		return false, nil
	default:
		return false, errJSON
	}
}

func (s *scanner) str() error {
	s.pos++ // the quote
	for s.pos < len(s.data) {
		c := s.data[s.pos]
		s.pos++
		switch {
		case c == '"':
			return nil
		case c < ' ':
			return errJSON
		case c == '\\':
			if err := s.escape(); err != nil {
				return err
			}
		}
	}
	return errJSON
}

func (s *scanner) escape() error {
	c := s.peek()
	s.pos++
	switch c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return nil
	case 'u':
		for range 4 {
			if !isHex(s.peek()) {
				return errJSON
			}
			s.pos++
		}
		return nil
	default:
		return errJSON
	}
}

func (s *scanner) number() error {
	if s.peek() == '-' {
		s.pos++
	}
	if s.peek() == '0' {
		s.pos++
	} else if !s.digits() {
		return errJSON
	}
	if s.peek() == '.' {
		s.pos++
		if !s.digits() {
			return errJSON
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.pos++
		if c := s.peek(); c == '+' || c == '-' {
			s.pos++
		}
		if !s.digits() {
			return errJSON
		}
	}
	return nil
}

func (s *scanner) digits() bool {
	start := s.pos
	for isDigit(s.peek()) {
		s.pos++
	}
	return s.pos > start
}

func (s *scanner) literal(word string) error {
	end := s.pos + len(word)
	if end > len(s.data) || string(s.data[s.pos:end]) != word {
		return errJSON
	}
	s.pos = end
	return nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isHex(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
