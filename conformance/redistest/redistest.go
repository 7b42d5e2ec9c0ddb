// Package redistest runs a Redis server of their own for tests: found on this machine or, on Debian and its kin, installed.
package redistest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// patience is how long a server may take to start.
const patience = time.Minute

// Server is a Redis server on a free port of the loopback interface. It keeps nothing on disk.
type Server struct {
	Addr string // host:port

	tb  testing.TB
	cmd *exec.Cmd
	log bytes.Buffer
}

// Start makes a server that ends with the test, or with the test's process. It never skips: where there is no Redis and none can
// be installed, the test fails and says what to do.
func Start(tb testing.TB) *Server {
	tb.Helper()
	program, err := find()
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{tb: tb, Addr: freeAddress(tb)}
	_, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		tb.Fatal(err)
	}
	// A shell holds the leash: when its input ends, so does the server.
	s.cmd = exec.Command("/bin/sh", "-c", `"$@" </dev/null & pid=$!; cat >/dev/null; kill -KILL $pid; wait $pid`, "sh",
		program, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", tb.TempDir())
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	leash, err := s.cmd.StdinPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		tb.Fatalf("start Redis: %v", err)
	}
	tb.Cleanup(func() {
		_ = leash.Close()
		_ = s.cmd.Wait() // it ends by a signal
	})
	s.await()
	return s
}

// freeAddress returns an address that nobody listens on now.
func freeAddress(tb testing.TB) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// await waits until the server answers.
func (s *Server) await() {
	s.tb.Helper()
	for deadline := time.Now().Add(patience); !s.answers(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.tb.Fatal("Redis does not answer")
		}
	}
}

func (s *Server) answers() bool {
	conn, err := net.DialTimeout("tcp", s.Addr, time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Second)) // fails on a closed connection only
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	var answer [7]byte
	n, err := conn.Read(answer[:])
	return err == nil && strings.HasPrefix(string(answer[:n]), "+PONG")
}

// DropClients closes all connections of clients that read what is published, as a failing network would.
func (s *Server) DropClients() {
	s.tb.Helper()
	conn, err := net.DialTimeout("tcp", s.Addr, time.Second)
	if err != nil {
		s.tb.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience)) // fails on a closed connection only
	if _, err := conn.Write([]byte("CLIENT KILL TYPE pubsub\r\n")); err != nil {
		s.tb.Fatal(err)
	}
	answer := make([]byte, 64)
	n, err := conn.Read(answer)
	if err != nil {
		s.tb.Fatal(err)
	}
	if killed, err := strconv.Atoi(strings.Trim(string(answer[:n]), ":\r\n")); err != nil || killed == 0 {
		s.tb.Fatalf("no connection was closed: %q", answer[:n])
	}
}

// find returns the path of the program. It installs it where it is missing and this can be done.
func find() (string, error) {
	if path, err := exec.LookPath("redis-server"); err == nil {
		return path, nil
	}
	cause := install()
	if path, err := exec.LookPath("redis-server"); err == nil {
		return path, nil
	}
	return "", errors.Join(errors.New("redis-server is needed for this test and not found: install it (apt-get install redis-server)"), cause)
}

func install() error {
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		return nil
	}
	if os.Geteuid() != 0 {
		return errors.New("it could be installed here by root")
	}
	for _, args := range [][]string{{"update", "-qq"}, {"install", "-y", "-qq", "redis-server"}} {
		cmd := exec.Command(apt, args...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("apt-get %s: %w\n%s", strings.Join(args, " "), err, out)
		}
	}
	return nil
}
