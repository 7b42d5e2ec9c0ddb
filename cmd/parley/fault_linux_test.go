package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/internal/wire"
)

// smallDisk is a file system of 4 MB. Only root can have one; others learn that in the log of the test.
func smallDisk(t *testing.T) (dir string, ok bool) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Logf("not tried: this machine does not let a test mount a small disk: %v", err)
		return "", false
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir, true
}

func (s *server) readyz(t *testing.T) int {
	t.Helper()
	response, err := http.Get(s.url + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// send is one message whose body is its cid.
func (c *client) send(body string) answer {
	c.Helper()
	return c.ask("message:send", map[string]any{"cid": body, "body": body + strings.Repeat(" and more", 300)})
}

// keeps compares the history with the sends that were acknowledged and those that were refused.
func (c *client) keeps(acked []wire.Message, refused map[string]bool) {
	c.Helper()
	byID := make(map[wire.ID]bool)
	for after := int64(0); ; {
		page := c.ask("room:history", map[string]any{"room": "Everyone", "after": after, "limit": 200})
		for _, m := range page.Messages {
			byID[m.ID] = true
			cid, _, _ := strings.Cut(m.Body, " ")
			if after++; m.Seq != after || refused[cid] {
				c.Errorf("message %d is %d %q; refused: %t", after, m.Seq, cid, refused[cid])
			}
		}
		if len(page.Messages) == 0 {
			break
		}
	}
	for _, m := range acked {
		if !byID[m.ID] {
			c.Errorf("message %d was acknowledged and is lost", m.Seq)
		}
	}
}

// The disk becomes full: sends are refused and may be tried again, what is there can be read, and when there is room
// again the same process goes on.
func TestServe_GoesOnWhenAFullDiskHasRoomAgain(t *testing.T) {
	dir, ok := smallDisk(t)
	if !ok {
		return
	}
	s := serve(t, dir, "--sends-per-second=100000", "--send-burst=100000")
	ann, _ := s.ready(t, "ann")
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	var acked []wire.Message
	refused := make(map[string]bool)
	for i := 0; len(refused) < 5; i++ {
		body := fmt.Sprint("m", i)
		a := ann.send(body)
		switch {
		case a.OK:
			acked = append(acked, a.Message)
		case a.Error.Code == "unavailable" && a.Error.RetryMS > 0:
			refused[body] = true
		default:
			t.Fatalf("got %+v", a.Error)
		}
		if i > 20000 {
			t.Fatal("the disk does not become full")
		}
	}
	if status := s.readyz(t); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz answers %d", status)
	}
	ann.keeps(acked, refused)

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	a := ann.send("again")
	for deadline := time.Now().Add(patience); !a.OK && time.Now().Before(deadline); a = ann.send("again") {
		time.Sleep(time.Duration(a.Error.RetryMS) * time.Millisecond) // as a client does
	}
	if !a.OK {
		t.Fatalf("with room again: %+v", a.Error)
	}
	ann.keeps(append(acked, a.Message), refused)
	if status := s.readyz(t); status != http.StatusOK {
		t.Errorf("/readyz answers %d", status)
	}
}

// A flush to disk fails: nobody is told that a write was kept which may not have been, and the process ends. Whoever was
// acknowledged before finds it after the restart.
func TestServe_EndsWhenTheDiskFailsToFlush(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Logf("not tried: %v", err)
		return
	}
	dir := t.TempDir()
	s := serve(t, dir, "--sends-per-second=100000", "--send-burst=100000")
	ann, _ := s.ready(t, "ann")
	acked := []wire.Message{ann.send("before").Message}

	tracer := exec.Command(strace, "-f", "-qq", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=20+",
		"-o", "/dev/null", "-p", strconv.Itoa(s.Process.Pid))
	if err := tracer.Start(); err != nil {
		t.Fatal(err)
	}
	traced := make(chan error, 1)
	go func() { traced <- tracer.Wait() }() // ends with the server
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for i := 0; ; i++ {
		select {
		case err := <-traced:
			if err != nil {
				t.Logf("not tried: this machine does not let strace attach: %v", err)
				return
			}
		default:
		}
		body := fmt.Sprint("m", i)
		args, err := ann.Call(ctx, "message:send", map[string]any{"cid": body, "body": body})
		var a answer
		if err != nil || args.Scan(&a) != nil || !a.OK {
			break
		}
		acked = append(acked, a.Message)
	}
	if ctx.Err() != nil {
		t.Fatal("the flush did not fail")
	}
	var exit *exec.ExitError
	if err := s.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(s.errs.String(), "the disk has failed") {
		t.Errorf("it ended with %v\n%s", err, &s.errs)
	}
	again, _ := serve(t, dir).ready(t, "ann")
	again.keeps(acked, nil)
}
