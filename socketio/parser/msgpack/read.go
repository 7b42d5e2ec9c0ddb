package msgpack

import (
	"encoding/binary"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"parley/socketio/parser"
)

// key reads a string, or a number as one.
func (r *reader) key() (string, error) {
	outer := r.json
	r.json = nil
	defined, err := r.value()
	text := r.json
	r.json = outer
	if err != nil {
		return "", err
	}
	if !defined {
		return "", errKey
	}
	if text[0] != '"' {
		if _, err := strconv.ParseFloat(string(text), 64); err != nil {
			return "", errKey
		}
		return string(text), nil
	}
	var key string
	err = json.Unmarshal(text, &key)
	return key, err
}

// mapLength reads the beginning of a map.
func (r *reader) mapLength() (uint64, error) {
	first, err := r.byte()
	switch {
	case err != nil:
		return 0, err
	case first >= fixMap && first < fixArray:
		return uint64(first - fixMap), nil
	case first == map16 || first == map16+1:
		return r.length(first - map16 + 1)
	default:
		return 0, errPacket
	}
}

// packetType reads the type of a packet.
func (r *reader) packetType(p *parser.Packet) error {
	t, err := r.byte()
	if err == nil && t > byte(parser.ConnectError) {
		err = errPacket
	}
	p.Type = parser.Type(t)
	return err
}

// id reads the id of an acknowledgement, if it is defined.
func (r *reader) id() (id uint64, defined bool, err error) {
	v, err := r.payload()
	if err != nil || v.JSON == nil {
		return 0, false, err
	}
	id, err = strconv.ParseUint(string(v.JSON), 10, 64)
	if err != nil {
		return 0, false, errPacket
	}
	return id, true, nil
}

// length reads an unsigned integer of 1<<power bytes.
func (r *reader) length(power byte) (uint64, error) { return r.number(1 << power) }

func (r *reader) number(size uint64) (uint64, error) {
	data, err := r.take(size)
	if err != nil {
		return 0, err
	}
	var whole [8]byte
	copy(whole[8-size:], data)
	return binary.BigEndian.Uint64(whole[:]), nil
}

func (r *reader) byte() (byte, error) {
	b, err := r.take(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

func (r *reader) take(size uint64) ([]byte, error) {
	if size > uint64(len(r.src)) {
		return nil, errShort
	}
	data := r.src[:size]
	r.src = r.src[size:]
	return data, nil
}

// appendQuoted appends a JSON string.
func appendQuoted(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, c := range s { // what is no UTF-8 comes as utf8.RuneError
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', byte(c))
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xF])
		default:
			dst = utf8.AppendRune(dst, c)
		}
	}
	return append(dst, '"')
}
