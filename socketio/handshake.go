package socketio

import (
	"bufio"
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
	url     string
	headers string // as on the wire
	millis  int64  // since 1970
	secure  bool
}

func originOf(r *http.Request) origin {
	var headers strings.Builder
	headers.WriteString("Host: " + r.Host + "\r\n")
	_ = r.Header.WriteSubset(&headers, map[string]bool{ // a Builder does not fail
		"Connection": true, "Upgrade": true, "Sec-Websocket-Key": true,
		"Sec-Websocket-Version": true, "Sec-Websocket-Extensions": true,
	})
	return origin{url: r.URL.RequestURI(), headers: headers.String(), millis: time.Now().UnixMilli(), secure: r.TLS != nil}
}

func (o *origin) handshake() *Handshake {
	h := &Handshake{URL: o.url, Secure: o.secure, Time: time.UnixMilli(o.millis), Query: url.Values{}}
	if u, err := url.ParseRequestURI(o.url); err == nil {
		h.Query = u.Query()
	}
	lines := textproto.NewReader(bufio.NewReader(strings.NewReader(o.headers + "\r\n")))
	headers, err := lines.ReadMIMEHeader()
	if err != nil { // net/http has read them before
		headers = textproto.MIMEHeader{}
	}
	h.Headers = http.Header(headers)
	return h
}
