package stage

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Server is parley serve in a process of its own. It may end and be started again; its address stays.
type Server struct {
	Binary string
	Under  []string // what runs the binary, such as taskset -c 0; default nothing
	Data   string   // its data directory
	Args   []string // further flags of parley serve
	Env    []string // further variables of its environment

	address string
	cmd     *exec.Cmd
	log     logTail
	ended   chan struct{} // closed when the process has ended
}

// URL is where the server is, also while it is not running. It is known after the first Start.
func (s *Server) URL() string { return "http://" + s.address }

// Address is the host and port of URL.
func (s *Server) Address() string { return s.address }

// PID is the process of the last Start.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Log is the end of what the server has written to standard error, over all starts.
func (s *Server) Log() string { return s.log.String() }

// Start starts the server, waits until it says that it serves, and tells how long that took.
func (s *Server) Start(ctx context.Context) (time.Duration, error) {
	if s.address == "" {
		address, err := freeAddress()
		if err != nil {
			return 0, err
		}
		s.address = address
	}
	began := time.Now()
	line := slices.Concat(s.Under, []string{s.Binary, "serve", "--listen=" + s.address, "--data=" + s.Data}, s.Args)
	s.cmd = exec.CommandContext(ctx, line[0], line[1:]...)
	s.cmd.Env = append(os.Environ(), s.Env...)
	s.cmd.Stderr = &s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := s.cmd.Start(); err != nil {
		return 0, fmt.Errorf("start the server: %w", err)
	}
	lines := bufio.NewReader(out)
	said, err := lines.ReadString('\n')
	took := time.Since(began)
	s.ended = make(chan struct{})
	go func() { // ends with the process
		defer close(s.ended)
		_, _ = io.Copy(io.Discard, lines)
		_ = s.cmd.Wait() // how it ended is asked of ProcessState
	}()
	if err != nil {
		<-s.ended
		return 0, fmt.Errorf("the server does not serve: %w\n%s", err, s.Log())
	}
	if want := "Parley is serving " + s.URL() + "\n"; said != want {
		return 0, errors.Join(fmt.Errorf("the first line is %q, not %q", said, want), s.Kill())
	}
	return took, nil
}

// freeAddress finds a port outside the range from which the system takes ports for outgoing connections: a client that
// tries to reach a server that is down could be given the server's own port.
func freeAddress() (string, error) {
	const lowest, highest, attempts = 12000, 30000, 100
	for range attempts {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(lowest+rand.IntN(highest-lowest)))
		listener, err := net.Listen("tcp", address)
		if err == nil {
			return address, listener.Close()
		}
	}
	return "", errors.New("no free port was found")
}

// Kill ends the process as kill -9 does and waits until it is gone. It does nothing if the server does not run.
func (s *Server) Kill() error {
	if !s.Running() {
		return nil
	}
	if err := s.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill the server: %w", err)
	}
	<-s.ended
	return nil
}

// Stop ends the server in order, as an operator does, and waits. An exit status other than 0 is an error.
func (s *Server) Stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	<-s.ended
	if status := s.cmd.ProcessState.ExitCode(); status != 0 {
		return fmt.Errorf("the server ended with status %d\n%s", status, s.Log())
	}
	return nil
}

// Pause stops the process from running until Resume. Its connections stay open.
func (s *Server) Pause() error { return s.cmd.Process.Signal(syscall.SIGSTOP) }

// Resume lets a paused server go on.
func (s *Server) Resume() error { return s.cmd.Process.Signal(syscall.SIGCONT) }

// Running reports whether the process is there.
func (s *Server) Running() bool {
	if s.cmd == nil || s.ended == nil {
		return false
	}
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// Complaints are the lines of the log at level Error.
func (s *Server) Complaints() []string {
	var lines []string
	for line := range strings.Lines(s.Log()) {
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, "panic:") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// logTail keeps the end of what is written to it.
type logTail struct {
	mu   sync.Mutex // guards kept
	kept bytes.Buffer
}

// Write implements io.Writer.
func (t *logTail) Write(p []byte) (int, error) {
	const most = 1 << 20
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept.Len() > most {
		t.kept.Next(most / 2)
	}
	return t.kept.Write(p)
}

func (t *logTail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.kept.String()
}
