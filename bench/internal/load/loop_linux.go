package load

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"parley/bench/internal/check"
	"parley/bench/internal/protocol"
	"parley/bench/internal/ws"
)

// errLost means that the server closed a connection that nobody wanted closed.
var errLost = errors.New("the server closed the connection")

// loop drives connections. Everything happens in step, on the goroutine that calls it.
type loop struct {
	epoll    int
	address  netip.AddrPort
	protocol protocol.Protocol
	started  time.Time
	now      time.Duration // since started, read once per connection that has something to read
	conns    []*conn       // by descriptor
	turns    int           // connections dialed so far
	events   [128]unix.EpollEvent
	buf      []byte

	hear  func(*conn, protocol.Event) error // Ready, Deliver and Ack
	leave func(*conn) error                 // a connection in state closing is gone
}

func newLoop(address string, p protocol.Protocol) (*loop, error) {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !to.Addr().Is4() {
		return nil, fmt.Errorf("address %q is not an IPv4 address and a port", address)
	}
	if err := raiseDescriptors(); err != nil {
		return nil, err
	}
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("open epoll: %w", err)
	}
	return &loop{epoll: epoll, address: to, protocol: p, started: time.Now(), buf: make([]byte, 256<<10)}, nil
}

// close drops every connection.
func (l *loop) close() {
	for _, c := range l.conns {
		if c != nil {
			l.drop(c)
		}
	}
	_ = unix.Close(l.epoll) // nothing can be done about it
}

func (l *loop) clock() time.Duration {
	l.now = time.Since(l.started)
	return l.now
}

// dial starts a connection; hear gets Ready when it is in.
func (l *loop) dial(id int) (*conn, error) {
	fd, err := connectSocket(l.address, l.turns)
	if err != nil {
		return nil, err
	}
	l.turns++
	c := &conn{id: id, fd: fd, turn: int32(l.turns), visitor: check.NewVisitor(), blocked: true}
	for len(l.conns) <= fd {
		l.conns = append(l.conns, nil)
	}
	l.conns[fd] = c
	event := c.interest()
	if err := unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		return nil, fmt.Errorf("watch a connection: %w", err)
	}
	return c, nil
}

// step waits for events until the given time at the latest, and handles those that came.
func (l *loop) step(until time.Duration) error {
	n, err := waitEvents(l.epoll, l.events[:], until-l.clock())
	if err != nil {
		return err
	}
	for _, event := range l.events[:n] {
		c := l.conns[event.Fd]
		if c == nil || c.turn != event.Pad {
			continue // dropped by an earlier event of this step
		}
		if err := l.handle(c, event.Events); err != nil {
			return fmt.Errorf("client %d: %w", c.id, err)
		}
	}
	return nil
}

func (l *loop) handle(c *conn, events uint32) error {
	if c.state == dialing {
		return l.connected(c)
	}
	if events&unix.EPOLLOUT != 0 {
		if err := l.flush(c); err != nil {
			return err
		}
	}
	if events&(unix.EPOLLIN|unix.EPOLLHUP|unix.EPOLLERR) != 0 && c.state != gone {
		return l.receive(c)
	}
	return nil
}

func (l *loop) connected(c *conn) error {
	code, err := unix.GetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err == nil && code != 0 {
		err = unix.Errno(code)
	}
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	c.state = upgrading
	c.out = append(c.out, ws.Request(l.address.String(), l.protocol.Target())...)
	return l.flush(c)
}

func (l *loop) receive(c *conn) error {
	kept := copy(l.buf, c.in)
	n, errno := readSocket(c.fd, l.buf[kept:])
	switch {
	case errno == unix.EAGAIN || errno == unix.EINTR:
		return nil
	case errno != 0 || n == 0:
		return l.lost(c)
	}
	l.clock()
	rest, err := l.consume(c, l.buf[:kept+n])
	if err != nil {
		return err
	}
	if len(rest) == len(l.buf) {
		return fmt.Errorf("a frame over %d bytes", len(l.buf))
	}
	c.in = append(c.in[:0], rest...)
	return nil
}

// lost handles the end of the server's bytes, which is an error unless the client asked for it.
func (l *loop) lost(c *conn) error {
	if c.state != closing {
		return errLost
	}
	l.drop(c)
	return l.leave(c)
}

func (l *loop) drop(c *conn) {
	l.conns[c.fd] = nil
	c.state = gone
	_ = unix.Close(c.fd) // nothing can be done about it
}

// consume handles whole frames and returns what is left.
func (l *loop) consume(c *conn, data []byte) ([]byte, error) {
	if c.state == upgrading {
		n, err := ws.ParseResponse(data)
		if err != nil || n == 0 {
			return data, err
		}
		data, c.state = data[n:], opening
		if greeting := l.protocol.Greeting(); greeting != nil {
			if err := l.send(c, ws.Text, greeting); err != nil {
				return nil, err
			}
		}
	}
	for {
		frame, n, err := ws.Parse(data)
		if err != nil || n == 0 {
			return data, err
		}
		data = data[n:]
		if err := l.take(c, frame); err != nil || c.state == gone {
			return nil, err
		}
	}
}

func (l *loop) take(c *conn, frame ws.Frame) error {
	switch frame.Opcode {
	case ws.Text:
		return l.read(c, frame.Payload)
	case ws.Ping:
		return l.send(c, ws.Pong, frame.Payload)
	case ws.Pong:
		return nil
	case ws.Close:
		if c.state == closing {
			return nil // the end of the connection follows
		}
	}
	return fmt.Errorf("unexpected frame %d %.60q", frame.Opcode, frame.Payload)
}

// read tells hear what a text message says.
func (l *loop) read(c *conn, text []byte) error {
	for more := true; more; more = len(text) > 0 {
		event, rest, err := l.protocol.Next(text)
		if err != nil {
			return err
		}
		text = rest
		if event.Answer != nil && c.state != closing {
			if err := l.send(c, ws.Text, event.Answer); err != nil {
				return err
			}
		}
		if event.Kind == protocol.Ready && c.state == opening {
			c.state = open
		}
		if event.Kind != protocol.Other {
			if err := l.hear(c, event); err != nil {
				return err
			}
		}
	}
	return nil
}

// bye says farewell; leave follows when the server has closed.
func (l *loop) bye(c *conn) error {
	if farewell := l.protocol.Farewell(); farewell != nil {
		c.out = ws.AppendClient(c.out, ws.Text, farewell)
	}
	c.out = ws.AppendClient(c.out, ws.Close, []byte{0x03, 0xE8}) // 1000, a normal closure
	c.state = closing
	return l.flush(c)
}

func (l *loop) send(c *conn, opcode byte, payload []byte) error {
	c.out = ws.AppendClient(c.out, opcode, payload)
	return l.flush(c)
}

// flush writes what the socket takes; the rest follows when it takes more.
func (l *loop) flush(c *conn) error {
	for len(c.out) > 0 {
		n, errno := writeSocket(c.fd, c.out)
		if errno == unix.EAGAIN {
			break
		}
		if errno != 0 {
			return l.lost(c)
		}
		c.out = c.out[:copy(c.out, c.out[n:])]
	}
	if blocked := len(c.out) > 0; blocked != c.blocked {
		c.blocked = blocked
		event := c.interest()
		if err := unix.EpollCtl(l.epoll, unix.EPOLL_CTL_MOD, c.fd, &event); err != nil {
			return fmt.Errorf("watch a connection: %w", err)
		}
	}
	return nil
}
