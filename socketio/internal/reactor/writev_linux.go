package reactor

import (
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

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
			n, err = unix.Write(fd, only)
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
	n := 0
	for buf := range q.buffers {
		iovecs[n].Base = &buf[0]
		iovecs[n].SetLen(len(buf))
		if n++; n == maxIovecs {
			break
		}
	}
	written, _, errno := unix.Syscall(unix.SYS_WRITEV, uintptr(fd), uintptr(unsafe.Pointer(iovecs)), uintptr(n))
	clear(iovecs[:n])
	if errno != 0 {
		return 0, errno
	}
	return int(written), nil
}
