package reactor

import (
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Descriptors here are non-blocking, so their system calls return as fast as the
// kernel can do the work. They are made raw, without a word to the Go
// scheduler, which would otherwise take such a call for one that blocks and
// give the processor to another thread and back; on few cores that costs more
// than the write.

// maxIovecs is how many buffers leave in one system call.
const maxIovecs = 256

// iovecPool lends room for the arguments of writev.
type iovecPool struct{ pool sync.Pool }

func (p *iovecPool) get() *[maxIovecs]unix.Iovec {
	if v, ok := p.pool.Get().(*[maxIovecs]unix.Iovec); ok {
		return v
	}
	return new([maxIovecs]unix.Iovec)
}

// writeQueue writes q until it is empty, the kernel takes no more or it fails,
// removes what was written and returns how much that was.
func (d *epoll) writeQueue(fd int, q *queue) (total int, err error) {
	for !q.empty() {
		var n int
		if only := q.only(); only != nil {
			n, err = write(fd, only)
		} else {
			n, err = d.writev(fd, q)
		}
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return total, err
		}
		q.advance(&d.blocks, n)
		total += n
	}
	return total, nil
}

// writev writes the first buffers of q with one system call.
func (d *epoll) writev(fd int, q *queue) (int, error) {
	iovecs := d.iovecs.get()
	defer d.iovecs.pool.Put(iovecs)
	n := q.iovecs(iovecs[:])
	written, err := rawCall(unix.SYS_WRITEV, fd, unsafe.Pointer(iovecs), n)
	clear(iovecs[:n])
	return written, err
}

// iovecs makes the first buffers of q arguments of a system call, and returns
// how many.
func (q *queue) iovecs(dst []unix.Iovec) int {
	n := 0
	for buf := range q.buffers {
		dst[n].Base = &buf[0]
		dst[n].SetLen(len(buf))
		if n++; n == len(dst) {
			break
		}
	}
	return n
}

// write writes b, which must not be empty.
func write(fd int, b []byte) (int, error) {
	return rawCall(unix.SYS_WRITE, fd, unsafe.Pointer(&b[0]), len(b))
}

// read reads into b, which must not be empty.
func read(fd int, b []byte) (int, error) {
	return rawCall(unix.SYS_READ, fd, unsafe.Pointer(&b[0]), len(b))
}

// epollReady fills events with what is ready now.
func epollReady(fd int, events []unix.EpollEvent) (int, error) {
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(fd),
		uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), 0, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

// rawCall makes a system call that takes a descriptor, a pointer and a size.
func rawCall(number uintptr, fd int, p unsafe.Pointer, size int) (int, error) {
	n, _, errno := unix.RawSyscall(number, uintptr(fd), uintptr(p), uintptr(size))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
