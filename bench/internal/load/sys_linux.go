package load

import (
	"fmt"
	"net/netip"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The hot calls go past the Go scheduler (RawSyscall): the sockets never block, and there is one thread anyway.

func readSocket(fd int, b []byte) (int, unix.Errno) {
	n, _, errno := unix.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)))
	return int(n), errno
}

func writeSocket(fd int, b []byte) (int, unix.Errno) {
	n, _, errno := unix.RawSyscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)))
	return int(n), errno
}

// waitEvents is epoll_pwait2: unlike epoll_wait it keeps time to the microsecond, which a fixed rate needs.
func waitEvents(epoll int, events []unix.EpollEvent, timeout time.Duration) (int, error) {
	spec := unix.NsecToTimespec(int64(max(timeout, 0)))
	n, _, errno := unix.Syscall6(unix.SYS_EPOLL_PWAIT2, uintptr(epoll), uintptr(unsafe.Pointer(unsafe.SliceData(events))),
		uintptr(len(events)), uintptr(unsafe.Pointer(&spec)), 0, 0)
	switch errno {
	case 0:
		return int(n), nil
	case unix.EINTR:
		return 0, nil
	}
	return 0, fmt.Errorf("wait for events: %w", errno)
}

// sources is how many loopback addresses clients come from, so that ports do not run out when connections come and go.
const sources = 16

// connectSocket starts to connect a socket that does not block. The turn-th connection to a loopback address comes
// from 127.0.0.(1 + turn modulo sources).
func connectSocket(to netip.AddrPort, turn int) (int, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("open socket: %w", err)
	}
	if to.Addr().IsLoopback() {
		err = bindSource(fd, byte(1+turn%sources))
	}
	if err == nil {
		err = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	}
	if err == nil {
		err = unix.Connect(fd, &unix.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()})
	}
	if err != nil && err != unix.EINPROGRESS {
		_ = unix.Close(fd) // the error that counts is the first
		return -1, fmt.Errorf("connect: %w", err)
	}
	return fd, nil
}

// bindSource chooses the address and leaves the port to connect, which may use a port for several destinations.
func bindSource(fd int, last byte) error {
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1); err != nil {
		return err
	}
	return unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, last}})
}

// raiseDescriptors lifts the limit of open descriptors as far as it goes.
func raiseDescriptors() error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("read the limit of descriptors: %w", err)
	}
	limit.Cur = limit.Max
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("lift the limit of descriptors: %w", err)
	}
	return nil
}
