package socketiotest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// Transports of Options.
const (
	WebSocket = "websocket"
	Polling   = "polling"
)

// ErrClosed is the error of a connection that was closed, by either side.
var ErrClosed = errors.New("socketiotest: connection closed")

// Options configures a client. The zero value is ready to use.
type Options struct {
	Transport  string       // default WebSocket
	Path       string       // default "/socket.io/"
	Namespace  string       // default "/"
	Auth       any          // the payload of the connect packet, an object; default none
	Query      url.Values   // added to the first request
	Header     http.Header  // added to all requests
	HTTPClient *http.Client // default one that reaches the server, else http.DefaultClient
}

func (o *Options) withDefaults() Options {
	var opts Options
	if o != nil {
		opts = *o
	}
	if opts.Transport == "" {
		opts.Transport = WebSocket
	}
	if opts.Path == "" {
		opts.Path = "/socket.io/"
	}
	if opts.Namespace == "" {
		opts.Namespace = "/"
	}
	if opts.HTTPClient == nil {
		opts.HTTPClient = http.DefaultClient
	}
	return opts
}

// Message is one message of an Engine.IO connection.
type Message struct {
	Data   []byte
	Binary bool
}

// Handshake is what the server says when a connection opens. Times are in
// milliseconds.
type Handshake struct {
	SID          string   `json:"sid"`
	Upgrades     []string `json:"upgrades"`
	PingInterval int      `json:"pingInterval"`
	PingTimeout  int      `json:"pingTimeout"`
	MaxPayload   int      `json:"maxPayload"`
}

// Conn is an Engine.IO connection, for tests that want to see or send what a
// Client would not. It answers pings.
type Conn struct {
	Handshake Handshake

	transport transport
	messages  queue[Message]
	reading   sync.WaitGroup
}

// transport carries packets: text, a type and data, or binary data.
type transport interface {
	send(packet string) error
	sendBinary(data []byte) error
	// read hands packets to take until the connection ends.
	read(take func(packet []byte, binary bool)) error
	close()
}

// DialConn opens an Engine.IO connection. Options about namespaces are not
// looked at.
func DialConn(ctx context.Context, serverURL string, opts *Options) (*Conn, error) {
	o := opts.withDefaults()
	dial := dialWebSocket
	if o.Transport == Polling {
		dial = dialPolling
	}
	c := &Conn{}
	t, open, err := dial(ctx, strings.TrimSuffix(serverURL, "/")+o.Path, &o)
	if err != nil {
		return nil, err
	}
	c.transport = t
	if len(open) == 0 || open[0] != '0' || json.Unmarshal(open[1:], &c.Handshake) != nil {
		t.close()
		return nil, fmt.Errorf("socketiotest: not an open packet: %.100q", open)
	}
	if p, ok := t.(*polling); ok {
		p.sid = c.Handshake.SID
	}
	c.reading.Go(func() {
		c.messages.fail(errors.Join(ErrClosed, t.read(c.take)))
	})
	return c, nil
}

// take handles one packet.
func (c *Conn) take(packet []byte, binary bool) {
	switch {
	case binary:
		c.messages.push(Message{packet, true})
	case len(packet) == 0:
	case packet[0] == '4':
		c.messages.push(Message{packet[1:], false})
	case packet[0] == '2':
		c.reading.Go(func() { _ = c.transport.send("3") }) // a failure shows in read
	case packet[0] == '1':
		c.messages.fail(ErrClosed)
	}
}

// Send sends a text message.
func (c *Conn) Send(text string) error { return c.transport.send("4" + text) }

// SendBinary sends a binary message.
func (c *Conn) SendBinary(data []byte) error { return c.transport.sendBinary(data) }

// Next waits for the next message. After the end of the connection, and of
// what came before it, its error is ErrClosed.
func (c *Conn) Next(ctx context.Context) (Message, error) { return c.messages.next(ctx) }

// Close closes the connection.
func (c *Conn) Close() {
	c.messages.fail(ErrClosed)
	c.transport.close()
	c.reading.Wait()
}

// request makes a request of the transport.
func (o *Options) request(ctx context.Context, method, address string, query url.Values) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, err
	}
	query.Set("EIO", "4")
	query.Set("transport", o.Transport)
	r.URL.RawQuery = query.Encode()
	for name, values := range o.Header {
		r.Header[name] = values
		if name == "Host" {
			r.Host = values[0]
		}
	}
	return r, nil
}
