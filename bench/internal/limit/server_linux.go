// Package limit is the least server that can do the benchmark's work: one thread, one epoll, no timers, no timeouts,
// no checks, just enough Socket.IO for the load handlers. What it costs is the price of the kernel and of the bytes;
// a real server's distance to it is what that server adds. All frames that one round of events made for a recipient
// leave in one write.
package limit

import (
	"context"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// Server serves until its context ends. It must not be used twice.
type Server struct {
	epoll    int
	listener int
	wake     int
	clients  []*client // by descriptor
	all      []*client // who joined
	rooms    map[string][]*client
	dirty    []*client // who have something to send since the last flush
	spare    [][]byte  // empty buffers for what clients have to get
	in       []byte
	frame    []byte
	text     []byte
	sids     uint64
}

// Listen opens an IPv4 address such as 127.0.0.1:0.
func Listen(address string) (*Server, error) {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s := &Server{rooms: map[string][]*client{}, in: make([]byte, 64<<10)}
	if s.listener, err = listenSocket(at); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if s.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return nil, fmt.Errorf("open eventfd: %w", err)
	}
	if s.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("open epoll: %w", err)
	}
	for _, fd := range []int{s.listener, s.wake} {
		event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}
		if err := unix.EpollCtl(s.epoll, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
			return nil, fmt.Errorf("watch the listener: %w", err)
		}
	}
	return s, nil
}

// Address is where it listens.
func (s *Server) Address() (string, error) {
	name, err := unix.Getsockname(s.listener)
	if err != nil {
		return "", fmt.Errorf("read own address: %w", err)
	}
	at, ok := name.(*unix.SockaddrInet4)
	if !ok {
		return "", fmt.Errorf("own address is a %T", name)
	}
	return netip.AddrPortFrom(netip.AddrFrom4(at.Addr), uint16(at.Port)).String(), nil
}

// Serve returns nil when ctx has ended, with every connection closed.
func (s *Server) Serve(ctx context.Context) error {
	ended := context.AfterFunc(ctx, func() {
		_, _ = unix.Write(s.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0}) // an eventfd takes eight bytes
	})
	defer s.close()
	defer ended()
	events := make([]unix.EpollEvent, 512)
	for ctx.Err() == nil {
		n, err := unix.EpollWait(s.epoll, events, -1)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return fmt.Errorf("wait for events: %w", err)
		}
		for _, event := range events[:n] {
			s.handle(int(event.Fd), event.Events)
		}
		s.flushAll()
	}
	return nil
}

func (s *Server) close() {
	for _, c := range s.clients {
		if c != nil {
			s.drop(c)
		}
	}
	for _, fd := range []int{s.listener, s.wake, s.epoll} {
		_ = unix.Close(fd) // nothing can be done about it
	}
}

func (s *Server) handle(fd int, events uint32) {
	if fd == s.listener {
		s.accept()
		return
	}
	if fd >= len(s.clients) || s.clients[fd] == nil {
		return
	}
	c := s.clients[fd]
	if events&unix.EPOLLOUT != 0 {
		s.mark(c)
	}
	if events&^unix.EPOLLOUT != 0 {
		s.receive(c)
	}
}

// accept takes one connection per round, so that the others get their turn.
func (s *Server) accept() {
	fd, _, err := unix.Accept4(s.listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
	if err != nil {
		return // the client has gone already, or the next round will do
	}
	for len(s.clients) <= fd {
		s.clients = append(s.clients, nil)
	}
	c := &client{fd: int32(fd)}
	s.clients[fd] = c
	event := c.interest()
	if unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1) != nil ||
		unix.EpollCtl(s.epoll, unix.EPOLL_CTL_ADD, fd, &event) != nil {
		s.drop(c)
	}
}
