package wsconn

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// compressed is a client's frame of a compressed message.
func compressed(t *testing.T, op Opcode, message string) []byte {
	t.Helper()
	d := Deflater{Level: flate.DefaultCompression}
	plain, err := d.AppendFrame(nil, op, []byte(message))
	if err != nil || plain == nil {
		t.Fatalf("%q does not compress: %v", message, err)
	}
	h, n := parseHeader(plain)
	frame := AppendMasked(nil, op, plain[n:], testKey)
	frame[0] = h.first
	return frame
}

func deflateConfig() *Config {
	return &Config{MaxMessage: 10_000, MaxFragments: 8, Deflate: true}
}

func TestDeflate_MessagesSurviveTheRoundTrip(t *testing.T) {
	long := strings.Repeat("again and ", 500)
	whole := compressed(t, OpText, long)
	h, n := parseHeader(whole)
	payload := bytes.Clone(whole[n:])
	applyMask(payload, h.key, 0)
	fragments := join(frame(0x41, string(payload[:5])), frame(0x89, "ping"), frame(0x80, string(payload[5:])))
	want := fmt.Sprintf("text %q", long)
	for _, size := range []int{1, 7, 1000} {
		got, err := parse(deflateConfig(), join(whole, frame(0x81, "plain"), fragments), size)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{want, `text "plain"`, `control 9 "ping"`, want}, got); diff != "" {
			t.Errorf("pieces of %d: %s", size, diff)
		}
	}
}

func TestDeflate_RefusesViolations(t *testing.T) {
	bomb := compressed(t, OpBinary, strings.Repeat("x", 10_001))
	limit := compressed(t, OpBinary, strings.Repeat("x", 10_000))
	if _, err := parse(deflateConfig(), limit, len(limit)); err != nil {
		t.Errorf("a message of exactly the limit: %v", err)
	}
	tests := []struct {
		name string
		data []byte
		code int
	}{
		{"more than the limit after inflation", bomb, 1009},
		{"no deflate stream", frame(0xc2, "\xff\xff\xff"), 1007},
		{"not UTF-8", compressed(t, OpText, strings.Repeat("\xff", 100)), 1007},
		{"compressed control frame", frame(0xc9, "x"), 1002},
		{"compressed continuation", join(frame(0x01, "a"), frame(0xc0, "b")), 1002},
		{"RSV2", frame(0xe1, "x"), 1002},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, size := range []int{1, len(test.data)} {
				_, err := parse(deflateConfig(), test.data, size)
				var closeErr *CloseError
				if !errors.As(err, &closeErr) || closeErr.Code != test.code {
					t.Fatalf("pieces of %d: got %v, want code %d", size, err, test.code)
				}
			}
		})
	}
}

func TestDeflate_LeavesAloneWhatGetsNoSmaller(t *testing.T) {
	d := Deflater{Level: flate.BestSpeed}
	if got, err := d.AppendFrame(nil, OpText, []byte("x")); len(got) != 0 || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func FuzzInflate(f *testing.F) {
	f.Add([]byte("\xff\xff"))
	f.Add([]byte("\xcaH\xcd\xc9\xc9\x07\x00"))
	config := deflateConfig()
	f.Fuzz(func(t *testing.T, payload []byte) {
		data := AppendMasked(nil, OpBinary, payload, testKey)
		data[0] |= rsv1Bit
		p := NewParser(config)
		var h sizes
		p.Parse(data, &h)
		if h.largest > int(config.MaxMessage) {
			t.Errorf("a message of %d bytes is over the limit", h.largest)
		}
	})
}

// sizes notes the size of the largest message.
type sizes struct{ largest int }

func (s *sizes) Message(payload []byte, binary bool) error {
	s.largest = max(s.largest, len(payload))
	return nil
}

func (s *sizes) Control(Opcode, []byte) error { return nil }
