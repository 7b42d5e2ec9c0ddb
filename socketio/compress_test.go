package socketio_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/socketio"
	"parley/socketio/engineio"
	"parley/socketio/internal/wsconn"
)

// nextText reads a text frame of a server and tells whether it is compressed.
func nextText(t *testing.T, from io.Reader) (compressed bool) {
	t.Helper()
	const short, firstText, deflatedText = 126, 0x81, 0xC1
	var head [2]byte
	_, err := io.ReadFull(from, head[:])
	must(t, err)
	size := int64(head[1])
	if size == short {
		var long uint16
		must(t, binary.Read(from, binary.BigEndian, &long))
		size = int64(long)
	}
	_, err = io.CopyN(io.Discard, from, size)
	must(t, err)
	if head[0] != firstText && head[0] != deflatedText {
		t.Fatalf("frame %x", head)
	}
	return head[0] == deflatedText
}

func TestCompression_IsUsedWhereNegotiatedUnlessTurnedOff(t *testing.T) {
	opts := quiet(t)
	opts.Engine.PerMessageDeflate = &engineio.PerMessageDeflate{}
	io := socketio.New(opts)
	long := strings.Repeat("again ", 1000)
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
		must(t, s.Emit("one", long))
		must(t, io.To(s.ID()).Compress(false).Emit("one", long))
		must(t, s.Volatile().Emit("one", long))
		return io.Emit("all", long)
	})
	server := start(t, io)
	conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	must(t, err)
	defer conn.Close()
	must(t, conn.SetDeadline(time.Now().Add(patience)))
	_, err = conn.Write([]byte("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"))
	must(t, err)
	buffered := bufio.NewReader(conn)
	_, err = http.ReadResponse(buffered, nil)
	must(t, err)
	_, err = conn.Write(wsconn.AppendMasked(nil, wsconn.OpText, []byte("40"), [4]byte{1, 2, 3, 4}))
	must(t, err)
	for i, want := range []bool{false, false, true, false, true, true} { // open, connect, and the events
		if got := nextText(t, buffered); got != want {
			t.Errorf("text %d: compressed %v, want %v", i, got, want)
		}
	}
}
