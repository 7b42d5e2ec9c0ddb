package engineio

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// openDescriptors counts those of the process, or returns 0 where the system
// does not tell.
func openDescriptors() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}

func TestRelease_DescriptorsAndGoroutinesGoWithTheConnections(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		warm := runtime.GOMAXPROCS(0) // so that all that is made once, or once per core, is there
		s.openListeners(warm)
		goroutines, descriptors := runtime.NumGoroutine(), openDescriptors()
		clients, sessions := make([]*client, 300), make([]*Session, 300)
		for i := range clients {
			clients[i] = s.openWebSocket()
			sessions[i] = s.handler().session
		}
		for i, c := range clients {
			switch i % 3 {
			case 0:
				c.send("1")
			case 1:
				sessions[i].Close(ReasonForcedClose)
			}
			c.conn.Close()
		}
		await(t, "sessions, goroutines and descriptors to be released", func() bool {
			return s.Len() == warm && runtime.NumGoroutine() <= goroutines && openDescriptors() <= descriptors
		})
	})
}

func TestRelease_APeerThatNeitherReadsNorAnswersIsDropped(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{PingInterval: 50 * time.Millisecond, PingTimeout: 50 * time.Millisecond})
		s.openWebSocket() // and reads no more
		h := s.handler()
		h.session.Send(0, NewText([]byte(strings.Repeat("x", 64<<20))))
		if got := h.reason(t); got != ReasonPingTimeout {
			t.Errorf("reason %q", got)
		}
		await(t, "the connection to be dropped", func() bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.holds == 0
		})
	})
}

// The budget of an idle connection is designed in bytes: a field more than
// fits moves a structure into the next size class of the allocator.
func TestSession_FitsItsSizeClass(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) < 8 {
		return // the budget is for 64 bits
	}
	if size := unsafe.Sizeof(Session{}); size > 128 {
		t.Errorf("a Session has %d bytes", size)
	}
	if size := unsafe.Sizeof(socket{}); size > 64 {
		t.Errorf("a socket has %d bytes", size)
	}
}
