package reactor

import (
	"fmt"
	"net"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// epoll is the driver for TCP and Unix sockets on Linux. It takes the
// descriptor from the Go connection and lets the latter go, so that an idle
// connection owns no goroutine and no buffer. Other connections, TLS above
// all, are left to the goroutines driver.
type epoll struct {
	others Driver
	single bool // every write is a system call of its own
	blocks blockPool
	iovecs iovecPool
	alive  sync.WaitGroup // connections whose descriptor is open

	mu    sync.Mutex // guards the fields below
	loops []*loop    // one per core, made for the first connection
	next  int        // loop of the next connection
	down  bool
}

func newEpoll(single bool) *epoll { return &epoll{others: NewGoroutines(), single: single} }

func (d *epoll) Attach(nc net.Conn, h Handler) (Conn, error) {
	switch nc.(type) {
	case *net.TCPConn, *net.UnixConn:
	default:
		return d.others.Attach(nc, h)
	}
	fd, err := takeDescriptor(nc)
	if err != nil {
		return nil, err
	}
	c, err := d.add(fd, h)
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return c, nil
}

// takeDescriptor returns a descriptor of its own for the connection, and
// closes nc in any case: the runtime forgets it, the peer does not notice.
func takeDescriptor(nc net.Conn) (int, error) {
	defer nc.Close()
	raw, err := nc.(syscall.Conn).SyscallConn()
	if err != nil {
		return -1, fmt.Errorf("reactor: take descriptor: %w", err)
	}
	fd := -1
	var dupErr error
	err = raw.Control(func(old uintptr) {
		fd, dupErr = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0)
	})
	if err == nil {
		err = dupErr
	}
	if err != nil {
		return -1, fmt.Errorf("reactor: duplicate descriptor: %w", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return -1, fmt.Errorf("reactor: make descriptor non-blocking: %w", err)
	}
	return fd, nil
}

// add gives a descriptor to one of the loops.
func (d *epoll) add(fd int, h Handler) (*epollConn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down {
		return nil, ErrShutdown
	}
	for len(d.loops) < runtime.GOMAXPROCS(0) && d.next == len(d.loops) {
		l, err := newLoop(d)
		if err != nil {
			return nil, err
		}
		d.loops = append(d.loops, l)
	}
	l := d.loops[d.next]
	d.next = (d.next + 1) % max(len(d.loops), runtime.GOMAXPROCS(0))
	c := &epollConn{loop: l, handler: h, fd: int32(fd)}
	l.add(c)
	d.alive.Add(1)
	return c, nil
}

func (d *epoll) Shutdown() {
	d.mu.Lock()
	d.down = true
	loops := d.loops
	d.loops = nil
	d.mu.Unlock()
	for _, l := range loops {
		l.closeAll()
	}
	d.others.Shutdown()
	d.alive.Wait()
	for _, l := range loops {
		l.stop()
	}
}
