package engineio

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// openListeners opens sessions whose clients read and forget.
func (s *testServer) openListeners(n int) []*Session {
	s.t.Helper()
	sessions := make([]*Session, n)
	for i := range sessions {
		c := s.openWebSocket()
		sessions[i] = s.handler().session
		c.conn.SetReadDeadline(time.Time{})
		go io.Copy(io.Discard, c.conn)
	}
	return sessions
}

func TestBroadcast_AllocatesNothingPerRecipient(t *testing.T) {
	s := start(t, Options{})
	sessions := s.openListeners(100)
	frame := NewText([]byte(strings.Repeat("x", 32)))
	allocations := testing.AllocsPerRun(200, func() {
		for _, session := range sessions {
			session.Send(Deferred, frame)
		}
		for _, session := range sessions {
			for waiting(session) > 0 {
				runtime.Gosched()
			}
		}
	})
	t.Logf("%v allocations for %d recipients", allocations, len(sessions))
	if allocations > float64(len(sessions))/2 { // the race detector empties pools at random
		t.Errorf("%v allocations for %d recipients", allocations, len(sessions))
	}
}

// waiting returns how many bytes wait for a client on WebSocket.
func waiting(s *Session) int {
	n, _ := s.socket.conn.Backlog()
	return n
}

func TestBroadcast_OneSendersFramesKeepTheirOrderAtEachRecipient(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		clients, sessions := make([]*client, 20), make([]*Session, 20)
		for i := range clients {
			clients[i] = s.openWebSocket()
			sessions[i] = s.handler().session
		}
		const senders, messages = 4, 200
		var sending sync.WaitGroup
		for sender := range senders {
			sending.Go(func() {
				for i := range messages {
					frame := NewText(fmt.Appendf(nil, "%d %d", sender, i))
					for _, session := range sessions {
						session.Send(Deferred*Flags(i%2), frame)
					}
				}
			})
		}
		sending.Wait()
		for _, c := range clients {
			next := make([]int, senders)
			for range senders * messages {
				var sender, i int
				if _, err := fmt.Sscanf(c.read(), "4%d %d", &sender, &i); err != nil {
					t.Fatal(err)
				}
				if i != next[sender] {
					t.Fatalf("sender %d: message %d came instead of %d", sender, i, next[sender])
				}
				next[sender]++
			}
		}
	})
}

func TestFrame_IsMadeOnceForEachProtocol(t *testing.T) {
	f := NewBinary([]byte("data"))
	for name, form := range map[string]func() []byte{
		"WebTransport": f.streamWire, "protocol 3": func() []byte { return f.wireV3(false) },
	} {
		if first, second := form(), form(); &first[0] != &second[0] {
			t.Errorf("%s: made twice", name)
		}
	}
	if got := string(f.streamWire()); got != "\x84data" {
		t.Errorf("over WebTransport %q", got)
	}
	if got := string(f.wireV3(false)); got != "\x82\x05\x04data" {
		t.Errorf("in protocol 3 %q", got)
	}
}
