package socketiotest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"parley/socketio"
	"parley/socketio/parser"
)

// ErrDisconnected is the error of a client that the server has disconnected
// from its namespace.
var ErrDisconnected = errors.New("socketiotest: disconnected by the server")

// ConnectError is the server's refusal of a connection to a namespace.
type ConnectError struct {
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data"` // nil if there was none
}

func (e *ConnectError) Error() string { return "connect_error: " + e.Message }

// Event is an event that the server sent.
type Event struct {
	Name string
	Args socketio.Args

	client *Client
	id     uint64
	hasID  bool
}

// Ack acknowledges the event. It is a no-op if the server did not ask for it.
func (e *Event) Ack(args ...any) error {
	if !e.hasID {
		return nil
	}
	payload, err := e.client.link.encoder.Array(args...)
	if err != nil {
		return err
	}
	return e.client.send(parser.Packet{Type: parser.Ack, ID: e.id, HasID: true, Payload: payload})
}

// Client is a client of one namespace. Its methods may be called from any
// goroutine.
type Client struct {
	link      *link
	namespace string
	id, pid   string
	events    queue[*Event]

	mu      sync.Mutex // guards the fields below
	lastAck uint64
	acks    map[uint64]*queue[socketio.Args]
}

// Dial connects a client to a server, of which the URL has no path. If the
// server refuses, the error is a *ConnectError.
func Dial(ctx context.Context, serverURL string, opts *Options) (*Client, error) {
	conn, err := DialConn(ctx, serverURL, opts)
	if err != nil {
		return nil, err
	}
	l := newLink(conn)
	o := opts.withDefaults()
	c, err := l.connect(ctx, o.Namespace, o.Auth)
	if err != nil {
		l.close()
		return nil, err
	}
	return c, nil
}

// Connect connects to another namespace over the same connection.
func (c *Client) Connect(ctx context.Context, namespace string, auth any) (*Client, error) {
	return c.link.connect(ctx, namespace, auth)
}

// ID is the id that the server gave the socket.
func (c *Client) ID() string { return c.id }

// PID is the secret with which a client may go on where this one ended, "" if
// the server does not offer it; see socketio.Recovery. It is sent, as pid, with
// the last string that an event has ended with, as offset, in Options.Auth.
func (c *Client) PID() string { return c.pid }

// Conn is the connection under the client. Its messages are the client's.
func (c *Client) Conn() *Conn { return c.link.conn }

// Emit sends an event. Arguments are as in socketio's Socket.Emit.
func (c *Client) Emit(event string, args ...any) error {
	return c.emit(parser.Packet{}, event, args)
}

func (c *Client) emit(p parser.Packet, event string, args []any) error {
	payload, err := c.link.encoder.Array(append([]any{event}, args...)...)
	if err != nil {
		return err
	}
	p.Type, p.Payload = parser.Event, payload
	return c.send(p)
}

func (c *Client) send(p parser.Packet) error {
	p.Namespace = c.namespace
	return c.link.send(p)
}

// Call sends an event and waits for its acknowledgement.
func (c *Client) Call(ctx context.Context, event string, args ...any) (socketio.Args, error) {
	answer := &queue[socketio.Args]{}
	c.mu.Lock()
	if c.acks == nil {
		c.acks = map[uint64]*queue[socketio.Args]{}
	}
	id := c.lastAck
	c.lastAck++
	c.acks[id] = answer
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.acks, id)
		c.mu.Unlock()
	}()
	if err := c.link.ended(); err != nil {
		return socketio.Args{}, err
	}
	if err := c.emit(parser.Packet{ID: id, HasID: true}, event, args); err != nil {
		return socketio.Args{}, err
	}
	return answer.next(ctx)
}

// Next waits for the next event. After the end of the connection, and of what
// came before it, its error is ErrDisconnected or ErrClosed.
func (c *Client) Next(ctx context.Context) (*Event, error) { return c.events.next(ctx) }

// Expect waits for the next event, which must have this name, and scans its
// arguments as Args.Scan does.
func (c *Client) Expect(ctx context.Context, name string, dest ...any) error {
	e, err := c.Next(ctx)
	if err != nil {
		return fmt.Errorf("wait for event %q: %w", name, err)
	}
	if e.Name != name {
		return fmt.Errorf("got event %q with %s, want %q", e.Name, e.Args.Raw, name)
	}
	return e.Args.Scan(dest...)
}

// Disconnect leaves the namespace; the connection stays.
func (c *Client) Disconnect() error {
	err := c.send(parser.Packet{Type: parser.Disconnect})
	c.end(ErrClosed)
	return err
}

// Close closes the connection under the client.
func (c *Client) Close() { c.link.close() }

func (c *Client) receive(p *parser.Packet) {
	args := socketio.Args{Raw: p.Args, Attachments: p.Payload.Attachments}
	switch p.Type {
	case parser.Event:
		c.events.push(&Event{Name: p.Name, Args: args, client: c, id: p.ID, hasID: p.HasID})
	case parser.Ack:
		c.mu.Lock()
		answer := c.acks[p.ID]
		c.mu.Unlock()
		if answer != nil {
			answer.push(args)
		}
	case parser.Disconnect:
		c.end(ErrDisconnected)
	}
}

// end fails whatever waits.
func (c *Client) end(err error) {
	c.events.fail(err)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, answer := range c.acks {
		answer.fail(err)
	}
}
