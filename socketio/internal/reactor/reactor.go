// Package reactor drives connections: it knows who reads sockets, who writes
// them and who watches the time, so that the code above is a state machine
// with bytes in and bytes out.
//
// A Driver takes a connection over. There are two: one with a goroutine per
// connection, which works with every net.Conn, and on Linux one with an epoll
// loop per core for TCP and Unix sockets.
package reactor

import (
	"errors"
	"net"
)

// Handler is the owner of a connection. Its methods are called one at a time.
type Handler interface {
	// Read gets what has arrived, in a buffer of the driver's: it may be
	// modified and is valid during the call only. It must not block.
	Read(data []byte)
	// Closed is the last call: the connection is closed and released. err is
	// nil if the peer ended it in order or Close was called.
	Closed(err error)
}

// Conn is a connection in the hands of a driver. Its methods never block and
// may be called from any goroutine.
type Conn interface {
	// Start begins the work: what was queued leaves, and h gets first buffered,
	// which was read before, then what arrives. It is called once; until then
	// nothing is written.
	Start(buffered []byte)
	// Queue appends b, which must not change any more, to what waits to be
	// written, and returns how many bytes now do. With soon, the driver writes
	// it in its next round, together with what is queued until then; without,
	// Flush has to follow.
	Queue(b []byte, soon bool) (waiting int)
	// Flush writes what the connection takes now; the rest follows by itself.
	Flush()
	// Backlog returns how many bytes wait, and how many have been written
	// since the beginning, modulo 2^32.
	Backlog() (waiting int, written uint32)
	// Congested reports whether the connection does not take more bytes now.
	Congested() bool
	// Finish closes the connection after what is queued has been written.
	// What is queued after it is dropped. With linger, only the sending half closes,
	// and reading goes on until the peer closes too, so that nothing it still
	// sends makes the kernel drop what it has not read. A peer that has said
	// that it sends no more needs no linger.
	Finish(linger bool)
	// Close drops what waits and closes the connection.
	Close()
}

// Driver takes connections over.
type Driver interface {
	// Attach takes nc over on behalf of h. After an error nc is closed.
	Attach(nc net.Conn, h Handler) (Conn, error)
	// Shutdown closes every connection and waits until all are released.
	Shutdown()
}

// ErrShutdown is returned by Attach after Shutdown.
var ErrShutdown = errors.New("reactor: driver is shut down")
