package reactor

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	batchSize   = 256 // connections that are written to in one system call
	batchIovecs = 32  // buffers of one connection in it; more wait for the next round
)

// batch writes to many connections with one system call, by io_uring: in a
// flood most of what a write costs is the way into the kernel and back. Where
// the kernel has no io_uring, or forbids it, each connection is written to by
// itself.
type batch struct {
	driver *epoll
	ring   *uring // nil where there is none, or it has failed

	n        int // connections in the fields below
	conns    [batchSize]*epollConn
	taken    [batchSize]queue
	messages [batchSize]unix.Msghdr
	iovecs   [batchSize][batchIovecs]unix.Iovec
}

// newBatch returns the batch of one goroutine.
func newBatch(d *epoll) *batch {
	if d.single {
		return &batch{driver: d}
	}
	ring, err := newUring(batchSize)
	if err != nil {
		ring = nil // the other way is as good, but for its speed
	}
	return &batch{driver: d, ring: ring}
}

func (b *batch) close() {
	if b.ring != nil {
		b.ring.close()
	}
}

// write is the turn of connections in a round.
func (b *batch) write(conns []*epollConn) {
	for _, c := range conns {
		if b.ring == nil || len(conns) == 1 {
			c.writeSoon()
			continue
		}
		if b.add(c); b.n == batchSize {
			b.flush()
		}
	}
	b.flush()
}

// add prepares what c has to write.
func (b *batch) add(c *epollConn) {
	taken, ok := c.takeSoon()
	if !ok {
		return
	}
	i := b.n
	b.n++
	b.conns[i], b.taken[i] = c, taken
	entry := b.ring.entry(i)
	*entry = uringEntry{fd: c.fd, msgFlags: unix.MSG_DONTWAIT | unix.MSG_NOSIGNAL, userData: uint64(i)}
	if only := taken.only(); only != nil {
		entry.opcode, entry.len = opSend, uint32(len(only))
		entry.addr = uint64(uintptr(unsafe.Pointer(&only[0])))
		return
	}
	n := taken.iovecs(b.iovecs[i][:])
	b.messages[i].Iov = &b.iovecs[i][0]
	b.messages[i].SetIovlen(n)
	entry.opcode, entry.len = opSendmsg, 1
	entry.addr = uint64(uintptr(unsafe.Pointer(&b.messages[i])))
}

// flush writes what was added. The connections keep reachable what the kernel
// reads; nothing of it moves.
func (b *batch) flush() {
	if b.n == 0 {
		return
	}
	done, err := b.ring.submit(b.n, b.wrote)
	for i := done; i < b.n; i++ {
		c, taken := b.conns[i], b.taken[i]
		n, err := b.driver.writeQueue(int(c.fd), &taken)
		c.gaveSoon(taken, n, err)
	}
	clear(b.conns[:b.n])
	clear(b.taken[:b.n])
	b.n = 0
	if err != nil {
		b.ring.close()
		b.ring = nil
	}
}

// wrote follows the write to the i-th connection.
func (b *batch) wrote(i uint64, result int32) {
	taken, m := b.taken[i], &b.messages[i]
	clear(b.iovecs[i][:m.Iovlen])
	m.SetIovlen(0)
	if result < 0 {
		b.conns[i].gaveSoon(taken, 0, unix.Errno(-result))
		return
	}
	taken.advance(&b.driver.blocks, int(result))
	b.conns[i].gaveSoon(taken, int(result), nil)
}
