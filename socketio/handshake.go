package socketio

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"
)

// Handshake tells how a client connected: what it sent with its first HTTP
// request, and the auth value of its connect packet.
type Handshake struct {
	Headers http.Header     // of the first request, without those of the WebSocket upgrade
	URL     string          // of the first request
	Query   url.Values      // of the first request
	Auth    json.RawMessage // the object of the connect packet, nil if it had none
	Address string          // the remote address, "host:port"
	Secure  bool            // whether it came by TLS
	Time    time.Time       // when the connection was opened
}
