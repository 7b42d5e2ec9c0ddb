package socketiotest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"parley/socketio/parser"
)

// link is a connection that clients of several namespaces share.
type link struct {
	conn    *Conn
	encoder parser.Encoder
	reading sync.WaitGroup

	sending sync.Mutex // keeps the parts of a packet together

	mu         sync.Mutex // guards the fields below
	err        error      // why it ended
	clients    map[string]*Client
	connecting map[string]*queue[parser.Packet] // answers that are awaited
}

func newLink(conn *Conn) *link {
	l := &link{conn: conn, clients: map[string]*Client{}, connecting: map[string]*queue[parser.Packet]{}}
	l.reading.Go(func() { l.end(l.read()) })
	return l
}

// connect connects to a namespace and waits for the answer.
func (l *link) connect(ctx context.Context, namespace string, auth any) (*Client, error) {
	p := parser.Packet{Type: parser.Connect, Namespace: namespace}
	if auth != nil {
		payload, err := parser.Object(auth)
		if err != nil {
			return nil, err
		}
		p.Payload.JSON = payload
	}
	c := &Client{link: l, namespace: namespace}
	answers := &queue[parser.Packet]{}
	l.mu.Lock()
	l.clients[namespace], l.connecting[namespace] = c, answers
	err := l.err
	l.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if err := l.send(p); err != nil {
		return nil, err
	}
	answer, err := answers.next(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", namespace, err)
	}
	return c.connected(answer)
}

// connected looks at the answer to a connect packet.
func (c *Client) connected(answer parser.Packet) (*Client, error) {
	if answer.Type == parser.ConnectError {
		refusal := &ConnectError{}
		if err := json.Unmarshal(answer.Payload.JSON, refusal); err != nil {
			return nil, err
		}
		return nil, refusal
	}
	var accepted struct{ SID, PID string }
	if err := json.Unmarshal(answer.Payload.JSON, &accepted); err != nil {
		return nil, fmt.Errorf("answer to connect: %w", err)
	}
	c.id, c.pid = accepted.SID, accepted.PID
	return c, nil
}

func (l *link) send(p parser.Packet) error {
	l.sending.Lock()
	defer l.sending.Unlock()
	if err := l.conn.Send(string(p.Text())); err != nil {
		return err
	}
	for _, data := range p.Payload.Attachments {
		if err := l.conn.SendBinary(data); err != nil {
			return err
		}
	}
	return nil
}

// read handles packets until the connection ends.
func (l *link) read() error {
	decoder := parser.Decoder{Limits: &parser.Limits{MaxAttachments: 1000, MaxBytes: maxMessage}}
	for {
		m, err := l.conn.Next(context.Background())
		if err != nil {
			return err
		}
		decode := decoder.Text
		if m.Binary {
			decode = decoder.Binary
		}
		p, complete, err := decode(m.Data)
		if err != nil {
			return err
		}
		if complete {
			l.receive(&p)
		}
	}
}

func (l *link) receive(p *parser.Packet) {
	l.mu.Lock()
	c, answers := l.clients[p.Namespace], l.connecting[p.Namespace]
	if p.Type == parser.Connect || p.Type == parser.ConnectError {
		delete(l.connecting, p.Namespace)
	}
	l.mu.Unlock()
	switch {
	case p.Type == parser.Connect || p.Type == parser.ConnectError:
		if answers != nil {
			answers.push(*p)
		}
	case c != nil:
		c.receive(p)
	}
}

// end fails whatever waits.
func (l *link) end(err error) {
	l.mu.Lock()
	l.err = err
	answers := slices.Collect(maps.Values(l.connecting))
	clients := slices.Collect(maps.Values(l.clients))
	l.mu.Unlock()
	for _, a := range answers {
		a.fail(err)
	}
	for _, c := range clients {
		c.end(err)
	}
}

func (l *link) ended() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func (l *link) close() {
	l.conn.Close()
	l.reading.Wait()
}
