package reactor

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 10 * time.Second

// owner is a Handler that collects what arrives.
type owner struct {
	conn Conn
	echo bool

	mu     sync.Mutex // guards the fields below
	data   bytes.Buffer
	err    error
	closed chan struct{}
}

func (o *owner) Read(data []byte) {
	o.mu.Lock()
	o.data.Write(data)
	o.mu.Unlock()
	if o.echo {
		o.conn.Queue(bytes.Clone(data), false)
		o.conn.Flush()
	}
}

func (o *owner) Closed(err error) {
	o.err = err
	close(o.closed) // panics if it is called twice
}

func (o *owner) wait(t *testing.T) error {
	t.Helper()
	select {
	case <-o.closed:
		return o.err
	case <-time.After(patience):
		t.Fatal("the connection is not closed")
		return nil
	}
}

// pair returns the two ends of a TCP connection on loopback.
func pair(t testing.TB) (ours, theirs net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	theirs, err = net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ours, err = listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { theirs.Close() })
	return ours, theirs
}

// attach returns a connection of the driver that has not been started.
func attach(t testing.TB, d Driver, nc net.Conn, echo bool) *owner {
	t.Helper()
	o := &owner{echo: echo, closed: make(chan struct{})}
	conn, err := d.Attach(nc, o)
	if err != nil {
		t.Fatal(err)
	}
	o.conn = conn
	return o
}

// overAll runs f with each driver and each kind of connection.
func overAll(t *testing.T, f func(t *testing.T, d Driver, ours, theirs net.Conn)) {
	for name, newDriver := range drivers() {
		t.Run(name, func(t *testing.T) {
			d := newDriver()
			defer d.Shutdown()
			ours, theirs := pair(t)
			f(t, d, ours, theirs)
		})
		t.Run(name+" over a pipe", func(t *testing.T) {
			d := newDriver()
			defer d.Shutdown()
			ours, theirs := net.Pipe()
			t.Cleanup(func() { theirs.Close() })
			f(t, d, ours, theirs)
		})
	}
}

func readFull(t *testing.T, nc net.Conn, n int) []byte {
	t.Helper()
	nc.SetReadDeadline(time.Now().Add(patience))
	b := make([]byte, n)
	if _, err := io.ReadFull(nc, b); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestConn_WhatWasQueuedBeforeStartLeavesFirst(t *testing.T) {
	overAll(t, func(t *testing.T, d Driver, ours, theirs net.Conn) {
		o := attach(t, d, ours, true)
		o.conn.Queue([]byte("queued "), false)
		o.conn.Flush()
		o.conn.Start([]byte("buffered "))
		if got := string(readFull(t, theirs, 16)); got != "queued buffered " {
			t.Errorf("got %q", got)
		}
		io.WriteString(theirs, "more")
		if got := string(readFull(t, theirs, 4)); got != "more" {
			t.Errorf("got %q", got)
		}
		theirs.Close()
		if err := o.wait(t); err != nil {
			t.Errorf("closed with %v", err)
		}
	})
}

func TestConn_KeepsTheOrderWhateverTheSizesAndTheReader(t *testing.T) {
	overAll(t, func(t *testing.T, d Driver, ours, theirs net.Conn) {
		o := attach(t, d, ours, false)
		o.conn.Start(nil)
		var want bytes.Buffer
		for i := range 2000 {
			b := []byte(strings.Repeat(fmt.Sprintf("%d,", i), 1+i*i%3000))
			want.Write(b)
			o.conn.Queue(b, i%3 == 0)
			if i%3 != 0 {
				o.conn.Flush()
			}
		}
		got := readFull(t, theirs, want.Len())
		if !bytes.Equal(got, want.Bytes()) {
			t.Error("bytes are lost or in another order")
		}
		await(t, "the backlog to be empty", func() bool {
			waiting, written := o.conn.Backlog()
			return waiting == 0 && written == uint32(want.Len())
		})
	})
}

func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
