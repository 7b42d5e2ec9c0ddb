package wire

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
)

// DecodeQuery reads a request that came as the query of a URL: the fields as in
// JSON, a list as a parameter that is repeated. Its errors are *FieldError.
func DecodeQuery(query url.Values, in any) error {
	given := make(map[string]json.RawMessage)
	target := reflect.TypeOf(in).Elem()
	for i := range target.NumField() {
		field := target.Field(i)
		name := field.Tag.Get("json")
		values, ok := query[name]
		if !ok {
			continue
		}
		isList := field.Type.Kind() == reflect.Slice
		if !isList && len(values) > 1 {
			return &FieldError{Field: name, Want: "given once"}
		}
		value, err := queryValue(field.Type, values)
		if err != nil {
			return fmt.Errorf("read the parameter %s: %w", name, err)
		}
		given[name] = value
	}
	data, err := json.Marshal(given)
	if err != nil {
		return fmt.Errorf("read a query: %w", err)
	}
	return Decode(data, in)
}

// queryValue is the JSON of a parameter: a number or a boolean as it stands,
// all else is text.
func queryValue(t reflect.Type, values []string) (json.RawMessage, error) {
	if t.Kind() == reflect.Slice {
		return json.Marshal(values)
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	bare := t.Kind() == reflect.Bool || t.Kind() == reflect.Int || t.Kind() == reflect.Int64 && t != reflect.TypeFor[ID]()
	if bare && json.Valid([]byte(values[0])) {
		return json.RawMessage(values[0]), nil
	}
	return json.Marshal(values[0])
}
