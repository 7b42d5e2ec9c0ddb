package reactor

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

func TestConn_FinishDeliversAndThenWaitsForThePeer(t *testing.T) {
	overAll(t, func(t *testing.T, d Driver, ours, theirs net.Conn) {
		o := attach(t, d, ours, false)
		o.conn.Start(nil)
		want := strings.Repeat("last words ", 100_000)
		o.conn.Queue([]byte(want), true)
		o.conn.Finish(true)
		theirs.SetReadDeadline(time.Now().Add(patience))
		got, err := io.ReadAll(theirs)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%d of %d bytes came", len(got), len(want))
		}
		theirs.Close()
		if err := o.wait(t); err != nil {
			t.Errorf("closed with %v", err)
		}
	})
}

func TestConn_FinishWithoutLingerClosesByItself(t *testing.T) {
	overAll(t, func(t *testing.T, d Driver, ours, theirs net.Conn) {
		o := attach(t, d, ours, false)
		o.conn.Start(nil)
		want := strings.Repeat("last words ", 100_000)
		o.conn.Queue([]byte(want), true)
		o.conn.Finish(false)
		theirs.SetReadDeadline(time.Now().Add(patience))
		got, err := io.ReadAll(theirs)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%d of %d bytes came", len(got), len(want))
		}
		if err := o.wait(t); err != nil { // though the peer has not closed
			t.Errorf("closed with %v", err)
		}
	})
}

func TestConn_FinishInsideReadClosesAfterTheAnswer(t *testing.T) {
	for name, newDriver := range drivers() {
		for _, early := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, buffered %v", name, early), func(t *testing.T) {
				d := newDriver()
				defer d.Shutdown()
				ours, theirs := pair(t)
				o := &parting{owner: owner{closed: make(chan struct{})}}
				conn, err := d.Attach(ours, o)
				if err != nil {
					t.Fatal(err)
				}
				o.conn = conn
				if early {
					conn.Start([]byte("bye"))
				} else {
					conn.Start(nil)
					io.WriteString(theirs, "bye")
				}
				got, err := io.ReadAll(theirs)
				if string(got) != "bye too" || err != nil {
					t.Errorf("got %q, %v", got, err)
				}
				o.wait(t)
			})
		}
	}
}

// parting is a Handler that answers and leaves.
type parting struct{ owner }

func (p *parting) Read([]byte) {
	p.conn.Queue([]byte("bye too"), false)
	p.conn.Finish(false)
}

func TestConn_CloseDropsWhatWaits(t *testing.T) {
	overAll(t, func(t *testing.T, d Driver, ours, theirs net.Conn) {
		o := attach(t, d, ours, false)
		o.conn.Start(nil)
		for range 1000 {
			o.conn.Queue(make([]byte, 64<<10), true)
		}
		await(t, "congestion", o.conn.Congested)
		o.conn.Close()
		o.conn.Close()
		if err := o.wait(t); err != nil {
			t.Errorf("closed with %v", err)
		}
		if waiting := o.conn.Queue([]byte("x"), true); waiting != 0 {
			t.Errorf("%d bytes wait on a closed connection", waiting)
		}
		o.conn.Flush()
		o.conn.Finish(true)
	})
}

func TestConn_ClosedBeforeItStarts(t *testing.T) {
	overAll(t, func(t *testing.T, d Driver, ours, theirs net.Conn) {
		o := attach(t, d, ours, false)
		o.conn.Queue([]byte("x"), true)
		o.conn.Close()
		o.conn.Start([]byte("y"))
		if err := o.wait(t); err != nil {
			t.Errorf("closed with %v", err)
		}
		if o.data.Len() != 0 {
			t.Error("Read was called")
		}
	})
}

func TestConn_FinishedBeforeItStarts(t *testing.T) {
	overAll(t, func(t *testing.T, d Driver, ours, theirs net.Conn) {
		o := attach(t, d, ours, false)
		o.conn.Queue([]byte("bye"), false)
		o.conn.Finish(true)
		o.conn.Start(nil)
		got, err := io.ReadAll(theirs)
		if string(got) != "bye" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
		theirs.Close()
		o.wait(t)
	})
}

func TestConn_AResetIsAnError(t *testing.T) {
	for name, newDriver := range drivers() {
		t.Run(name, func(t *testing.T) {
			d := newDriver()
			defer d.Shutdown()
			ours, theirs := pair(t)
			o := attach(t, d, ours, false)
			o.conn.Start(nil)
			theirs.(*net.TCPConn).SetLinger(0)
			theirs.Close()
			if err := o.wait(t); err == nil {
				t.Error("a reset looks like an orderly end")
			}
		})
	}
}

func TestDriver_ShutdownClosesWhatIsOpen(t *testing.T) {
	overAll(t, func(t *testing.T, d Driver, ours, theirs net.Conn) {
		o := attach(t, d, ours, false)
		o.conn.Start(nil)
		for range 1000 { // its writer is stuck
			o.conn.Queue(make([]byte, 64<<10), true)
		}
		d.Shutdown()
		select {
		case <-o.closed:
		default:
			t.Error("Shutdown returned before the connection was closed")
		}
		other, far := net.Pipe()
		defer far.Close()
		if _, err := d.Attach(other, o); !errors.Is(err, ErrShutdown) {
			t.Errorf("Attach after Shutdown: %v", err)
		}
	})
}
