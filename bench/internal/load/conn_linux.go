package load

import (
	"time"

	"golang.org/x/sys/unix"

	"parley/bench/internal/check"
)

type state byte

const (
	dialing   state = iota // until the socket is connected
	upgrading              // until the server agreed to WebSocket
	opening                // until the protocol lets the client in
	open
	closing // until the server closes
	gone
)

// conn is one client's connection.
type conn struct {
	id      int
	fd      int
	turn    int32 // tells connections apart that had the same descriptor
	state   state
	blocked bool          // waits until the socket takes more
	waiting bool          // for the answer to a request that everybody sends
	in      []byte        // the beginning of a frame that is not whole yet
	out     []byte        // what the socket has not taken yet
	visitor check.Visitor // for a client who came late
	due     time.Duration // when a visitor leaves
	asked   time.Duration // when the request was sent that is outstanding
}

func (c *conn) interest() unix.EpollEvent {
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(c.fd), Pad: c.turn}
	if c.blocked {
		event.Events |= unix.EPOLLOUT
	}
	return event
}
