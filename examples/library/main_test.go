package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"parley/socketio/socketiotest"
)

func TestProgram_IsShort(t *testing.T) {
	source, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(source, []byte("\n")); lines >= 40 {
		t.Errorf("%d lines", lines)
	}
}

func TestProgram_SendsInFourWays(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	url := run(ctx, t)
	ann := dial(ctx, t, url)
	expect(ctx, t, ann, "welcome", ann.ID())
	bob := dial(ctx, t, url)
	expect(ctx, t, bob, "welcome", bob.ID())
	expect(ctx, t, ann, "joined", bob.ID())
	if _, err := bob.Call(ctx, "join", "tea"); err != nil {
		t.Fatal(err)
	}
	if err := ann.Emit("room", "tea", "only bob reads this"); err != nil {
		t.Fatal(err)
	}
	expect(ctx, t, bob, "room", "tea")
	if err := ann.Emit("all", "hello"); err != nil {
		t.Fatal(err)
	}
	expect(ctx, t, ann, "all", "hello")
	expect(ctx, t, bob, "all", "hello")
}

// run builds the program, starts it and returns its URL.
func run(ctx context.Context, t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "library")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close() // for the program
	cmd := exec.CommandContext(ctx, program)
	cmd.Env = append(os.Environ(), "LISTEN="+address)
	cmd.Stderr = t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	return "http://" + address
}

// dial connects as soon as the program listens.
func dial(ctx context.Context, t *testing.T, url string) *socketiotest.Client {
	t.Helper()
	for {
		client, err := socketiotest.Dial(ctx, url, nil)
		if err == nil {
			t.Cleanup(client.Close)
			return client
		}
		select {
		case <-ctx.Done():
			t.Fatal(err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func expect(ctx context.Context, t *testing.T, client *socketiotest.Client, event, want string) {
	t.Helper()
	var got string
	if err := client.Expect(ctx, event, &got); err != nil || got != want {
		t.Fatalf("%s: got %q, %v; want %q", event, got, err, want)
	}
}
