package reactor

import (
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

const (
	// loopBufferSize is what a loop reads of one connection at a time.
	loopBufferSize = 64 << 10
	loopEvents     = 256
)

// loop is an epoll instance with two goroutines: one reads what has arrived,
// the other writes, round by round, what has been queued to be written soon.
// The epoll descriptor is itself watched by the Go runtime, so that a loop
// without work blocks no thread.
type loop struct {
	driver  *epoll
	fd      int
	file    *os.File // owns fd
	running sync.WaitGroup

	mu    sync.Mutex   // guards the fields below
	conns []*epollConn // by slot; events carry the slot
	free  []int32      // slots of conns that are nil

	dirtyMu sync.Mutex // guards dirty
	dirty   []*epollConn
	wake    chan struct{} // tells the writer that dirty is not empty; closed by stop

	buf    []byte                      // of the reader
	events [loopEvents]unix.EpollEvent // of the reader
	ready  [loopEvents]*epollConn      // of the reader
	round  []*epollConn                // of the writer
}

func newLoop(d *epoll) (*loop, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("reactor: create epoll: %w", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil { // so that os.NewFile has the runtime watch it
		unix.Close(fd)
		return nil, fmt.Errorf("reactor: prepare epoll: %w", err)
	}
	l := &loop{
		driver: d,
		fd:     fd,
		file:   os.NewFile(uintptr(fd), "epoll"),
		wake:   make(chan struct{}, 1),
		buf:    make([]byte, loopBufferSize),
	}
	raw, err := l.file.SyscallConn()
	if err != nil {
		l.file.Close()
		return nil, fmt.Errorf("reactor: watch epoll: %w", err)
	}
	l.running.Go(func() { raw.Read(l.readReady) })
	l.running.Go(l.writeRounds)
	return l, nil
}

// stop ends the goroutines. There must be no connections left.
func (l *loop) stop() {
	close(l.wake)
	l.file.Close()
	l.running.Wait()
}

func (l *loop) add(c *epollConn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.free); n > 0 {
		c.slot = l.free[n-1]
		l.free = l.free[:n-1]
		l.conns[c.slot] = c
		return
	}
	c.slot = int32(len(l.conns))
	l.conns = append(l.conns, c)
}

func (l *loop) remove(c *epollConn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns[c.slot] = nil
	l.free = append(l.free, c.slot)
	if len(l.free) == len(l.conns) {
		l.conns, l.free = nil, nil // give back the memory of a crowd that has gone
	}
}

func (l *loop) closeAll() {
	l.mu.Lock()
	conns := append([]*epollConn(nil), l.conns...)
	l.mu.Unlock()
	for _, c := range conns {
		if c != nil {
			c.Close()
		}
	}
}

// readReady handles what is ready until nothing is. It reports false to be
// called again when there is more.
func (l *loop) readReady(uintptr) bool {
	for {
		n, err := epollReady(l.fd, l.events[:])
		if err == unix.EINTR {
			continue
		}
		if n <= 0 {
			return false
		}
		l.mu.Lock()
		for i := range n {
			l.ready[i] = l.conns[l.events[i].Fd]
		}
		l.mu.Unlock()
		for i, c := range l.ready[:n] {
			l.handle(c, l.events[i].Events)
		}
		clear(l.ready[:n])
	}
}

// handle serves one connection. Only the loop's reader disposes of started
// connections, so an event is always about a live one.
func (l *loop) handle(c *epollConn, events uint32) {
	if events&unix.EPOLLOUT != 0 {
		c.writable()
	}
	if events&^unix.EPOLLOUT == 0 {
		return
	}
	n, err := read(int(c.fd), l.buf)
	switch {
	case n > 0:
		if c.beginRead() {
			c.handler.Read(l.buf[:n])
			if c.endRead() {
				c.dispose(nil)
			}
		}
	case err == unix.EAGAIN || err == unix.EINTR:
	case err != nil:
		c.dispose(os.NewSyscallError("read", err))
	default:
		c.dispose(nil)
	}
}

// soon has the writer write c in its next round.
func (l *loop) soon(c *epollConn) {
	l.dirtyMu.Lock()
	l.dirty = append(l.dirty, c)
	first := len(l.dirty) == 1
	l.dirtyMu.Unlock()
	if first {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}

// writeRounds is the writer. What is queued while a round is written leaves in
// the next one, together.
func (l *loop) writeRounds() {
	b := newBatch(l.driver)
	defer b.close()
	for range l.wake {
		for l.nextRound() {
			b.write(l.round)
			clear(l.round)
		}
	}
}

// nextRound takes the connections that have become dirty.
func (l *loop) nextRound() bool {
	l.dirtyMu.Lock()
	defer l.dirtyMu.Unlock()
	l.round, l.dirty = l.dirty, l.round[:0]
	return len(l.round) > 0
}

// interest tells epoll what to wait for on c: always input, output too if out
// is set.
func (l *loop) interest(op int, c *epollConn, out bool) error {
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: c.slot}
	if out {
		event.Events |= unix.EPOLLOUT
	}
	if err := unix.EpollCtl(l.fd, op, int(c.fd), &event); err != nil {
		return os.NewSyscallError("epoll_ctl", err)
	}
	return nil
}
