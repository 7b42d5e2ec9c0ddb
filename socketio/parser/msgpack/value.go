package msgpack

import (
	"fmt"

	"parley/socketio/parser"
)

// Marshal returns the MessagePack of one value, with its attachments in their
// places.
func Marshal(v parser.Value) ([]byte, error) {
	w := writer{dst: make([]byte, 0, len(v.JSON)), attachments: v.Attachments}
	if err := w.json(v.JSON); err != nil {
		return nil, fmt.Errorf("encode value: %w", err)
	}
	return w.dst, nil
}

// Unmarshal reads one value, of which binary data become attachments. It keeps
// no reference to data.
func Unmarshal(data []byte, limits parser.Limits) (parser.Value, error) {
	if len(data) > limits.MaxBytes {
		return parser.Value{}, errTooLarge
	}
	r := reader{src: data, maxAttachments: limits.MaxAttachments}
	v, err := r.payload()
	switch {
	case err != nil:
		return parser.Value{}, err
	case len(r.src) > 0:
		return parser.Value{}, errTrailing
	case v.JSON == nil:
		v.JSON = []byte("null")
	}
	return v, nil
}
