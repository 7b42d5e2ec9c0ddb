package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"parley/bench/internal/ws"
)

// client is one person's socket, lean enough that a thousand of them can be told a thousand messages a second: what
// comes is handed on as it came.
type client struct {
	conn net.Conn
	take func(text []byte) // called for each packet of Socket.IO, in order; what it gets is gone after the call
	buf  []byte

	mu   sync.Mutex // guards the fields below, and writing
	next uint64
	acks map[uint64]chan []byte
}

// connect opens a socket for a token and waits until the server says ready.
func connect(ctx context.Context, address, token string, take func(text []byte)) (*client, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	c := &client{conn: conn, take: take, acks: map[uint64]chan []byte{}}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := c.enter(address, token); err != nil {
		conn.Close()
		return nil, fmt.Errorf("connect: %w", err)
	}
	return c, nil
}

// enter does the handshakes of WebSocket, Engine.IO and Socket.IO.
func (c *client) enter(address, token string) error {
	if _, err := c.conn.Write(ws.Request(address, "/socket.io/?EIO=4&transport=websocket")); err != nil {
		return err
	}
	n := 0
	for n == 0 {
		if err := c.fill(); err != nil {
			return err
		}
		var err error
		if n, err = ws.ParseResponse(c.buf); err != nil {
			return err
		}
	}
	c.buf = c.buf[n:]
	ready, take := false, c.take
	c.take = func(text []byte) { ready = ready || bytes.HasPrefix(text, []byte(`42["ready"`)) }
	defer func() { c.take = take }()
	if err := c.write([]byte(`40{"token":"` + token + `"}`)); err != nil {
		return err
	}
	for {
		if err := c.drain(); err != nil {
			return err
		}
		if ready {
			return nil
		}
		if err := c.fill(); err != nil {
			return err
		}
	}
}

// fill reads once. What is left of the buffer goes to its beginning, so that idle clients keep little.
func (c *client) fill() error {
	const least = 2 << 10
	if cap(c.buf)-len(c.buf) < least {
		c.buf = append(make([]byte, 0, max(2*least, 2*len(c.buf))), c.buf...)
	}
	n, err := c.conn.Read(c.buf[len(c.buf):cap(c.buf)])
	c.buf = c.buf[:len(c.buf)+n]
	return err
}

// listen reads until the connection ends.
func (c *client) listen() error {
	for {
		if err := c.drain(); err != nil {
			return err
		}
		if err := c.fill(); err != nil {
			return err
		}
	}
}

// drain handles the frames that are whole.
func (c *client) drain() error {
	at := 0
	for {
		frame, n, err := ws.Parse(c.buf[at:])
		if err != nil {
			return err
		}
		if n == 0 {
			c.buf = c.buf[:copy(c.buf, c.buf[at:])]
			return nil
		}
		at += n
		if err := c.frame(frame); err != nil {
			return err
		}
	}
}

func (c *client) frame(f ws.Frame) error {
	switch {
	case f.Opcode == ws.Close:
		return errors.New("closed by the server")
	case f.Opcode != ws.Text || len(f.Payload) == 0:
		return nil
	case f.Payload[0] == '2':
		return c.write([]byte("3"))
	case bytes.HasPrefix(f.Payload, []byte("44")):
		return fmt.Errorf("refused: %s", f.Payload[2:])
	case bytes.HasPrefix(f.Payload, []byte("43")):
		c.answer(f.Payload[2:])
		return nil
	}
	c.take(f.Payload)
	return nil
}

// answer hands an acknowledgement, such as 12[{"ok":true}], to who waits for it.
func (c *client) answer(text []byte) {
	digits, array, _ := bytes.Cut(text, []byte("["))
	id, err := strconv.ParseUint(string(digits), 10, 64)
	if err != nil {
		return
	}
	c.mu.Lock()
	waiting := c.acks[id]
	delete(c.acks, id)
	c.mu.Unlock()
	if waiting != nil {
		waiting <- bytes.Clone(bytes.TrimSuffix(array, []byte("]")))
	}
}

func (c *client) write(text []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.conn.Write(ws.AppendClient(nil, ws.Text, text))
	return err
}

// call emits an event and reads its answer into out.
func (c *client) call(event string, payload, out any) error {
	const patience = 30 * time.Second
	args, err := json.Marshal([]any{event, payload})
	if err != nil {
		return err
	}
	answer := make(chan []byte, 1)
	c.mu.Lock()
	c.next++
	id := c.next
	c.acks[id] = answer
	c.mu.Unlock()
	if err := c.write(append(strconv.AppendUint([]byte("42"), id, 10), args...)); err != nil {
		return err
	}
	select {
	case text := <-answer:
		var refused struct {
			OK    bool            `json:"ok"`
			Error json.RawMessage `json:"error"`
		}
		if err := errors.Join(json.Unmarshal(text, &refused), json.Unmarshal(text, out)); err != nil {
			return err
		}
		if !refused.OK {
			return fmt.Errorf("%s is refused: %s", event, refused.Error)
		}
		return nil
	case <-time.After(patience):
		return fmt.Errorf("%s has no answer after %v", event, patience)
	}
}
