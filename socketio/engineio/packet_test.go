package engineio

import (
	"bytes"
	"encoding/base64"
	"testing"
	"unicode/utf8"
)

// FuzzPayload checks eachPacket against a slow, obvious reading of the
// protocol.
func FuzzPayload(f *testing.F) {
	f.Add([]byte("4hello\x1ebAQIDBA==\x1e3"))
	f.Add([]byte("b\x1e4\x1e"))
	f.Add([]byte("2probe"))
	f.Add([]byte("4\xff"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		want, wantOK := slowPackets(bytes.Clone(payload))
		var got []packet
		ok := eachPacket(payload, func(p packet) bool { got = append(got, p); return true })
		if ok != wantOK || len(got) != len(want) {
			t.Fatalf("got %v %v, want %v %v", got, ok, want, wantOK)
		}
		for i := range got {
			if got[i].kind != want[i].kind || got[i].binary != want[i].binary || !bytes.Equal(got[i].data, want[i].data) {
				t.Errorf("packet %d is %v, want %v", i, got[i], want[i])
			}
		}
	})
}

func slowPackets(payload []byte) (packets []packet, ok bool) {
	if !utf8.Valid(payload) {
		return nil, false
	}
	for _, part := range bytes.Split(payload, []byte{0x1e}) {
		switch {
		case len(part) == 0:
			return packets, false
		case part[0] == 'b':
			data, err := base64.StdEncoding.DecodeString(string(part[1:]))
			if err != nil {
				return packets, false
			}
			packets = append(packets, packet{'4', data, true})
		case part[0] == '4':
			packets = append(packets, packet{'4', part[1:], false})
		case bytes.IndexByte([]byte("01356"), part[0]) >= 0:
			packets = append(packets, packet{kind: part[0]})
		default:
			return packets, false
		}
	}
	return packets, true
}

func TestFrame_FormsOfOneMessage(t *testing.T) {
	text, binary := NewText([]byte("hi")), NewBinary([]byte{1, 2, 3, 4})
	if got := string(appendPayload(nil, []*Frame{text, binary})); got != "4hi\x1ebAQIDBA==" {
		t.Errorf("over polling: %q", got)
	}
	if got := string(text.wire) + string(binary.wire); got != "\x81\x034hi\x82\x04\x01\x02\x03\x04" {
		t.Errorf("over WebSocket: %q", got)
	}
	if text.Len() != 3 || binary.Len() != 4 {
		t.Errorf("sizes are %d and %d", text.Len(), binary.Len())
	}
}

// FuzzPayloadV3 checks that whatever text is taken is what its packets make,
// and that no input harms.
func FuzzPayloadV3(f *testing.F) {
	f.Add([]byte("6:4hello2:4€10:b4AQIDBA=="), false)
	f.Add([]byte("0:1:24:4😀a"), false)
	f.Add([]byte("\x00\x06\xff4hello\x01\x05\xff\x04\x01\x02\x03\x04"), true)
	f.Fuzz(func(t *testing.T, payload []byte, binary bool) {
		parse, join := eachTextV3, appendTextV3
		if binary {
			parse, join = eachBinaryV3, appendBinaryV3
		}
		var first []packet
		if !parse(bytes.Clone(payload), func(p packet) bool { first = append(first, p); return true }) {
			return
		}
		var frames []*Frame
		for _, p := range first {
			if p.binary {
				frames = append(frames, NewBinary(p.data))
			} else {
				frames = append(frames, newPacket(p.kind, p.data))
			}
		}
		i := 0
		ok := len(frames) == 0 || parse(join(nil, frames), func(p packet) bool {
			same := i < len(first) && p.kind == first[i].kind && p.binary == first[i].binary && bytes.Equal(p.data, first[i].data)
			i++
			return same
		})
		if !ok || i != len(first) {
			t.Fatalf("%q does not survive", payload)
		}
	})
}
