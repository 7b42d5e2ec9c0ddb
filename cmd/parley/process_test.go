package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/internal/wire"
	"parley/socketio/socketiotest"
)

const patience = 30 * time.Second

// binary is the built command, the same for all tests. They are in the package
// of the command so that go test knows what their result depends on.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "parley")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "parley")
	build := exec.Command("go", "build", "-ldflags=-X main.version=test", "-o", binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("build: %v\n%s", err, out))
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// command runs parley to its end.
func command(t *testing.T, input string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// server is parley serve in a process of its own.
type server struct {
	*exec.Cmd
	url  string
	errs bytes.Buffer
	rest chan string // what standard output had after the first line
}

// serve starts the server on a free port and waits for its first line.
func serve(t *testing.T, dir string, args ...string) *server {
	t.Helper()
	s := &server{rest: make(chan string, 1)}
	s.Cmd = exec.Command(binary, append([]string{"serve", "--listen=127.0.0.1:0", "--data=" + dir}, args...)...)
	s.Stderr = &s.errs
	stdout, err := s.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s.ProcessState == nil {
			_ = s.Process.Kill()
			_ = s.Wait()
		}
	})
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("no first line: %v\n%s", err, &s.errs)
	}
	address, found := strings.CutPrefix(line, "Parley is serving ")
	if !found || !regexp.MustCompile(`^http://127\.0\.0\.1:[1-9][0-9]*\n$`).MatchString(address) {
		t.Fatalf("the first line is %q", line)
	}
	s.url = strings.TrimSpace(address)
	go func() { // ends with the process
		rest, _ := io.ReadAll(lines)
		s.rest <- string(rest)
	}()
	return s
}

// end sends a signal and waits for the exit status; -1 is a death by signal.
func (s *server) end(t *testing.T, signal os.Signal) int {
	t.Helper()
	if err := s.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	rest := <-s.rest
	_ = s.Wait() // the status says it
	if rest != "" {
		t.Errorf("standard output went on: %q", rest)
	}
	return s.ProcessState.ExitCode()
}

// client is a socket of the server.
type client struct {
	*testing.T
	*socketiotest.Client
}

func (s *server) dial(t *testing.T, auth map[string]any) *client {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	opts := &socketiotest.Options{}
	if auth != nil {
		opts.Auth = auth
	}
	c, err := socketiotest.Dial(ctx, s.url, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &client{t, c}
}

// answer is what the tests look at of acknowledgements.
type answer struct {
	OK       bool
	Error    wire.Error
	Token    string
	Message  wire.Message
	Messages []wire.Message
	Reset    bool
}

func (c *client) ask(event string, payload map[string]any) answer {
	c.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	args, err := c.Call(ctx, event, payload)
	if err != nil {
		c.Fatalf("%s: %v", event, err)
	}
	var a answer
	if err := args.Scan(&a); err != nil {
		c.Fatalf("%s: %v", event, err)
	}
	return a
}

func login(name string) map[string]any {
	return map[string]any{"name": name, "password": "the passphrase of " + name}
}
