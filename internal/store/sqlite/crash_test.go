//go:build unix

package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/internal/chat"
	"parley/internal/store/sqlite"
	"parley/internal/store/storetest"
)

// The test binary runs one of childTasks instead of the tests when childTask names it.
const (
	childTask = "PARLEY_STORE_TEST_TASK"
	childDir  = "PARLEY_STORE_TEST_DIR"
)

func TestMain(m *testing.M) {
	if run, ok := childTasks()[os.Getenv(childTask)]; ok {
		run(os.Getenv(childDir))
		return
	}
	goleak.VerifyTestMain(m)
}

func childTasks() map[string]func(dir string) {
	return map[string]func(dir string){"send": sendForEver, "fill": fillTheDisk}
}

// child starts this test binary on a task.
func child(t *testing.T, task, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childTask+"="+task, childDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// childService is a chat in a child process, whose failures end it.
func childService(dir string) (*chat.Service, *sqlite.Store, chat.Session) {
	ctx := context.Background()
	store, err := sqlite.Open(ctx, dir, &sqlite.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		panic(err)
	}
	service, err := chat.New(ctx, store, &storetest.Recorder{}, &chat.Options{Hasher: &storetest.Hasher{}})
	if err != nil {
		panic(err)
	}
	login, err := service.Login(ctx, chat.LoginInput{Name: "ann", Password: storetest.Password})
	if err != nil {
		panic(err)
	}
	return service, store, login.Session
}

// sendForEver sends from 16 goroutines and writes a line for each answer, until it is killed.
func sendForEver(dir string) {
	service, _, ann := childService(dir)
	fmt.Println("ready")
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for n := 0; ; n++ {
				cid := fmt.Sprintf("%d-%d-%d", os.Getpid(), i, n)
				result, err := service.Send(context.Background(), ann, chat.SendInput{CID: cid, Body: "body of " + cid})
				if err != nil {
					panic(err)
				}
				fmt.Printf("%s %d\n", cid, result.Message.Seq)
			}
		})
	}
	all.Wait()
}

func TestCrash_KillNineUnderLoadLosesNothingThatWasAnswered(t *testing.T) {
	dir := t.TempDir()
	answered := map[string]int64{}
	for range 20 {
		cmd, lines := child(t, "send", dir)
		if !lines.Scan() || lines.Text() != "ready" {
			t.Fatalf("the child says %q, %v", lines.Text(), lines.Err())
		}
		kill := time.AfterFunc(time.Duration(5+rand.IntN(150))*time.Millisecond, func() { cmd.Process.Kill() })
		for lines.Scan() {
			var cid string
			var seq int64
			if _, err := fmt.Sscanf(lines.Text(), "%s %d", &cid, &seq); err == nil {
				answered[cid] = seq
			}
		}
		kill.Stop()
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("the child ended by itself: %v", err)
		}
	}
	t.Logf("%d answers", len(answered))
	if len(answered) == 0 {
		t.Fatal("nothing was answered")
	}
	audit(t, dir, answered)
}

// audit reads the whole history and checks that it is gapless and has each answered message once, at its place.
func audit(t *testing.T, dir string, answered map[string]int64) *sqlite.Store {
	t.Helper()
	store := openStore(t, dir)
	service := storetest.NewService(t, store, &storetest.Recorder{})
	ann := storetest.Login(t, service, "ann")
	found := map[string]int64{}
	for after := int64(0); ; {
		limit := chat.MaxHistory
		page, err := service.History(t.Context(), ann, chat.HistoryInput{Room: "everyone", After: &after, Limit: &limit})
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Messages) == 0 {
			if after != page.Last {
				t.Errorf("the history ends at %d, the room says %d", after, page.Last)
			}
			break
		}
		for _, m := range page.Messages {
			after++
			if m.Seq != after || m.Body != "body of "+m.CID || found[m.CID] != 0 {
				t.Fatalf("at place %d: %+v", after, m)
			}
			found[m.CID] = m.Seq
		}
	}
	for cid, seq := range answered {
		if found[cid] != seq {
			t.Errorf("%s was answered with seq %d and is at %d", cid, seq, found[cid])
		}
	}
	return store
}

// fillTheDisk sends until the files may not grow any more, and on after they may again. It writes a line for each
// answer, "+" for stored and "-" for refused.
func fillTheDisk(dir string) {
	signal.Ignore(syscall.SIGXFSZ)
	service, store, ann := childService(dir)
	limit := func(bytes uint64) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: 1 << 40}); err != nil {
			panic(err)
		}
	}
	limit(1 << 20)
	send := func(n int) error {
		cid := fmt.Sprintf("c-%d", n)
		result, err := service.Send(context.Background(), ann, chat.SendInput{CID: cid, Body: "body of " + cid})
		if err == nil {
			fmt.Printf("+ %s %d\n", cid, result.Message.Seq)
			return nil
		}
		var refusal *chat.Error
		if !errors.As(err, &refusal) || refusal.Code != chat.Unavailable || refusal.Retry <= 0 {
			panic(err)
		}
		fmt.Printf("- %s\n", cid)
		return err
	}
	n, refused := 0, 0
	for ; refused < 20; n++ {
		if send(n) != nil {
			refused++
		}
	}
	if _, err := service.History(context.Background(), ann, chat.HistoryInput{Room: "everyone"}); err != nil {
		panic(fmt.Errorf("reading while the disk is full: %w", err))
	}
	if store.Health() == nil {
		panic("the store is healthy while the disk is full")
	}
	limit(1 << 40)
	for last := n + 20; n < last; n++ {
		if err := send(n); err != nil {
			panic(fmt.Errorf("after there is room again: %w", err))
		}
	}
	if err := store.Health(); err != nil {
		panic(err)
	}
	if err := store.Close(); err != nil {
		panic(err)
	}
}

func TestFullDisk_IsUnavailableLosesNothingAndGoesOnByItself(t *testing.T) {
	dir := t.TempDir()
	cmd, lines := child(t, "fill", dir)
	answered := map[string]int64{}
	refused := map[string]bool{}
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 2 && fields[0] == "-":
			refused[fields[1]] = true
		case len(fields) == 3 && fields[0] == "+":
			var seq int64
			if _, err := fmt.Sscan(fields[2], &seq); err != nil {
				t.Fatal(err)
			}
			answered[fields[1]] = seq
		default:
			t.Fatalf("the child says %q", lines.Text())
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(refused) != 20 || len(answered) < 40 {
		t.Fatalf("%d stored, %d refused", len(answered), len(refused))
	}
	store := audit(t, dir, answered)
	err := store.View(t.Context(), func(tx chat.Tx) error {
		ann, err := tx.UserByName("ann")
		if err != nil {
			return err
		}
		for cid := range refused {
			if _, err := tx.FirstSent(ann.ID, cid); !errors.Is(err, chat.ErrNotFound) {
				t.Errorf("%s was refused and is stored (%v)", cid, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
