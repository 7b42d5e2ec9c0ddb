package main

import (
	"bufio"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"parley/socketio/socketiotest"
)

func TestProgram_ListensCollectsAndEnds(t *testing.T) {
	p := startProgram(t, "--ping-interval", "300", "--path", "/other/")
	client, err := socketiotest.Dial(t.Context(), "http://"+p.address, &socketiotest.Options{Path: "/other/"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if got := client.Conn().Handshake.PingInterval; got != 300 {
		t.Errorf("ping interval %d", got)
	}
	if goroutines := p.collect(t); goroutines == 0 {
		t.Error("it has no goroutines")
	}
	if _, err := client.Call(t.Context(), "echo", 1); err != nil {
		t.Errorf("after SIGUSR2: %v", err)
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
	if out, err := exec.CommandContext(t.Context(), p.cmd.Path, "--listen", p.address+"0000").CombinedOutput(); err == nil {
		t.Errorf("listens on an impossible address: %s", out)
	}
}

// program is the server in a process of its own, and the connections to it.
type program struct {
	cmd     *exec.Cmd
	address string
	lines   *bufio.Reader
	conns   []net.Conn
	idle    int // descriptors it has without connections
}

func startProgram(t *testing.T, args ...string) *program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "server")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	p := &program{cmd: exec.CommandContext(t.Context(), path, append(args, "--listen", "127.0.0.1:0")...)}
	p.cmd.Stderr = t.Output()
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, c := range p.conns {
			c.Close()
		}
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait() // tells of the kill
	})
	p.lines = bufio.NewReader(stdout)
	if _, err := fmt.Fscanf(p.lines, "listening on %s\n", &p.address); err != nil {
		t.Fatal(err)
	}
	return p
}

// collect has the program collect garbage, and returns how many goroutines it
// has.
func (p *program) collect(t *testing.T) (goroutines int) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGUSR2); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fscanf(p.lines, "collected, %d goroutines\n", &goroutines); err != nil {
		t.Fatal(err)
	}
	return goroutines
}
