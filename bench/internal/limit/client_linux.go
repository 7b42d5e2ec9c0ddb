package limit

import (
	"bytes"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"parley/bench/internal/protocol"
	"parley/bench/internal/ws"
)

// client is one connection.
type client struct {
	fd       int32
	upgraded bool
	joined   bool
	dirty    bool   // is in server.dirty
	blocked  bool   // waits until the socket takes more
	index    int32  // in server.all, once joined
	in       []byte // the beginning of a frame that is not whole yet
	out      []byte
	rooms    []string
}

func (c *client) interest() unix.EpollEvent {
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: c.fd}
	if c.blocked {
		event.Events |= unix.EPOLLOUT
	}
	return event
}

func (s *Server) receive(c *client) {
	kept := copy(s.in, c.in)
	n, errno := readSocket(int(c.fd), s.in[kept:])
	if errno == unix.EAGAIN {
		return
	}
	if errno != 0 || n == 0 {
		s.drop(c)
		return
	}
	rest := s.in[:kept+n]
	if !c.upgraded {
		rest = s.upgrade(c, rest)
	}
	for c.upgraded && s.clients[c.fd] == c {
		frame, n, err := ws.Parse(rest)
		if err != nil {
			s.drop(c)
			return
		}
		if n == 0 {
			break
		}
		rest = rest[n:]
		s.take(c, frame)
	}
	c.in = append(c.in[:0], rest...)
	if len(rest) == 0 {
		c.in = nil
	}
}

func (s *Server) upgrade(c *client, data []byte) []byte {
	head, rest, whole := bytes.Cut(data, []byte("\r\n\r\n"))
	if !whole {
		return data
	}
	c.upgraded = true
	s.mark(c)
	c.out = append(c.out, ws.Response(ws.Header(head, "Sec-WebSocket-Key"))...)
	s.sids++
	s.text = fmt.Appendf(s.text[:0], `0{"sid":"%020d","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`, s.sids)
	s.sendText(c, s.text)
	return rest
}

func (s *Server) take(c *client, frame ws.Frame) {
	switch {
	case frame.Opcode == ws.Close:
		c.out = ws.AppendServer(c.out, ws.Close, frame.Payload)
		s.flush(c)
		s.drop(c)
	case frame.Opcode != ws.Text:
	case string(frame.Payload) == "40" && !c.joined:
		c.joined, c.index = true, int32(len(s.all))
		s.all = append(s.all, c)
		s.sids++
		s.text = fmt.Appendf(s.text[:0], `40{"sid":"%020d"}`, s.sids)
		s.sendText(c, s.text)
	case string(frame.Payload) == "41":
		s.leave(c)
	default:
		if request, ok := protocol.ParseRequest(frame.Payload); ok {
			s.answer(c, request, frame.Payload)
		}
	}
}

func (s *Server) answer(c *client, request protocol.Request, text []byte) {
	switch request.Event {
	case "chat":
		s.broadcast(s.all, nil, text) // what is delivered is what was sent
	case "echo":
		s.text = protocol.AppendAck(s.text[:0], request.ID, request.Payload)
		s.sendText(c, s.text)
	case "join":
		room := string(request.Room)
		c.rooms = append(c.rooms, room)
		s.rooms[room] = append(s.rooms[room], c)
		s.text = protocol.AppendAck(s.text[:0], request.ID, nil)
		s.sendText(c, s.text)
	case "room":
		s.text = protocol.AppendRoomed(s.text[:0], request.Payload)
		s.broadcast(s.rooms[string(request.Room)], c, s.text)
	}
}

// broadcast encodes once.
func (s *Server) broadcast(to []*client, except *client, text []byte) {
	s.frame = ws.AppendServer(s.frame[:0], ws.Text, text)
	for _, c := range to {
		if c != except {
			s.mark(c)
			c.out = append(c.out, s.frame...)
		}
	}
}

func (s *Server) sendText(c *client, text []byte) {
	s.mark(c)
	c.out = ws.AppendServer(c.out, ws.Text, text)
}

// mark gives the client a buffer to append to, and notes that it must be flushed.
func (s *Server) mark(c *client) {
	if c.dirty {
		return
	}
	c.dirty = true
	s.dirty = append(s.dirty, c)
	if n := len(s.spare); c.out == nil && n > 0 {
		c.out = s.spare[n-1]
		s.spare = s.spare[:n-1]
	}
}

func (s *Server) flushAll() {
	for i, c := range s.dirty {
		c.dirty = false
		s.flush(c)
		s.dirty[i] = nil
	}
	s.dirty = s.dirty[:0]
}

func (s *Server) flush(c *client) {
	if s.clients[c.fd] != c {
		return // dropped since
	}
	for len(c.out) > 0 {
		n, errno := writeSocket(int(c.fd), c.out)
		if errno == unix.EAGAIN {
			break
		}
		if errno != 0 {
			s.drop(c)
			return
		}
		c.out = c.out[:copy(c.out, c.out[n:])]
	}
	s.spareIfEmpty(c)
	if blocked := len(c.out) > 0; blocked != c.blocked {
		c.blocked = blocked
		event := c.interest()
		if unix.EpollCtl(s.epoll, unix.EPOLL_CTL_MOD, int(c.fd), &event) != nil {
			s.drop(c)
		}
	}
}

// spareIfEmpty lets others use the buffer: a client that waits for nothing owns none.
func (s *Server) spareIfEmpty(c *client) {
	if len(c.out) == 0 && c.out != nil {
		s.spare = append(s.spare, c.out)
		c.out = nil
	}
}

func (s *Server) leave(c *client) {
	if !c.joined {
		return
	}
	last := s.all[len(s.all)-1]
	s.all[c.index], last.index = last, c.index
	s.all[len(s.all)-1] = nil
	s.all = s.all[:len(s.all)-1]
	for _, room := range c.rooms {
		s.rooms[room] = slices.DeleteFunc(s.rooms[room], func(member *client) bool { return member == c })
	}
	c.joined, c.rooms = false, nil
}

func (s *Server) drop(c *client) {
	s.leave(c)
	s.clients[c.fd] = nil
	_ = unix.Close(int(c.fd)) // nothing can be done about it
}
