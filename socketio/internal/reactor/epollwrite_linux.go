package reactor

import (
	"errors"

	"golang.org/x/sys/unix"
)

// writable follows an event for output.
func (c *epollConn) writable() {
	c.mu.Lock()
	if c.is(stateBlocked) {
		c.state &^= stateBlocked
		c.write()
		if !c.is(stateBlocked) && !c.is(stateClosed) {
			c.loop.interest(unix.EPOLL_CTL_MOD, c, false) // fails never: c is registered
		}
	}
	c.mu.Unlock()
}

// writeSoon is c's turn in a round of the loop's writer.
func (c *epollConn) writeSoon() {
	c.mu.Lock()
	c.state &^= stateDirty
	if !c.is(stateReading) {
		c.write()
	}
	c.mu.Unlock()
}

// takeSoon is c's turn where the loop's writer makes the system call. If it
// reports true, gaveSoon has to follow.
func (c *epollConn) takeSoon() (taken queue, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state &^= stateDirty
	if c.is(stateReading) {
		return queue{}, false
	}
	return c.take()
}

// gaveSoon follows takeSoon, with what is left of the queue.
func (c *epollConn) gaveSoon(rest queue, n int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrote(rest, n, err)
}

// write gives the kernel what waits, as far as it takes it. c.mu is held, but
// not during system calls, so that nobody who queues has to wait for one.
func (c *epollConn) write() {
	taken, ok := c.take()
	if !ok {
		return
	}
	c.mu.Unlock()
	n, err := c.loop.driver.writeQueue(int(c.fd), &taken)
	c.mu.Lock()
	c.wrote(taken, n, err)
}

// take makes the caller the one who writes, and hands it what waits. If it
// reports false there is nothing to write, or no way to. c.mu is held.
func (c *epollConn) take() (taken queue, ok bool) {
	const busy = stateWriting | stateBlocked | stateClosed
	if !c.is(stateStarted) || c.is(busy) {
		return queue{}, false
	}
	if c.queue.empty() {
		c.finish()
		return queue{}, false
	}
	taken, c.queue = c.queue, queue{}
	c.state |= stateWriting
	return taken, true
}

// wrote follows take: the kernel has taken n bytes, rest is left, and err
// says why if that is not for want of time. c.mu is held.
func (c *epollConn) wrote(rest queue, n int, err error) {
	c.state &^= stateWriting
	if c.is(stateClosed) {
		rest.drop(&c.loop.driver.blocks)
		if c.is(stateDisposed) {
			c.release()
		}
		return
	}
	c.queue.prepend(rest)
	c.waiting -= n
	c.written += uint32(n)
	switch {
	case errors.Is(err, unix.EAGAIN):
		c.state |= stateBlocked
		if c.is(stateRegistered) {
			c.loop.interest(unix.EPOLL_CTL_MOD, c, true) // fails never: c is registered
		}
	case err == unix.EINTR:
		c.writeLater()
	case err != nil:
		c.state |= stateFailed
		c.close()
	case c.queue.empty():
		c.finish()
	default:
		c.writeLater()
	}
}
