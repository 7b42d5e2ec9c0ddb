package wsconn

import (
	"crypto/sha1"
	"encoding/base64"
	"net"
	"net/http"
	"strings"
)

// HandshakeError says why a request cannot be upgraded. Nothing has been
// written to its client yet.
type HandshakeError struct {
	Status int // HTTP status to answer with
	Text   string
}

func (e *HandshakeError) Error() string { return "websocket handshake: " + e.Text }

// Upgraded is a connection after Upgrade. The response has not been written:
// it is left to whoever writes the first frame, so that both leave together.
type Upgraded struct {
	Conn     net.Conn
	Response []byte // "HTTP/1.1 101 …", to be sent before any frame
	Buffered []byte // what the client has sent after its request already
	Deflate  bool   // permessage-deflate is agreed on
}

// IsUpgrade reports whether r asks for a WebSocket, rightly or not.
func IsUpgrade(r *http.Request) bool {
	return hasToken(r.Header["Upgrade"], "websocket")
}

// Upgrade checks the opening handshake (RFC 6455, section 4.2) and takes the
// connection over from net/http. The headers that w has are part of the
// response. With deflate, permessage-deflate is agreed on if the client offers
// it. On a *HandshakeError the caller still owns w.
func Upgrade(w http.ResponseWriter, r *http.Request, deflate bool) (*Upgraded, error) {
	if err := checkHandshake(w.Header(), r); err != nil {
		return nil, err
	}
	nc, buffer, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, &HandshakeError{http.StatusInternalServerError, "connection cannot be taken over"}
	}
	extension := ""
	if deflate {
		extension = negotiateDeflate(r.Header["Sec-Websocket-Extensions"])
	}
	up := &Upgraded{Conn: nc, Deflate: extension != ""}
	up.Response = response(w.Header(), r.Header.Get("Sec-Websocket-Key"), extension)
	if n := buffer.Reader.Buffered(); n > 0 {
		up.Buffered = make([]byte, n)
		buffer.Reader.Read(up.Buffered) // from its buffer: all of it, without error
	}
	return up, nil
}

func checkHandshake(out http.Header, r *http.Request) error {
	switch {
	case r.Method != http.MethodGet:
		return &HandshakeError{http.StatusMethodNotAllowed, "method is not GET"}
	case !r.ProtoAtLeast(1, 1):
		return &HandshakeError{http.StatusBadRequest, "HTTP version is below 1.1"}
	case !IsUpgrade(r) || !hasToken(r.Header["Connection"], "upgrade"):
		return &HandshakeError{http.StatusBadRequest, "not an upgrade to websocket"}
	case r.Header.Get("Sec-Websocket-Version") != "13":
		out.Set("Sec-WebSocket-Version", "13")
		return &HandshakeError{http.StatusUpgradeRequired, "version is not 13"}
	}
	keys := r.Header["Sec-Websocket-Key"]
	if len(keys) != 1 {
		return &HandshakeError{http.StatusBadRequest, "not exactly one key"}
	}
	if nonce, err := base64.StdEncoding.DecodeString(keys[0]); err != nil || len(nonce) != 16 {
		return &HandshakeError{http.StatusBadRequest, "key is not 16 bytes in base64"}
	}
	return nil
}

func response(extra http.Header, key, extension string) []byte {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	b := make([]byte, 0, 160)
	b = append(b, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "...)
	b = base64.StdEncoding.AppendEncode(b, sum[:])
	b = append(b, "\r\n"...)
	if extension != "" {
		b = append(b, "Sec-WebSocket-Extensions: "+extension+"\r\n"...)
	}
	for name, values := range extra {
		for _, value := range values {
			b = append(b, name+": "+headerValue.Replace(value)+"\r\n"...)
		}
	}
	return append(b, "\r\n"...)
}

// headerValue keeps a value from ending its line, as net/http does.
var headerValue = strings.NewReplacer("\n", " ", "\r", " ")

// hasToken reports whether one of the comma-separated lists has token, in any
// case.
func hasToken(lists []string, token string) bool {
	for _, list := range lists {
		for part := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}
