package reactor

import (
	"errors"
	"sync"

	"golang.org/x/sys/unix"
)

// epollConn is a connection of the epoll driver.
//
// Its descriptor is closed once nobody uses it: the loop's reader disposes of
// the connection, and a writer that is in a system call then closes it after.
// Everybody else only shuts the socket down, which wakes the reader.
type epollConn struct {
	loop    *loop
	handler Handler
	fd      int32
	slot    int32

	mu      sync.Mutex // guards the fields below
	queue   queue      // not what the writer has taken
	waiting int        // bytes, including what the writer has taken
	written uint32
	state   connState
}

// connState is a set of facts about an epollConn.
type connState uint16

const (
	stateStarted    connState = 1 << iota
	stateRegistered           // epoll watches the descriptor
	stateReading              // the handler runs; what it sends is written after
	stateWriting              // somebody writes
	stateBlocked              // the kernel takes no more: epoll watches for output
	stateDirty                // in the loop's list for its next round
	stateFinishing            // the connection ends when nothing waits
	stateLinger               // with its sending half first
	stateFinished             // the sending half is closed, or the whole about to be
	stateServed               // the reader is at the end of its turn
	stateFailed               // a write failed
	stateClosed               // shut down, or about to be disposed of
	stateDisposed             // the descriptor is closed, or the writer will close it
)

var errWriteFailed = errors.New("reactor: write failed")

func (c *epollConn) is(s connState) bool { return c.state&s != 0 }

func (c *epollConn) Start(buffered []byte) {
	c.mu.Lock()
	if c.is(stateClosed) {
		c.mu.Unlock()
		c.dispose(nil)
		return
	}
	c.state |= stateStarted | stateReading
	c.mu.Unlock()
	if len(buffered) > 0 {
		c.handler.Read(buffered)
	}
	if c.endRead() {
		c.dispose(nil)
		return
	}
	c.mu.Lock()
	c.state |= stateRegistered
	err := c.loop.interest(unix.EPOLL_CTL_ADD, c, c.is(stateBlocked))
	c.mu.Unlock()
	if err != nil {
		c.dispose(err)
	}
}

func (c *epollConn) Queue(b []byte, soon bool) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(b) == 0 || c.is(stateClosed|stateFinishing) {
		return c.waiting
	}
	c.queue.push(&c.loop.driver.blocks, b)
	c.waiting += len(b)
	if soon {
		c.writeLater()
	}
	return c.waiting
}

// writeLater leaves the writing to the loop, unless somebody does it anyway.
// c.mu is held.
func (c *epollConn) writeLater() {
	if !c.is(stateStarted) || c.is(stateReading|stateWriting|stateBlocked|stateDirty|stateClosed) {
		return
	}
	c.state |= stateDirty
	c.loop.soon(c)
}

func (c *epollConn) Flush() {
	c.mu.Lock()
	if !c.is(stateReading) {
		c.write()
	}
	c.mu.Unlock()
}

func (c *epollConn) Backlog() (int, uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waiting, c.written
}

func (c *epollConn) Congested() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.is(stateBlocked) || c.waiting >= congestion
}

func (c *epollConn) Finish(linger bool) {
	c.mu.Lock()
	c.state |= stateFinishing
	if linger {
		c.state |= stateLinger
	}
	if !c.is(stateReading) {
		c.write()
	}
	c.mu.Unlock()
}

func (c *epollConn) Close() {
	c.mu.Lock()
	c.close()
	c.mu.Unlock()
}

// close shuts the socket down, which makes the loop's reader dispose of it.
// c.mu is held.
func (c *epollConn) close() {
	if c.is(stateClosed) {
		return
	}
	c.state |= stateClosed
	c.queue.drop(&c.loop.driver.blocks)
	c.waiting = 0
	if c.is(stateStarted) {
		unix.Shutdown(int(c.fd), unix.SHUT_RDWR) // fails if the peer was faster: the reader is awake then
	}
}

// beginRead reports false if the connection takes no more input.
func (c *epollConn) beginRead() bool {
	c.mu.Lock()
	if c.is(stateClosed) {
		c.mu.Unlock()
		c.dispose(nil)
		return false
	}
	c.state |= stateReading
	c.mu.Unlock()
	return true
}

// endRead writes what the handler has sent meanwhile. It reports true when the
// connection is finished and has to be disposed of.
func (c *epollConn) endRead() (over bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = c.state&^stateReading | stateServed
	c.write()
	c.state &^= stateServed
	return c.is(stateFinished) && !c.is(stateLinger|stateClosed)
}

// finish ends the connection, or its sending half, if that is asked for. c.mu
// is held.
func (c *epollConn) finish() {
	if !c.is(stateFinishing) || c.is(stateFinished) {
		return
	}
	c.state |= stateFinished
	switch {
	case c.is(stateLinger):
		unix.Shutdown(int(c.fd), unix.SHUT_WR) // fails if the peer was faster
	case !c.is(stateServed): // else the reader disposes of it at once
		c.close()
	}
}

// dispose ends the connection. Only the loop's reader may call it, and Start
// while the reader does not know the connection.
func (c *epollConn) dispose(err error) {
	c.mu.Lock()
	switch {
	case c.is(stateFailed) && err == nil:
		err = errWriteFailed
	case c.is(stateClosed) && !c.is(stateFailed):
		err = nil // what follows Close is no error
	}
	c.state |= stateClosed | stateDisposed
	c.queue.drop(&c.loop.driver.blocks)
	c.waiting = 0
	if c.is(stateRegistered) {
		c.loop.interest(unix.EPOLL_CTL_DEL, c, false) // a writer may keep the descriptor open
	}
	if !c.is(stateWriting) {
		c.release()
	}
	c.mu.Unlock()
	c.loop.remove(c)
	c.handler.Closed(err)
}

// release closes the descriptor. c.mu is held.
func (c *epollConn) release() {
	unix.Close(int(c.fd))
	c.loop.driver.alive.Done()
}
