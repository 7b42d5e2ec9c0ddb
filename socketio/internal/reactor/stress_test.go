package reactor

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"sync"
	"testing"
)

// Connections that are used, finished, closed and cut from several goroutines
// at the same time, their descriptors being used again at once by others.
func TestStress_EveryEndIsExact(t *testing.T) {
	for name, newDriver := range drivers() {
		t.Run(name, func(t *testing.T) {
			d := newDriver()
			defer d.Shutdown()
			var running sync.WaitGroup
			for worker := range 4 * runtime.GOMAXPROCS(0) {
				running.Go(func() {
					for round := range 60 {
						useAndEnd(t, d, worker+round)
					}
				})
			}
			running.Wait()
		})
	}
}

// useAndEnd has one message echoed while others write, and ends the
// connection in the way that kind says.
func useAndEnd(t *testing.T, d Driver, kind int) {
	ours, theirs := pair(t)
	defer theirs.Close()
	o := attach(t, d, ours, true)
	o.conn.Start(nil)
	message := fmt.Sprintf("this is number %d\n", kind)
	io.WriteString(theirs, message)
	if got := string(readFull(t, theirs, len(message))); got != message {
		t.Errorf("%q was answered with %q", message, got)
	}
	var writers sync.WaitGroup
	for range 2 {
		writers.Go(func() {
			for i := range 20 {
				o.conn.Queue([]byte("noise"), i%2 == 0)
				o.conn.Flush()
			}
		})
	}
	switch kind % 5 {
	case 0:
		o.conn.Close()
	case 1:
		o.conn.Finish(kind%2 == 0)
		writers.Go(func() { io.Copy(io.Discard, theirs); theirs.Close() })
	case 2:
		theirs.Close()
	case 3:
		theirs.(*net.TCPConn).SetLinger(0)
		theirs.Close()
	case 4:
		writers.Go(o.conn.Close)
		theirs.Close()
	}
	o.wait(t)
	writers.Wait()
}
