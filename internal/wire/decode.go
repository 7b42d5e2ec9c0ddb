package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"unicode/utf8"
)

// FieldError is a request that is not of its shape. Field is empty when the
// request as a whole is not an object.
type FieldError struct {
	Field string
	Want  string // what was expected, in words for a developer of a client
}

func (e *FieldError) Error() string {
	if e.Field == "" {
		return "The request must be " + e.Want + "."
	}
	return fmt.Sprintf("The field %s must be %s.", e.Field, e.Want)
}

// Decode reads a request, one JSON object, into the struct that in points to.
// Field names match exactly, types strictly; unknown fields are ignored and
// null counts as absent, but for whom a message is meant. Its errors are
// *FieldError.
//
// encoding/json alone would match names whatever their case, so that a payload
// could carry a field twice.
func Decode(data []byte, in any) error {
	given, ok := membersOf(data)
	if !ok {
		return &FieldError{Want: "one JSON object"}
	}
	target := reflect.ValueOf(in).Elem()
	for i := range target.NumField() {
		field := target.Type().Field(i)
		name := field.Tag.Get("json")
		value := given.last(name)
		if value == nil {
			continue
		}
		if err := decodeInto(target.Field(i).Addr().Interface(), value); err != nil {
			return &FieldError{Field: name, Want: wanted(field.Type)}
		}
	}
	return nil
}

// decodeInto reads one value. Those that most requests are made of do without the machinery of encoding/json.
func decodeInto(dest any, value []byte) error {
	switch d := dest.(type) {
	case *string:
		if text, plain := plainString(value); plain {
			*d = text
			return nil
		}
	case json.Unmarshaler:
		return d.UnmarshalJSON(value)
	}
	return json.Unmarshal(value, dest)
}

// plainString is the text of a JSON string that has nothing to be unescaped.
func plainString(value []byte) (string, bool) {
	if value[0] != '"' || bytes.IndexByte(value, '\\') >= 0 || !utf8.Valid(value) {
		return "", false
	}
	return string(value[1 : len(value)-1]), true
}

// wanted names a field's type to people who read JSON, not Go.
func wanted(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[ID]():
		return "an id, a decimal string"
	case reflect.TypeFor[Time]():
		return "a time such as 2026-11-21T08:12:00.000Z"
	case reflect.TypeFor[json.RawMessage]():
		return "one JSON object"
	case reflect.TypeFor[RoomRef]():
		return "the id or the name of a room"
	case reflect.TypeFor[UserRefs]():
		return "the id or the name of a user, or a list of them"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return wanted(t.Elem())
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list, each item " + wanted(t.Elem())
	default:
		return "a whole number"
	}
}
