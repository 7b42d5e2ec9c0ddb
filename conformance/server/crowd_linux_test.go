package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// crowd is how many connections one process is to hold here: its limit of
// descriptors is 20,000.
const crowd = 19_000

// A crowd leaves the process as it found it: while it is there no connection
// owns a goroutine, and after it descriptors, goroutines and memory are back.
func TestProgram_HoldsACrowdAndIsAfterItAsBefore(t *testing.T) {
	allowDescriptors(t, crowd+500)
	p := startProgram(t, "--ping-interval", "60000")
	const some = 1000
	p.fill(t, some) // its loops, pools and heap have their usual size after some have come and gone
	p.idle = p.descriptors(t) - some
	p.empty(t)
	before := p.measure(t)

	p.fill(t, crowd)
	during := p.measure(t)
	if held := during.descriptors - before.descriptors; held != crowd {
		t.Errorf("%d descriptors for %d connections", held, crowd)
	}
	if more := during.goroutines - before.goroutines; more > 0 {
		t.Errorf("%d goroutines more than without connections", more)
	}
	t.Logf("%d bytes of memory a connection", (during.memory-before.memory)/crowd)

	p.empty(t)
	after := p.measure(t)
	if after.goroutines > before.goroutines {
		t.Errorf("%d goroutines, %d before", after.goroutines, before.goroutines)
	}
	// The runtime keeps its own tables, about a tenth of what the crowd took.
	if grown, taken := after.memory-before.memory, during.memory-before.memory; grown > taken/4 {
		t.Errorf("%d bytes of memory more than before a crowd that took %d", grown, taken)
	}
}

// allowDescriptors raises this process's limit, and that of those it starts.
func allowDescriptors(t *testing.T, n uint64) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if limit.Cur >= n {
		return
	}
	limit.Cur = n
	limit.Max = max(limit.Max, n)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatalf("this test opens %d connections; raise the limit with ulimit -n: %v", crowd, err)
	}
}

// fill opens connections, each through the connect of Socket.IO.
func (p *program) fill(t *testing.T, n int) {
	t.Helper()
	const atOnce = 64
	p.conns = make([]net.Conn, n)
	// Ports of closed connections rest for a minute; other addresses have other ports.
	source := rand.IntN(250)
	failures := make([]error, atOnce)
	var workers sync.WaitGroup
	for w := range atOnce {
		workers.Go(func() {
			for i := w; i < n && failures[w] == nil; i += atOnce {
				from := net.IPv4(127, byte(1+source), byte(1+i/5000), 1)
				p.conns[i], failures[w] = join(p.address, from)
			}
		})
	}
	workers.Wait()
	if err := errors.Join(failures...); err != nil {
		t.Fatal(err)
	}
}

// join connects one WebSocket from the address to the default namespace.
func join(address string, from net.IP) (net.Conn, error) {
	const (
		request = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n" +
			"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
		connect = "\x81\x82\x00\x00\x00\x0040" // a masked text frame, the mask all zero
	)
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: from}, Timeout: patience}
	c, err := dialer.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return c, err
	}
	if _, err := io.WriteString(c, request+connect); err != nil {
		return c, err
	}
	answer, buf := "", make([]byte, 1024)
	for !strings.Contains(answer, `40{"sid":"`) {
		n, err := c.Read(buf)
		if err != nil {
			return c, fmt.Errorf("after %q: %w", answer, err)
		}
		answer += string(buf[:n])
	}
	return c, c.SetDeadline(time.Time{})
}

// empty closes all connections and waits until the program has noticed.
func (p *program) empty(t *testing.T) {
	t.Helper()
	for _, c := range p.conns {
		c.Close()
	}
	p.conns = nil
	for end := time.Now().Add(patience); p.descriptors(t) > p.idle; {
		if time.Now().After(end) {
			t.Fatalf("%d descriptors left, %d without connections", p.descriptors(t), p.idle)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// usage is what the program holds.
type usage struct {
	descriptors, goroutines int
	memory                  int64 // bytes, after a collection
}

func (p *program) measure(t *testing.T) usage {
	t.Helper()
	u := usage{goroutines: p.collect(t), descriptors: p.descriptors(t)}
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(content)) {
		if kilobytes, found := strings.CutPrefix(line, "Private_Dirty:"); found {
			if _, err := fmt.Sscanf(kilobytes, "%d kB", &u.memory); err != nil {
				t.Fatal(err)
			}
			u.memory <<= 10
		}
	}
	return u
}

func (p *program) descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
