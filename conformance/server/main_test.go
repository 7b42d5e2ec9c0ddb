package main

import (
	"bufio"
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"parley/socketio/socketiotest"
)

func TestProgram_ListensCollectsAndEnds(t *testing.T) {
	program := filepath.Join(t.TempDir(), "server")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), program, "--listen", "127.0.0.1:0", "--ping-interval", "300", "--path", "/other/")
	cmd.Stderr = t.Output()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	var address string
	if _, scanErr := fmt.Sscanf(line, "listening on %s", &address); err != nil || scanErr != nil {
		t.Fatalf("it printed %q: %v, %v", line, err, scanErr)
	}
	client, err := socketiotest.Dial(t.Context(), "http://"+address, &socketiotest.Options{Path: "/other/"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if got := client.Conn().Handshake.PingInterval; got != 300 {
		t.Errorf("ping interval %d", got)
	}
	if err := cmd.Process.Signal(syscall.SIGUSR2); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Call(t.Context(), "echo", 1); err != nil {
		t.Errorf("after SIGUSR2: %v", err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
	if out, err := exec.CommandContext(t.Context(), program, "--listen", address+"0000").CombinedOutput(); err == nil {
		t.Errorf("listens on an impossible address: %s", out)
	}
}
