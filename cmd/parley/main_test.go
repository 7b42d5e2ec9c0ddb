package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/internal/wire"
	"parley/socketio/socketiotest"
)

func TestServe_KeepsEverythingItAcknowledgedThroughKill9(t *testing.T) {
	dir := t.TempDir()
	first := serve(t, dir)
	ann := first.dial(t, nil)
	token := ann.ask("auth:login", login("ann")).Token
	ann.ask("room:create", map[string]any{"name": "Design"})
	for i := range 20 {
		payload := map[string]any{"room": "design", "cid": fmt.Sprint("c", i), "body": fmt.Sprint("message ", i)}
		if a := ann.ask("message:send", payload); !a.OK {
			t.Fatalf("got %+v", a)
		}
	}
	if status := first.end(t, syscall.SIGKILL); status != -1 {
		t.Fatalf("status %d", status)
	}

	again := serve(t, dir).dial(t, map[string]any{"token": token})
	page := again.ask("room:history", map[string]any{"room": "design"})
	if len(page.Messages) != 20 {
		t.Fatalf("%d messages", len(page.Messages))
	}
	for i, message := range page.Messages {
		if message.Seq != int64(i+1) || message.Body != fmt.Sprint("message ", i) {
			t.Errorf("message %d is %+v", i, message)
		}
	}
	retry := again.ask("message:send", map[string]any{"room": "design", "cid": "c19", "body": "message 19"})
	if !retry.OK || retry.Message.Seq != 20 {
		t.Errorf("a retry after the restart: %+v", retry)
	}
}

func TestServe_DrainsOnSIGTERMAndExits0(t *testing.T) {
	s := serve(t, t.TempDir())
	clients := []*client{s.dial(t, nil), s.dial(t, nil), s.dial(t, nil)}
	for i, c := range clients[:2] { // the third has not logged in
		if a := c.ask("auth:login", login([]string{"ann", "bob"}[i])); !a.OK {
			t.Fatalf("got %+v", a)
		}
	}
	began := time.Now()
	if status := s.end(t, syscall.SIGTERM); status != 0 {
		t.Errorf("status %d\n%s", status, &s.errs)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the drain took %v", took)
	}
	seen := make(map[int64]bool)
	for _, c := range clients {
		seen[drained(c)] = true
	}
	if len(seen) != len(clients) {
		t.Errorf("clients were told to come back after %v ms", seen)
	}
}

// drained waits for server:draining, and for the connection to be lost after it
// without a word, so that the client comes back by itself.
func drained(c *client) (retryMS int64) {
	c.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		e, err := c.Next(ctx)
		if errors.Is(err, socketiotest.ErrDisconnected) || ctx.Err() != nil {
			c.Fatalf("the connection ended with %v", err)
		}
		if err != nil {
			return retryMS
		}
		var push wire.DrainingPush
		if e.Name == wire.ServerDraining && e.Args.Scan(&push) == nil {
			retryMS = push.RetryMS
		}
	}
}

func TestServe_SaysInOneSentenceWhyItCannot(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("no directory"), 0o600); err != nil {
		t.Fatal(err)
	}
	used := t.TempDir()
	serve(t, used)
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, "parley.db"), []byte(strings.Repeat("this is no database. ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args   []string
		status int
		want   string // part of the sentence
	}{
		{[]string{"serve", "--listen=" + taken.Addr().String(), "--data=" + t.TempDir()}, 1, "another program uses this port"},
		{[]string{"serve", "--listen=127.0.0.1:0", "--data=" + file}, 1, file},
		{[]string{"serve", "--listen=127.0.0.1:0", "--data=" + used}, 1, "in use by another Parley"},
		{[]string{"serve", "--listen=127.0.0.1:0", "--data=" + damaged}, 1, damaged},
		{[]string{"serve", "--listen=0.0.0.0:0", "--data=" + t.TempDir()}, 1, "--behind-proxy"},
		{[]string{"serve", "--listen=192.0.2.1:0", "--insecure", "--data=" + t.TempDir()}, 1, "cannot listen on 192.0.2.1:0"},
		{[]string{"serve", "--no-such-flag"}, 2, "--no-such-flag"},
		{[]string{"serve", "--login-deadline=soon"}, 2, "--login-deadline"},
		{[]string{"frobnicate"}, 2, "frobnicate"},
		{[]string{}, 2, "serve"},
		{[]string{"user", "add"}, 2, "<name>"},
	}
	for _, test := range tests {
		status, stdout, stderr := command(t, "", test.args...)
		if status != test.status || stdout != "" || !strings.Contains(stderr, test.want) || !strings.HasPrefix(stderr, "parley: ") || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: status %d, %q, %q", test.args, status, stdout, stderr)
		}
	}
}

func TestServe_TakesFlagsFromTheEnvironment(t *testing.T) {
	t.Setenv("PARLEY_REGISTRATION", "closed")
	t.Setenv("PARLEY_NAME", "Acme")
	s := serve(t, t.TempDir())
	if a := s.dial(t, nil).ask("auth:login", login("ann")); a.Error.Code != "bad_credentials" {
		t.Errorf("got %+v", a)
	}
}

func TestUser_IsAddedAndGetsAnotherPasswordWhetherTheServerRunsOrNot(t *testing.T) {
	dir := t.TempDir()
	const password = "the passphrase of ann"
	status, stdout, stderr := command(t, password+"\n", "user", "add", "Ann", "--data="+dir)
	if status != 0 || stdout != "Added ann (owner).\n" || stderr != "" {
		t.Fatalf("status %d, %q, %q", status, stdout, stderr)
	}
	s := serve(t, dir, "--registration=closed")
	ann := s.dial(t, nil)
	if a := ann.ask("auth:login", login("ann")); !a.OK {
		t.Fatalf("got %+v", a)
	}

	if status, stdout, stderr = command(t, "the passphrase of bob", "user", "add", "bob", "--role=admin", "--data="+dir); status != 0 || stdout != "Added bob (admin).\n" {
		t.Errorf("while it runs: status %d, %q, %q", status, stdout, stderr)
	}
	if a := s.dial(t, nil).ask("auth:login", login("bob")); !a.OK {
		t.Errorf("got %+v", a)
	}
	if status, _, stderr = command(t, "another passphrase\n", "user", "password", "ann", "--data="+dir); status != 0 {
		t.Errorf("while it runs: status %d, %q", status, stderr)
	}
	revoked(ann)
	s.end(t, syscall.SIGTERM)

	if status, _, stderr = command(t, password, "user", "password", "ann", "--data="+dir); status != 0 {
		t.Errorf("while it does not run: status %d, %q", status, stderr)
	}
	if a := serve(t, dir).dial(t, nil).ask("auth:login", login("ann")); !a.OK {
		t.Errorf("got %+v", a)
	}
}

func revoked(c *client) {
	c.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		e, err := c.Next(ctx)
		if err != nil {
			c.Fatalf("session:revoked did not come: %v", err)
		}
		if e.Name == wire.SessionRevoked {
			return
		}
	}
}

func TestUser_MistakesAreSentences(t *testing.T) {
	dir := t.TempDir()
	command(t, "the passphrase of ann", "user", "add", "ann", "--data="+dir)
	tests := []struct {
		input string
		args  []string
		want  string
	}{
		{"short", []string{"add", "bob"}, "at least 8 characters"},
		{"", []string{"add", "bob"}, "at least 8 characters"},
		{"a good passphrase", []string{"add", "ann"}, "has this name"},
		{"a good passphrase", []string{"add", "b b"}, "name"},
		{"a good passphrase", []string{"password", "nobody"}, "nobody"},
	}
	for _, test := range tests {
		status, stdout, stderr := command(t, test.input, append(append([]string{"user"}, test.args...), "--data="+dir)...)
		if status != 1 || stdout != "" || !strings.Contains(stderr, test.want) || strings.Contains(stderr, "invalid:") {
			t.Errorf("%v: status %d, %q, %q", test.args, status, stdout, stderr)
		}
	}
	status, _, stderr := command(t, "a good passphrase", "user", "password", "ann", "--data="+filepath.Join(dir, "nowhere"))
	if status != 1 || !strings.Contains(stderr, "nowhere") {
		t.Errorf("status %d, %q", status, stderr)
	}
}

func TestVersion_IsPrinted(t *testing.T) {
	if status, stdout, _ := command(t, "", "version"); status != 0 || stdout != "parley test\n" {
		t.Errorf("status %d, %q", status, stdout)
	}
}
