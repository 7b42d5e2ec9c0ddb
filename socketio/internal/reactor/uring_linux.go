package reactor

import (
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What linux/io_uring.h calls these; see io_uring_setup(2) and
// io_uring_enter(2).
const (
	setupCoopTaskrun = 1 << 8 // since Linux 5.19; older ones refuse it, and are left without
	enterGetEvents   = 1 << 0
	offsetRings      = 0
	offsetEntries    = 0x10000000
	opSendmsg        = 9
	opSend           = 26
)

// uringParams is struct io_uring_params.
type uringParams struct {
	sqEntries, cqEntries, flags, sqThreadCPU, sqThreadIdle, features, workers uint32

	_  [3]uint32
	sq struct {
		head, tail, mask, entries, flags, dropped, array, _ uint32
		_                                                   uint64
	}
	cq struct {
		head, tail, mask, entries, overflow, cqes, flags, _ uint32
		_                                                   uint64
	}
}

// uringEntry is struct io_uring_sqe.
type uringEntry struct {
	opcode, flags uint8
	priority      uint16
	fd            int32
	offset        uint64
	addr          uint64
	len           uint32
	msgFlags      uint32
	userData      uint64
	_             [3]uint64
}

// uringResult is struct io_uring_cqe.
type uringResult struct {
	userData uint64
	result   int32
	flags    uint32
}

// uring submits several operations with one system call. One goroutine uses it.
type uring struct {
	fd            int
	rings, mapped []byte
	tail          *uint32 // of the entries; the kernel reads it while it is entered
	mask          uint32
	order         []uint32 // which entry is in which place
	entries       []uringEntry
	gotHead       *uint32
	gotTail       *uint32
	gotMask       uint32
	results       []uringResult
}

// newUring returns a ring for n operations at a time, a power of two.
func newUring(n uint32) (*uring, error) {
	p := uringParams{flags: setupCoopTaskrun}
	fd, _, errno := unix.Syscall(unix.SYS_IO_URING_SETUP, uintptr(n), uintptr(unsafe.Pointer(&p)), 0)
	if errno != 0 {
		return nil, os.NewSyscallError("io_uring_setup", errno)
	}
	r := &uring{fd: int(fd)}
	size := max(p.sq.array+p.sqEntries*uint32(unsafe.Sizeof(uint32(0))), p.cq.cqes+p.cqEntries*uint32(unsafe.Sizeof(uringResult{})))
	var err error
	if r.rings, err = r.mmap(offsetRings, int(size)); err == nil {
		r.mapped, err = r.mmap(offsetEntries, int(p.sqEntries)*int(unsafe.Sizeof(uringEntry{})))
	}
	if err != nil {
		r.close()
		return nil, os.NewSyscallError("mmap", err)
	}
	at := func(offset uint32) *uint32 { return (*uint32)(unsafe.Pointer(&r.rings[offset])) }
	r.tail, r.mask, r.order = at(p.sq.tail), *at(p.sq.mask), unsafe.Slice(at(p.sq.array), p.sqEntries)
	r.entries = unsafe.Slice((*uringEntry)(unsafe.Pointer(&r.mapped[0])), p.sqEntries)
	r.gotHead, r.gotTail, r.gotMask = at(p.cq.head), at(p.cq.tail), *at(p.cq.mask)
	r.results = unsafe.Slice((*uringResult)(unsafe.Pointer(&r.rings[p.cq.cqes])), p.cqEntries)
	return r, nil
}

func (r *uring) mmap(offset int64, size int) ([]byte, error) {
	return unix.Mmap(r.fd, offset, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_POPULATE)
}

func (r *uring) close() {
	for _, m := range [][]byte{r.rings, r.mapped} {
		if m != nil {
			unix.Munmap(m)
		}
	}
	unix.Close(r.fd)
}

// entry is the place of the i-th operation of the next submit.
func (r *uring) entry(i int) *uringEntry {
	place := (*r.tail + uint32(i)) & r.mask
	r.order[place] = place
	return &r.entries[place]
}

// submit has the kernel do n operations and calls done with the user data and
// the result of each: a count, or an error number below zero. On an error it
// returns how many, from the first on, were done.
func (r *uring) submit(n int, done func(userData uint64, result int32)) (int, error) {
	start := *r.tail
	atomic.StoreUint32(r.tail, start+uint32(n))
	submitted, finished := 0, 0
	var err error
	for finished < n {
		todo := n - submitted
		took, _, errno := unix.RawSyscall6(unix.SYS_IO_URING_ENTER, uintptr(r.fd),
			uintptr(todo), uintptr(n-finished), enterGetEvents, 0, 0)
		if errno == 0 {
			submitted += int(took)
		} else if errno != unix.EINTR && todo > 0 {
			err = os.NewSyscallError("io_uring_enter", errno)
			n = submitted
			atomic.StoreUint32(r.tail, start+uint32(n))
		}
		finished += r.collect(done)
	}
	return n, err
}

// collect takes the results that there are.
func (r *uring) collect(done func(userData uint64, result int32)) int {
	head, tail := *r.gotHead, atomic.LoadUint32(r.gotTail)
	for i := head; i != tail; i++ {
		result := r.results[i&r.gotMask]
		done(result.userData, result.result)
	}
	atomic.StoreUint32(r.gotHead, tail)
	return int(tail - head)
}
