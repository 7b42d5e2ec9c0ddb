package ws

import (
	"bytes"
	"errors"
	"testing"
)

func TestParse_FramesOfEverySizeComeBackAsSent(t *testing.T) {
	for _, size := range []int{0, 1, 7, 8, 9, 125, 126, 127, 65535, 65536, 70001} {
		payload := bytes.Repeat([]byte("abcdefghijk"), size/11+1)[:size]
		for name, frame := range map[string][]byte{
			"client": AppendClient(nil, Text, payload),
			"server": AppendServer(nil, Text, payload),
		} {
			whole := len(frame)
			got, n, err := Parse(append(frame, "next"...))
			if err != nil || n != whole || got.Opcode != Text || !bytes.Equal(got.Payload, payload) {
				t.Errorf("%s frame of %d bytes: took %d of %d, opcode %d, %v", name, size, n, whole, got.Opcode, err)
			}
		}
	}
}

func TestParse_AnUnfinishedFrameIsLeftAlone(t *testing.T) {
	for _, size := range []int{5, 300, 70000} {
		frame := AppendClient(nil, Text, make([]byte, size))
		for _, cut := range []int{0, 1, 2, 3, 5, 9, 13, len(frame) - 1} {
			if _, n, err := Parse(bytes.Clone(frame[:min(cut, len(frame)-1)])); n != 0 || err != nil {
				t.Errorf("%d of %d bytes: took %d, %v", cut, len(frame), n, err)
			}
		}
	}
}

func TestAppendClient_TheWireIsMasked(t *testing.T) {
	frame := AppendClient(nil, Text, []byte("plain words"))
	if frame[1]&0x80 == 0 || bytes.Contains(frame, []byte("plain")) {
		t.Errorf("not masked: %q", frame)
	}
}

func TestParse_WhatTheBenchmarkDoesNotSpeakIsAnError(t *testing.T) {
	for _, c := range []struct {
		frame []byte
		want  error
	}{
		{[]byte{0x01, 0}, ErrFragment},
		{[]byte{0x80, 0}, ErrFragment},
		{[]byte{0xC1, 0}, ErrFragment},
		{[]byte{0x82, 127, 0, 0, 0, 0, 2, 0, 0, 0}, ErrTooLarge},
	} {
		if _, _, err := Parse(c.frame); !errors.Is(err, c.want) {
			t.Errorf("%x: %v, want %v", c.frame, err, c.want)
		}
	}
}

func TestHandshake_TheKeyOfTheStandardsExample(t *testing.T) {
	response := Response(key)
	if got := Header(response, "sec-websocket-accept"); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Errorf("accept %q", got)
	}
	if n, err := ParseResponse(append(response, 0x81)); n != len(response) || err != nil {
		t.Errorf("took %d of %d, %v", n, len(response), err)
	}
	if n, err := ParseResponse(response[:len(response)-1]); n != 0 || err != nil {
		t.Errorf("half a head: took %d, %v", n, err)
	}
}

func TestParseResponse_RefusalsAreErrors(t *testing.T) {
	for _, head := range []string{
		"HTTP/1.1 400 Bad Request\r\n\r\n",
		"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: other\r\n\r\n",
	} {
		if _, err := ParseResponse([]byte(head)); err == nil {
			t.Errorf("%q was taken for a consent", head)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(AppendClient(nil, Text, []byte("hello")))
	f.Add(AppendServer(nil, Close, []byte{3, 232}))
	f.Add([]byte{0x81, 126, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		frame, n, err := Parse(b)
		if n > len(b) || len(frame.Payload) > n || (err != nil && n != 0) {
			t.Errorf("took %d of %d, payload %d, %v", n, len(b), len(frame.Payload), err)
		}
	})
}
