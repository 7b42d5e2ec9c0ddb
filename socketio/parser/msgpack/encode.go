package msgpack

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"
	"strconv"
)

// writer turns JSON into MessagePack, with the attachments in the places of
// their placeholders.
type writer struct {
	dst         []byte
	attachments [][]byte
}

func (w *writer) json(text json.RawMessage) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := w.value(d); err != nil {
		return err
	}
	if d.More() {
		return errJSON
	}
	return nil
}

func (w *writer) value(d *json.Decoder) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '[' {
			return w.array(d)
		}
		return w.object(d)
	case string:
		w.string(v)
	case json.Number:
		return w.number(string(v))
	case bool:
		b := byte(boolNo)
		if v {
			b = boolYes
		}
		w.dst = append(w.dst, b)
	default:
		w.dst = append(w.dst, null)
	}
	return nil
}

func (w *writer) array(d *json.Decoder) error {
	start, count := len(w.dst), 0
	for ; d.More(); count++ {
		if err := w.value(d); err != nil {
			return err
		}
	}
	w.begin(start, count, fixArray, array16)
	_, err := d.Token() // the closing bracket
	return err
}

func (w *writer) object(d *json.Decoder) error {
	start, count := len(w.dst), 0
	candidate := placeholder{num: -1}
	for ; d.More(); count++ {
		key, err := d.Token()
		if err != nil {
			return err
		}
		name, ok := key.(string)
		if !ok {
			return errJSON
		}
		w.string(name)
		before := len(w.dst)
		if err := w.value(d); err != nil {
			return err
		}
		candidate.member(name, w.dst[before:])
	}
	if num, ok := candidate.attachment(len(w.attachments)); ok {
		w.dst = w.dst[:start]
		w.binary(w.attachments[num])
	} else {
		w.begin(start, count, fixMap, map16)
	}
	_, err := d.Token() // the closing brace
	return err
}

// begin puts the beginning of an array or map before what was written since
// start.
func (w *writer) begin(start, count int, small, large byte) {
	const most = 15 // of a small one
	var head []byte
	switch {
	case count <= most:
		head = []byte{small | byte(count)}
	case count <= math.MaxUint16:
		head = binary.BigEndian.AppendUint16([]byte{large}, uint16(count))
	default:
		head = binary.BigEndian.AppendUint32([]byte{large + 1}, uint32(count))
	}
	w.dst = slices.Insert(w.dst, start, head...)
}

// placeholder is an object that may stand for an attachment.
type placeholder struct {
	marked bool
	num    int // -1 if it is no number that can be one
}

// member looks at a member of the object. The last one of a name counts.
func (p *placeholder) member(name string, value []byte) {
	switch name {
	case "_placeholder":
		p.marked = len(value) == 1 && value[0] == boolYes
	case "num":
		p.num = -1
		if len(value) == 1 && value[0] < fixMap {
			p.num = int(value[0])
		} else if len(value) == 2 && value[0] == uint8s {
			p.num = int(value[1])
		}
	}
}

func (p *placeholder) attachment(count int) (num int, ok bool) {
	return p.num, p.marked && p.num >= 0 && p.num < count
}

func (w *writer) string(s string) {
	const most = 31 // bytes of a small one
	if len(s) <= most {
		w.dst = append(w.dst, fixStr|byte(len(s)))
	} else {
		w.head(str8, len(s))
	}
	w.dst = append(w.dst, s...)
}

func (w *writer) binary(data []byte) {
	w.head(bin8, len(data))
	w.dst = append(w.dst, data...)
}

// head appends a type of which the length follows in 1, 2 or 4 bytes.
func (w *writer) head(first byte, size int) {
	switch {
	case size <= math.MaxUint8:
		w.dst = append(w.dst, first, byte(size))
	case size <= math.MaxUint16:
		w.dst = binary.BigEndian.AppendUint16(append(w.dst, first+1), uint16(size))
	default:
		w.dst = binary.BigEndian.AppendUint32(append(w.dst, first+2), uint32(size))
	}
}

// number appends a JSON number: an integer if it is written as one that fits
// into 64 bits.
func (w *writer) number(text string) error {
	if text != "-0" {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			w.int(n)
			return nil
		}
		if n, err := strconv.ParseUint(text, 10, 64); err == nil {
			w.uint(n)
			return nil
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && math.IsInf(f, 0) { // as JSON.parse has it
		err = nil
	}
	w.dst = binary.BigEndian.AppendUint64(append(w.dst, float64s), math.Float64bits(f))
	return err
}

func (w *writer) uint(n uint64) {
	switch {
	case n < fixMap:
		w.dst = append(w.dst, byte(n))
	case n <= math.MaxUint8:
		w.dst = append(w.dst, uint8s, byte(n))
	case n <= math.MaxUint16:
		w.dst = binary.BigEndian.AppendUint16(append(w.dst, uint8s+1), uint16(n))
	case n <= math.MaxUint32:
		w.dst = binary.BigEndian.AppendUint32(append(w.dst, uint8s+2), uint32(n))
	default:
		w.dst = binary.BigEndian.AppendUint64(append(w.dst, uint8s+3), n)
	}
}

func (w *writer) int(n int64) {
	const smallest = -32 // that fits into the first byte
	switch {
	case n >= 0:
		w.uint(uint64(n))
	case n >= smallest:
		w.dst = append(w.dst, byte(n))
	case n >= math.MinInt8:
		w.dst = append(w.dst, int8s, byte(n))
	case n >= math.MinInt16:
		w.dst = binary.BigEndian.AppendUint16(append(w.dst, int8s+1), uint16(n))
	case n >= math.MinInt32:
		w.dst = binary.BigEndian.AppendUint32(append(w.dst, int8s+2), uint32(n))
	default:
		w.dst = binary.BigEndian.AppendUint64(append(w.dst, int8s+3), uint64(n))
	}
}
