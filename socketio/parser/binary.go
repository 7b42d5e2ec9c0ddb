package parser

import (
	"bytes"
	"crypto/rand"
	"encoding"
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"sync"
)

// Binary data inside a value is found by reflection. So that everything else
// (tags, omitempty, embedding, map order) stays encoding/json's affair, the
// value is copied with each []byte replaced by a short secret mark, encoded,
// and the marks are then replaced by placeholders.

// mark is what stands for attachments until the value is encoded: the secret
// and the attachment's number in one byte. Their lengths are such that base64
// needs no padding and the number is in the last four characters.
type mark struct {
	once    sync.Once
	secret  [secretSize]byte
	encoded []byte // the secret in base64, behind a quote
}

const (
	secretSize = 15
	numSize    = 3 // of which one byte is used
	maxMarks   = 256
	maxGoDepth = 1000 // of a Go value; encoding/json suspects a cycle there too
)

var (
	errCycle = errors.New("parser: value nested too deeply or cyclic")

	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

func (m *mark) init() {
	m.once.Do(func() {
		rand.Read(m.secret[:])
		m.encoded = base64.StdEncoding.AppendEncode([]byte{'"'}, m.secret[:])
	})
}

func (m *mark) number(num int) []byte {
	return append(m.secret[:secretSize:secretSize], 0, 0, byte(num))
}

// resolve replaces the marks in data, from start on, by placeholders, and
// appends what they stand for to attachments, in order of appearance: what
// encoding/json has left out is left out here.
func (m *mark) resolve(data []byte, start int, found, attachments [][]byte) ([]byte, [][]byte) {
	tail := slices.Clone(data[start:])
	data = data[:start]
	for {
		before, after, ok := bytes.Cut(tail, m.encoded)
		data = append(data, before...)
		if !ok {
			return data, attachments
		}
		var num [numSize]byte
		size := base64.StdEncoding.EncodedLen(numSize)
		base64.StdEncoding.Decode(num[:], after[:size]) // we have encoded it ourselves
		data = appendPlaceholder(data, len(attachments))
		attachments = append(attachments, found[num[numSize-1]])
		tail = after[size+1:] // and the closing quote
	}
}

// extractor copies a value with binary data replaced by marks.
type extractor struct {
	encoder *Encoder
	found   [][]byte
}

func (x *extractor) extract(v reflect.Value, depth int) (reflect.Value, error) {
	if !v.IsValid() || !x.encoder.mayHoldBinary(v.Type()) {
		return v, nil
	}
	if depth > maxGoDepth {
		return v, errCycle
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return x.pointed(v, depth)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return x.binary(v)
		}
		return x.elements(v, depth)
	case reflect.Array:
		return x.elements(v, depth)
	case reflect.Map:
		return x.entries(v, depth)
	case reflect.Struct:
		return x.fields(v, depth)
	default:
		return v, nil
	}
}

func (x *extractor) binary(v reflect.Value) (reflect.Value, error) {
	if v.IsNil() {
		return v, nil
	}
	num := len(x.found)
	if num == maxMarks {
		return v, errAttachments
	}
	x.found = append(x.found, v.Bytes())
	return reflect.ValueOf(x.encoder.mark.number(num)).Convert(v.Type()), nil
}

func (x *extractor) pointed(v reflect.Value, depth int) (reflect.Value, error) {
	if v.IsNil() {
		return v, nil
	}
	elem, err := x.extract(v.Elem(), depth+1)
	if err != nil || v.Kind() == reflect.Interface {
		return elem, err
	}
	p := reflect.New(v.Type().Elem())
	p.Elem().Set(elem)
	return p, nil
}

func (x *extractor) elements(v reflect.Value, depth int) (reflect.Value, error) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return v, nil
	}
	list := reflect.New(v.Type()).Elem()
	if v.Kind() == reflect.Slice {
		list.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
	}
	for i := range v.Len() {
		if err := x.set(list.Index(i), v.Index(i), depth); err != nil {
			return v, err
		}
	}
	return list, nil
}

func (x *extractor) entries(v reflect.Value, depth int) (reflect.Value, error) {
	if v.IsNil() {
		return v, nil
	}
	m := reflect.MakeMapWithSize(v.Type(), v.Len())
	for entry := v.MapRange(); entry.Next(); {
		value := reflect.New(v.Type().Elem()).Elem()
		if err := x.set(value, entry.Value(), depth); err != nil {
			return v, err
		}
		m.SetMapIndex(entry.Key(), value)
	}
	return m, nil
}

func (x *extractor) fields(v reflect.Value, depth int) (reflect.Value, error) {
	s := reflect.New(v.Type()).Elem()
	s.Set(v)
	return s, x.replaceFields(s, depth)
}

// replaceFields replaces the exported fields of a struct, and those that an
// unexported embedded struct lends it.
func (x *extractor) replaceFields(s reflect.Value, depth int) error {
	for i := range s.NumField() {
		field, to := s.Type().Field(i), s.Field(i)
		var err error
		switch {
		case to.CanSet():
			err = x.set(to, to, depth)
		case field.Anonymous && to.Kind() == reflect.Struct:
			err = x.replaceFields(to, depth)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// set stores the copy of from in to.
func (x *extractor) set(to, from reflect.Value, depth int) error {
	value, err := x.extract(from, depth+1)
	if err != nil {
		return err
	}
	if value.IsValid() { // else it is a nil interface, as to is already
		to.Set(value)
	}
	return nil
}

// mayHoldBinary reports whether a value of this type may contain a []byte that
// encoding/json would write as base64.
func (e *Encoder) mayHoldBinary(t reflect.Type) bool {
	if known, ok := e.types.Load(t); ok {
		return known.(bool)
	}
	may := searchBinary(t, map[reflect.Type]bool{})
	e.types.Store(t, may)
	return may
}

// searchBinary looks into the types that t is made of. Those in seen are being
// looked at already.
func searchBinary(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] || marshalsItself(t) {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Slice:
		return t.Elem().Kind() == reflect.Uint8 && !marshalsItself(t.Elem()) || searchBinary(t.Elem(), seen)
	case reflect.Pointer, reflect.Array, reflect.Map:
		return searchBinary(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if (f.IsExported() || f.Anonymous) && f.Tag.Get("json") != "-" && searchBinary(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

func marshalsItself(t reflect.Type) bool {
	if t.Kind() == reflect.Interface {
		return false
	}
	pointer := reflect.PointerTo(t)
	return pointer.Implements(jsonMarshaler) || pointer.Implements(textMarshaler)
}
