package socketio

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"
)

// Handshake tells how a client connected: what it sent with its first HTTP
// request, and the auth value of its connect packet.
type Handshake struct {
	Headers http.Header     // of the first request, with Host, without those of the WebSocket upgrade
	URL     string          // of the first request
	Query   url.Values      // of the first request
	Auth    json.RawMessage // the object of the connect packet, nil if it had none
	Address string          // the remote address, "host:port"
	Secure  bool            // whether it came by TLS
	Time    time.Time       // when the connection was opened
}

// origin keeps the first request in the least memory, since few ask for it
// after the connect.
type origin struct {
	request string // scheme, URL and headers: "http /socket.io/?EIO=4\r\nHost: …\r\n"
	millis  int64  // since 1970
}

func originOf(r *http.Request) origin {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	var text bytes.Buffer
	for _, part := range []string{scheme, " ", r.URL.RequestURI(), "\r\nHost: ", r.Host, "\r\n"} {
		text.WriteString(part)
	}
	for name, values := range r.Header {
		if isOfUpgrade(name) {
			continue
		}
		for _, value := range values {
			for _, part := range []string{name, ": ", value, "\r\n"} {
				text.WriteString(part)
			}
		}
	}
	return origin{request: text.String(), millis: time.Now().UnixMilli()}
}

// isOfUpgrade reports whether a header is one of the WebSocket upgrade's.
func isOfUpgrade(name string) bool {
	switch name {
	case "Connection", "Upgrade", "Sec-Websocket-Key", "Sec-Websocket-Version", "Sec-Websocket-Extensions":
		return true
	default:
		return false
	}
}

func (o *origin) handshake() *Handshake {
	first, rest, _ := strings.Cut(o.request, "\r\n")
	scheme, uri, _ := strings.Cut(first, " ")
	h := &Handshake{URL: uri, Secure: scheme == "https", Time: time.UnixMilli(o.millis), Query: url.Values{}}
	if u, err := url.ParseRequestURI(uri); err == nil {
		h.Query = u.Query()
	}
	lines := textproto.NewReader(bufio.NewReader(strings.NewReader(rest + "\r\n")))
	headers, err := lines.ReadMIMEHeader()
	if err != nil { // net/http has read them before
		headers = textproto.MIMEHeader{}
	}
	h.Headers = http.Header(headers)
	return h
}
