package socketio_test

import (
	"context"
	"errors"
	"testing"

	"parley/socketio"
	"parley/socketio/parser"
	"parley/socketio/parser/msgpack"
	"parley/socketio/socketiotest"
)

// packed is a connection that speaks MessagePack.
type packed struct {
	t    *testing.T
	conn *socketiotest.Conn
}

func dialPacked(t *testing.T, server *socketiotest.Server, transport string) *packed {
	conn, err := server.DialConn(testContext(t), &socketiotest.Options{Transport: transport})
	must(t, err)
	t.Cleanup(conn.Close)
	c := &packed{t, conn}
	c.send(parser.Packet{Type: parser.Connect, Namespace: "/"})
	if p := c.next(); p.Type != parser.Connect {
		t.Fatalf("got %+v", p)
	}
	return c
}

func (c *packed) send(p parser.Packet) {
	c.t.Helper()
	message, err := msgpack.Parser{}.Encode(&p)
	must(c.t, err)
	must(c.t, c.conn.SendBinary(message))
}

func (c *packed) next() parser.Packet {
	c.t.Helper()
	m, err := c.conn.Next(testContext(c.t))
	must(c.t, err)
	p, err := msgpack.Parser{}.Decode(m.Data, parser.Limits{MaxAttachments: 10, MaxBytes: 1000})
	must(c.t, err)
	return p
}

func TestParser_ReplacesTheFormatOfPacketsBothWays(t *testing.T) {
	opts := quiet(t)
	opts.Parser = msgpack.Parser{}
	io := socketio.New(opts)
	io.HandleFunc("file", func(_ context.Context, e *socketio.Event) error {
		var name string
		var data []byte
		return errors.Join(e.Args.Scan(&name, &data), io.Emit("shared", name, data), e.Ack(len(data)))
	})
	server := start(t, io)
	for _, transport := range []string{socketiotest.WebSocket, socketiotest.Polling} {
		c := dialPacked(t, server, transport)
		payload := parser.Value{JSON: []byte(`["file","a.txt",{"_placeholder":true,"num":0}]`), Attachments: [][]byte{[]byte("DATA")}}
		c.send(parser.Packet{Type: parser.Event, Namespace: "/", ID: 7, HasID: true, Payload: payload})
		shared, ack := c.next(), c.next()
		if ack.Type == parser.Event { // a broadcast may leave a moment later
			shared, ack = ack, shared
		}
		if shared.Name != "shared" || string(shared.Payload.Attachments[0]) != "DATA" || string(shared.Args[0]) != `"a.txt"` {
			t.Errorf("%s: got %+v", transport, shared)
		}
		if ack.Type != parser.Ack || ack.ID != 7 || string(ack.Payload.JSON) != "[4]" {
			t.Errorf("%s: got %+v", transport, ack)
		}
	}
}

func TestParser_ClosesOnWhatItDoesNotKnow(t *testing.T) {
	opts := quiet(t)
	opts.Parser = msgpack.Parser{}
	server := start(t, socketio.New(opts))
	for name, offend := range map[string]func(c *packed) error{
		"text":    func(c *packed) error { return c.conn.Send(`2["text"]`) },
		"garbage": func(c *packed) error { return c.conn.SendBinary([]byte{0xC1}) },
	} {
		c := dialPacked(t, server, socketiotest.WebSocket)
		must(t, offend(c))
		if _, err := c.conn.Next(testContext(t)); !errors.Is(err, socketiotest.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
