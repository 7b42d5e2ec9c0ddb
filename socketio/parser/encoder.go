package parser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"sync"
	"unicode/utf8"
)

// Encoder turns Go values into payloads. Its zero value is ready to use; it is
// safe for concurrent use and must not be copied. It remembers which types can
// hold binary data, so keep one.
type Encoder struct {
	MaxAttachments int // of one payload; 0 means 10

	types sync.Map // reflect.Type → bool: may a value of it hold binary data
	mark  mark
}

const defaultMaxAttachments = 10

// Appender is a value that writes itself: AppendJSON appends it to dst as one JSON value, which is not checked, and
// returns the extended slice. It is asked before encoding/json is.
type Appender interface {
	AppendJSON(dst []byte) ([]byte, error)
}

// Array encodes values as one JSON array, the payload of an event or of an
// acknowledgement.
//
// Values are encoded as encoding/json does, but <, > and & are not escaped,
// every []byte, at any depth, becomes an attachment, json.RawMessage goes out
// as it is, and a Value with its attachments. Types with a MarshalJSON or
// MarshalText of their own are encoding/json's affair alone, an Appender its own.
func (e *Encoder) Array(values ...any) (Value, error) {
	w := writer{encoder: e}
	w.json = append(make([]byte, 0, sizeHint(values)), '[')
	for i, value := range values {
		if i > 0 {
			w.json = append(w.json, ',')
		}
		if err := w.value(value); err != nil {
			return Value{}, fmt.Errorf("encode argument %d: %w", i+1, err)
		}
	}
	return w.finish(']')
}

// sizeHint guesses the size of a payload.
func sizeHint(values []any) int {
	const usual, large = 64, 512
	size := usual
	for _, value := range values {
		switch v := value.(type) {
		case string:
			size += len(v)
		case json.RawMessage:
			size += len(v)
		case Value:
			size += len(v.JSON)
		case Appender:
			size += large
		}
	}
	return size
}

// Object encodes one value, which should be a struct or map, for a payload
// without attachments, such as that of a Connect packet.
func Object(value any) (json.RawMessage, error) { return appendJSON(nil, value) }

// writer collects one payload.
type writer struct {
	encoder     *Encoder
	json        []byte
	attachments [][]byte
}

func (w *writer) finish(closing byte) (Value, error) {
	limit := w.encoder.MaxAttachments
	if limit == 0 {
		limit = defaultMaxAttachments
	}
	if len(w.attachments) > limit {
		return Value{}, errAttachments
	}
	return Value{JSON: append(w.json, closing), Attachments: w.attachments}, nil
}

func (w *writer) value(value any) (err error) {
	switch v := value.(type) {
	case nil:
		w.json = append(w.json, "null"...)
	case bool:
		w.json = strconv.AppendBool(w.json, v)
	case int:
		w.json = strconv.AppendInt(w.json, int64(v), 10)
	case string:
		return w.str(v)
	case []byte:
		w.attachment(v)
	case json.RawMessage:
		return w.relay(Value{JSON: v})
	case Value:
		return w.relay(v)
	case Appender:
		w.json, err = v.AppendJSON(w.json)
		return err
	default:
		return w.other(value)
	}
	return nil
}

// str writes a string; those of the usual characters without encoding/json.
func (w *writer) str(s string) (err error) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			w.json, err = appendJSON(w.json, s)
			return err
		}
	}
	w.json = append(append(append(w.json, '"'), s...), '"')
	return nil
}

func (w *writer) attachment(data []byte) {
	w.json = appendPlaceholder(w.json, len(w.attachments))
	w.attachments = append(w.attachments, data)
}

// relay writes JSON as it came; its placeholders are numbered anew, and
// attachments that none points to are left out.
func (w *writer) relay(v Value) error {
	if v.JSON == nil {
		w.json = append(w.json, "null"...)
		return nil
	}
	if len(v.Attachments) == 0 {
		w.json = append(w.json, v.JSON...)
		if v.checked {
			return nil
		}
		_, err := (&scanner{data: v.JSON}).check()
		return err
	}
	places, err := placesIn(v.JSON, len(v.Attachments))
	if err != nil {
		return err
	}
	numbers := make(map[int]int, len(places)) // old → new
	w.json = replacePlaces(w.json, v.JSON, places, func(dst []byte, old int) []byte {
		num, ok := numbers[old]
		if !ok {
			num = len(w.attachments)
			numbers[old] = num
			w.attachments = append(w.attachments, v.Attachments[old])
		}
		return appendPlaceholder(dst, num)
	})
	return nil
}

// other writes a value of any type, through encoding/json.
func (w *writer) other(value any) (err error) {
	if !w.encoder.mayHoldBinary(reflect.TypeOf(value)) {
		w.json, err = appendJSON(w.json, value)
		return err
	}
	w.encoder.mark.init()
	x := extractor{encoder: w.encoder}
	marked, err := x.extract(reflect.ValueOf(value), 0)
	if err != nil {
		return err
	}
	if len(x.found) == 0 {
		w.json, err = appendJSON(w.json, value)
		return err
	}
	start := len(w.json)
	if w.json, err = appendJSON(w.json, marked.Interface()); err != nil {
		return err
	}
	w.json, w.attachments = w.encoder.mark.resolve(w.json, start, x.found, w.attachments)
	return nil
}

// appendJSON is json.Marshal without HTML escaping.
func appendJSON(dst []byte, value any) ([]byte, error) {
	buf := bytes.NewBuffer(dst)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return dst, err
	}
	encoded := buf.Bytes()
	return encoded[:len(encoded)-1], nil // Encode ends with a newline
}
