package wire

import (
	"encoding/json"
	"fmt"
	"reflect"
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
	var given map[string]json.RawMessage
	if err := json.Unmarshal(data, &given); err != nil || given == nil {
		return &FieldError{Want: "one JSON object"}
	}
	target := reflect.ValueOf(in).Elem()
	for i := range target.NumField() {
		field := target.Type().Field(i)
		name := field.Tag.Get("json")
		value, ok := given[name]
		if !ok {
			continue
		}
		if err := json.Unmarshal(value, target.Field(i).Addr().Interface()); err != nil {
			return &FieldError{Field: name, Want: wanted(field.Type)}
		}
	}
	return nil
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
