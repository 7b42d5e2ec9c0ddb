package ws

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"strings"
)

// key is the Sec-WebSocket-Key of every client here; RFC 6455 §1.3 uses it as its example.
const key = "dGhlIHNhbXBsZSBub25jZQ=="

// Request is the opening handshake of a client.
func Request(host, target string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n", target, host, key)
}

// Response is a server's consent to a request with the given Sec-WebSocket-Key.
func Response(requestKey string) []byte {
	return fmt.Appendf(nil, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: %s\r\n\r\n", accept(requestKey))
}

// ParseResponse takes the server's answer to Request at the start of b and returns how many bytes it took:
// 0 when b does not hold the whole head yet. An answer that is not a consent is an error.
func ParseResponse(b []byte) (int, error) {
	head, _, whole := bytes.Cut(b, []byte("\r\n\r\n"))
	if !whole {
		return 0, nil
	}
	status, _, _ := strings.Cut(string(head), "\r\n")
	if !strings.HasPrefix(status, "HTTP/1.1 101 ") {
		return 0, fmt.Errorf("upgrade refused: %q", status)
	}
	if got := Header(head, "Sec-WebSocket-Accept"); got != accept(key) {
		return 0, fmt.Errorf("upgrade answered with the wrong key %q", got)
	}
	return len(head) + 4, nil
}

// Header is the value of a header in an HTTP head, or empty.
func Header(head []byte, name string) string {
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		field, value, found := strings.Cut(string(line), ":")
		if found && strings.EqualFold(field, name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func accept(requestKey string) string {
	sum := sha1.Sum([]byte(requestKey + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}
