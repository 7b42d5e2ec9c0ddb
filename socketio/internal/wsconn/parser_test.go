package wsconn

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recorder notes what a parser delivers.
type recorder struct{ got []string }

func (r *recorder) Message(payload []byte, binary bool) error {
	kind := "text"
	if binary {
		kind = "binary"
	}
	r.got = append(r.got, fmt.Sprintf("%s %q", kind, payload))
	return nil
}

func (r *recorder) Control(op Opcode, payload []byte) error {
	r.got = append(r.got, fmt.Sprintf("control %d %q", op, payload))
	return nil
}

var testKey = [4]byte{0x37, 0xfa, 0x21, 0x3d}

// frame returns a client's frame with any first byte.
func frame(first byte, payload string) []byte {
	b := AppendMasked(nil, OpText, []byte(payload), testKey)
	b[0] = first
	return b
}

func join(frames ...[]byte) []byte { return bytes.Join(frames, nil) }

func testConfig() *Config { return &Config{MaxMessage: 1000, MaxFragments: 8} }

// parse feeds data in pieces of size bytes and returns what was delivered.
func parse(config *Config, data []byte, size int) ([]string, error) {
	p, r := NewParser(config), &recorder{}
	for len(data) > 0 {
		n := min(size, len(data))
		if err := p.Parse(bytes.Clone(data[:n]), r); err != nil {
			return r.got, err
		}
		data = data[n:]
	}
	return r.got, nil
}

func TestParse_WhateverTheReadsCut(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		want []string
	}{
		{"a text", frame(0x81, "Hello"), []string{`text "Hello"`}},
		{"an empty text", frame(0x81, ""), []string{`text ""`}},
		{"an empty binary", frame(0x82, ""), []string{`binary ""`}},
		{"16-bit length", frame(0x82, strings.Repeat("x", 126)), []string{fmt.Sprintf("binary %q", strings.Repeat("x", 126))}},
		{"two messages", join(frame(0x81, "a"), frame(0x82, "b")), []string{`text "a"`, `binary "b"`}},
		{"fragments", join(frame(0x01, "He"), frame(0x00, ""), frame(0x80, "llo")), []string{`text "Hello"`}},
		{"a cut rune", join(frame(0x01, "\xe2\x82"), frame(0x80, "\xac")), []string{`text "€"`}},
		{"control frames between fragments", join(frame(0x02, "a"), frame(0x89, "ping"), frame(0x00, "b"), frame(0x8a, ""), frame(0x80, "c")),
			[]string{`control 9 "ping"`, `control 10 ""`, `binary "abc"`}},
		{"close with code", frame(0x88, "\x03\xe8bye"), []string{`control 8 "\x03\xe8bye"`}},
		{"close without code", frame(0x88, ""), []string{`control 8 ""`}},
		{"an empty fragmented message", join(frame(0x01, ""), frame(0x80, "")), []string{`text ""`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for size := 1; size <= len(test.data); size++ {
				got, err := parse(testConfig(), test.data, size)
				if err != nil {
					t.Fatalf("pieces of %d: %v", size, err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Fatalf("pieces of %d: %s", size, diff)
				}
			}
		})
	}
}

func TestParse_RefusesViolations(t *testing.T) {
	unmasked := AppendFrame(nil, OpText, []byte("x"))
	long := frame(0x82, "x")
	long = append([]byte{long[0], 0x80 | 126, 0, 1}, long[2:]...)
	huge := []byte{0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}
	big := []byte{0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4}
	tests := []struct {
		name string
		data []byte
		code int
	}{
		{"RSV1", frame(0xc1, "x"), 1002},
		{"RSV2", frame(0xa1, "x"), 1002},
		{"RSV3", frame(0x91, "x"), 1002},
		{"opcode 3", frame(0x83, "x"), 1002},
		{"opcode 11", frame(0x8b, "x"), 1002},
		{"no mask", unmasked, 1002},
		{"length in too many bytes", long, 1002},
		{"length with the top bit", huge, 1002},
		{"fragmented ping", frame(0x09, "x"), 1002},
		{"long ping", frame(0x89, strings.Repeat("x", 126)), 1002},
		{"continuation of nothing", frame(0x80, "x"), 1002},
		{"continuation after the end", join(frame(0x01, "a"), frame(0x80, "b"), frame(0x80, "c")), 1002},
		{"message inside a message", join(frame(0x01, "a"), frame(0x81, "b")), 1002},
		{"half a close code", frame(0x88, "\x03"), 1002},
		{"close code 1005", frame(0x88, "\x03\xed"), 1002},
		{"close code 999", frame(0x88, "\x03\xe7"), 1002},
		{"close code 5000", frame(0x88, "\x13\x88"), 1002},
		{"close reason not UTF-8", frame(0x88, "\x03\xe8\xff"), 1007},
		{"text not UTF-8", frame(0x81, "a\xffb"), 1007},
		{"text ends in a rune", frame(0x81, "\xe2\x82"), 1007},
		{"fragments end in a rune", join(frame(0x01, "a"), frame(0x80, "\xe2\x82")), 1007},
		{"surrogate", frame(0x81, "\xed\xa0\x80"), 1007},
		{"message too big", big, 1009},
		{"fragments too big", join(frame(0x02, strings.Repeat("x", 600)), frame(0x80, strings.Repeat("x", 600))), 1009},
		{"tiny fragments", join(frame(0x01, "x"), bytes.Repeat(frame(0x00, ""), 8)), 1009},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, size := range []int{1, 3, len(test.data)} {
				_, err := parse(testConfig(), test.data, size)
				var closeErr *CloseError
				if !errors.As(err, &closeErr) || closeErr.Code != test.code {
					t.Fatalf("pieces of %d: got %v, want code %d", size, err, test.code)
				}
			}
		})
	}
}

func TestParse_NoticesBadTextBeforeItsEnd(t *testing.T) {
	data := frame(0x81, "\xce\xba\xf4\x90\x80\x80"+strings.Repeat("x", 100))
	_, err := parse(testConfig(), data[:6+4], 1) // the header, and one byte more than can be right
	var closeErr *CloseError
	if !errors.As(err, &closeErr) || closeErr.Code != CloseInvalidData {
		t.Fatalf("got %v, want code 1007", err)
	}
}

func TestParse_KeepsNothingBetweenMessages(t *testing.T) {
	p, r := NewParser(testConfig()), &recorder{}
	data := join(frame(0x01, "a"), frame(0x89, ""), frame(0x80, "b"))
	for i := range data {
		if err := p.Parse(data[i:i+1], r); err != nil {
			t.Fatal(err)
		}
	}
	if p.part != nil {
		t.Errorf("state is kept: %+v", p.part)
	}
}

func TestParse_AllocatesNothingForWholeFrames(t *testing.T) {
	p := NewParser(testConfig())
	data := frame(0x82, strings.Repeat("x", 300))
	var h counter
	if n := testing.AllocsPerRun(100, func() { p.Parse(data, &h) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

type counter struct{ messages int }

func (c *counter) Message([]byte, bool) error   { c.messages++; return nil }
func (c *counter) Control(Opcode, []byte) error { return nil }

func TestApplyMask_EqualsTheDefinition(t *testing.T) {
	for size := range 80 {
		for pos := range 4 {
			b := bytes.Repeat([]byte{0x5a}, size)
			next := applyMask(b, testKey, pos)
			for i := range b {
				if want := 0x5a ^ testKey[(pos+i)%4]; b[i] != want {
					t.Fatalf("size %d, pos %d: byte %d is %x, want %x", size, pos, i, b[i], want)
				}
			}
			if next != (pos+size)%4 {
				t.Fatalf("size %d, pos %d: next is %d", size, pos, next)
			}
		}
	}
}

func TestClientParser_ReadsUnmaskedFrames(t *testing.T) {
	config := testConfig()
	config.Client = true
	got, err := parse(config, AppendFrame(nil, OpText, []byte("hi")), 2)
	if err != nil || !cmp.Equal(got, []string{`text "hi"`}) {
		t.Errorf("got %v, %v", got, err)
	}
}

// FuzzParse checks that how the reads cut the bytes never changes what is
// found in them.
func FuzzParse(f *testing.F) {
	f.Add(join(frame(0x01, "He"), frame(0x89, "p"), frame(0x80, "llo")), uint64(1))
	f.Add(frame(0x88, "\x03\xe8bye"), uint64(2))
	f.Add(frame(0x81, "\xe2\x82"), uint64(3))
	f.Add([]byte{0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4}, uint64(4))
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		want, wantErr := parse(testConfig(), data, max(1, len(data)))
		random := rand.New(rand.NewPCG(seed, 0))
		p, r := NewParser(testConfig()), &recorder{}
		var err error
		for rest := data; len(rest) > 0 && err == nil; {
			n := 1 + random.IntN(len(rest))
			err = p.Parse(bytes.Clone(rest[:n]), r)
			rest = rest[n:]
		}
		if diff := cmp.Diff(want, r.got); diff != "" {
			t.Errorf("messages differ: %s", diff)
		}
		if fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Errorf("error is %v, want %v", err, wantErr)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, size := range []int{32, 512, 16 << 10} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			p := NewParser(&Config{MaxMessage: 1 << 20, MaxFragments: 8})
			data := AppendMasked(nil, OpBinary, make([]byte, size), testKey)
			b.SetBytes(int64(len(data)))
			var h counter
			for b.Loop() {
				p.Parse(data, &h)
			}
		})
	}
}
