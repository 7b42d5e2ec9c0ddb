package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"parley/internal/wire"
)

// ready logs in and tells the epoch.
func (s *server) ready(t *testing.T, name string) (*client, string) {
	t.Helper()
	c := s.dial(t, nil)
	if a := c.ask("auth:login", login(name)); !a.OK {
		t.Fatalf("got %+v", a)
	}
	for {
		e, err := c.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var push wire.ReadyPush
		if e.Name == wire.Ready && e.Args.Scan(&push) == nil {
			return c, push.Server.Epoch
		}
	}
}

// A backup is taken while the server is written to, and restored after more was written: clients are told another
// epoch, and whoever is ahead of the restored history starts over.
func TestBackup_TakenUnderLoadIsRestoredUnderAnotherEpoch(t *testing.T) {
	dir, made, fresh := t.TempDir(), filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "data")
	first := serve(t, dir, "--sends-per-second=1000", "--send-burst=1000")
	ann, epoch := first.ready(t, "ann")
	say := func(c *client, body string) wire.Message {
		a := c.ask("message:send", map[string]any{"cid": body, "body": body})
		if !a.OK {
			t.Errorf("got %+v", a)
		}
		return a.Message
	}
	for i := range 20 {
		say(ann, fmt.Sprint("before ", i))
	}
	stop := make(chan struct{})
	var load sync.WaitGroup
	load.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				say(ann, fmt.Sprint("during ", i))
			}
		}
	})
	status, stdout, stderr := command(t, "", "backup", made, "--data="+dir)
	close(stop)
	load.Wait()
	if status != 0 || !strings.HasPrefix(stdout, "Backed up the database and 0 uploads, ") || stderr != "" {
		t.Fatalf("status %d, %q, %q", status, stdout, stderr)
	}
	last := say(ann, "after")
	first.end(t, syscall.SIGTERM)

	if status, stdout, stderr := command(t, "", "restore", made, "--data="+fresh); status != 0 || stdout == "" || stderr != "" {
		t.Fatalf("status %d, %q, %q", status, stdout, stderr)
	}
	again, other := serve(t, fresh).ready(t, "ann")
	if other == epoch || other == "" {
		t.Errorf("the epoch was %q and is %q", epoch, other)
	}
	page := again.ask("room:history", map[string]any{"room": "Everyone", "limit": 200, "after": 0})
	for i, m := range page.Messages {
		if m.Seq != int64(i+1) || i < 20 && m.Body != fmt.Sprint("before ", i) {
			t.Fatalf("message %d is %+v", i, m)
		}
	}
	if len(page.Messages) < 20 {
		t.Fatalf("%d messages are restored", len(page.Messages))
	}
	if a := again.ask("room:changes", map[string]any{"room": "Everyone", "since": last.Rev}); !a.Reset {
		t.Errorf("who is ahead is answered %+v", a)
	}
}

func TestDoctor_SaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	command(t, "the passphrase of ann", "user", "add", "ann", "--data="+dir)
	if status, stdout, stderr := command(t, "", "doctor", "--data="+dir); status != 0 || stdout != dir+" is in order.\n" || stderr != "" {
		t.Errorf("status %d, %q, %q", status, stdout, stderr)
	}
	if err := os.Mkdir(filepath.Join(dir, "files"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "files", "upload-1.part"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if status, stdout, _ := command(t, "", "doctor", "--fix", "--data="+dir); status != 0 || !strings.Contains(stdout, "Mended.") {
		t.Errorf("status %d, %q", status, stdout)
	}
	file, err := os.OpenFile(filepath.Join(dir, "parley.db"), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt([]byte(strings.Repeat("\xff", 64)), 20*4096); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := command(t, "", "doctor", "--data="+dir)
	if status != 1 || !strings.Contains(stdout, "damaged") || !strings.Contains(stdout, "parley restore") || stderr == "" {
		t.Errorf("status %d, %q, %q", status, stdout, stderr)
	}
	status, _, stderr = command(t, "", "serve", "--listen=127.0.0.1:0", "--data="+dir)
	if status != 1 || !strings.Contains(stderr, dir) || !strings.Contains(stderr, "parley doctor") {
		t.Errorf("status %d, %q", status, stderr)
	}
}

func TestKeep_MistakesAreSentences(t *testing.T) {
	dir, used := t.TempDir(), t.TempDir()
	command(t, "the passphrase of ann", "user", "add", "ann", "--data="+used)
	half := filepath.Join(dir, "half")
	if err := os.MkdirAll(filepath.Join(half, "restore.part"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"backup", filepath.Join(dir, "b"), "--data=" + filepath.Join(dir, "nowhere")}, "there is no database in"},
		{[]string{"backup", used, "--data=" + used}, "something already"},
		{[]string{"restore", dir, "--data=" + filepath.Join(dir, "new")}, "is no backup of Parley"},
		{[]string{"doctor", "--data=" + filepath.Join(dir, "nowhere")}, "there is no database in"},
		{[]string{"serve", "--listen=127.0.0.1:0", "--data=" + half}, "was not finished"},
	} {
		status, stdout, stderr := command(t, "", test.args...)
		if status != 1 || stdout != "" || !strings.Contains(stderr, test.want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: status %d, %q, %q", test.args, status, stdout, stderr)
		}
	}
}
