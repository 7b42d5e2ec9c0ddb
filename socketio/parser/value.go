package parser

import (
	"encoding/base64"
	"encoding/json"
)

// Value is JSON as it came, or as it goes out, with the attachments that its
// placeholders point to. Without attachments, what looks like a placeholder is
// an ordinary object.
type Value struct {
	JSON        json.RawMessage
	Attachments [][]byte

	checked bool // JSON is known to be valid
}

// Received returns a value of what a Decoder has returned, an element of
// Packet.Args, which is not checked again when it is relayed.
func Received(data json.RawMessage, attachments [][]byte) Value {
	return Value{JSON: data, Attachments: attachments, checked: true}
}

// Unmarshal decodes the value into what dest points to, as json.Unmarshal
// does. Attachments decode into []byte at any depth; into an *any, and into
// what it holds, as []byte too; below other interfaces as base64 strings. A
// *Value gets the value itself, and a *json.RawMessage what a Decoder has
// returned itself: both share its memory.
func (v Value) Unmarshal(dest any) error {
	if whole, ok := dest.(*Value); ok {
		*whole = v
		return nil
	}
	if len(v.Attachments) == 0 {
		return v.unmarshalPlain(dest)
	}
	places, err := placesIn(v.JSON, len(v.Attachments))
	if err != nil {
		return err
	}
	switch dest := dest.(type) {
	case *json.RawMessage:
		*dest = v.JSON
		return nil
	case *[]byte:
		if len(places) == 1 && places[0].start == 0 && places[0].end == len(v.JSON) {
			*dest = v.Attachments[places[0].num]
			return nil
		}
	case *any:
		if err := json.Unmarshal(v.JSON, dest); err != nil {
			return err
		}
		*dest = v.restore(*dest)
		return nil
	}
	return json.Unmarshal(v.inBase64(places), dest)
}

// unmarshalPlain is Unmarshal without attachments.
func (v Value) unmarshalPlain(dest any) (err error) {
	if !v.checked {
		return json.Unmarshal(v.JSON, dest)
	}
	switch dest := dest.(type) {
	case *json.RawMessage:
		*dest = v.JSON
		return nil
	case *string:
		if v.JSON[0] == '"' {
			*dest, err = unquote(v.JSON)
			return err
		}
	}
	return json.Unmarshal(v.JSON, dest)
}

// MarshalJSON returns the JSON with attachments as base64 strings, which is
// how encoding/json writes []byte. At the top level of what an Encoder is
// given, the attachments stay attachments.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.JSON == nil {
		return []byte("null"), nil
	}
	if len(v.Attachments) == 0 {
		return v.JSON, nil
	}
	places, err := placesIn(v.JSON, len(v.Attachments))
	if err != nil {
		return nil, err
	}
	return v.inBase64(places), nil
}

func (v Value) inBase64(places []place) []byte {
	size := len(v.JSON)
	for _, p := range places {
		size += base64.StdEncoding.EncodedLen(len(v.Attachments[p.num]))
	}
	return replacePlaces(make([]byte, 0, size), v.JSON, places, func(dst []byte, num int) []byte {
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, v.Attachments[num])
		return append(dst, '"')
	})
}

// restore puts the attachments into a decoded tree.
func (v Value) restore(tree any) any {
	switch tree := tree.(type) {
	case map[string]any:
		if num, ok := tree["num"].(float64); ok && tree["_placeholder"] == true {
			return v.Attachments[int(num)]
		}
		for key, child := range tree {
			tree[key] = v.restore(child)
		}
	case []any:
		for i, child := range tree {
			tree[i] = v.restore(child)
		}
	}
	return tree
}
