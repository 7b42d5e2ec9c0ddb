package backup_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"parley/internal/backup"
	"parley/internal/blob"
	"parley/internal/chat"
	"parley/internal/store/sqlite"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open is a chat on a data directory, with uploads.
func open(t *testing.T, dir string) (*chat.Service, *sqlite.Store) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	files, err := blob.Open(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	service, err := chat.New(t.Context(), store, &storetest.Recorder{}, &chat.Options{Hasher: &storetest.Hasher{}, Blobs: files})
	if err != nil {
		t.Fatal(err)
	}
	return service, store
}

func say(t *testing.T, service *chat.Service, by chat.Session, body string, files ...string) chat.Message {
	t.Helper()
	sent, err := service.Send(t.Context(), by, chat.SendInput{Body: body, CID: body, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return sent.Message
}

func upload(t *testing.T, service *chat.Service, by chat.Session, content string) string {
	t.Helper()
	file, err := service.Upload(t.Context(), by, chat.UploadInput{Name: "a.txt", MIME: "text/plain", Content: strings.NewReader(content)})
	if err != nil {
		t.Fatal(err)
	}
	return file.ID.String()
}

func back(t *testing.T, dir string) (to string, made backup.Summary) {
	t.Helper()
	to = filepath.Join(t.TempDir(), "deep", "backup")
	made, err := backup.Make(t.Context(), dir, to, nil)
	if err != nil {
		t.Fatal(err)
	}
	return to, made
}

// history is every message of Everyone.
func history(t *testing.T, service *chat.Service, by chat.Session) []chat.Message {
	t.Helper()
	var all []chat.Message
	for after := int64(0); ; {
		page, err := service.History(t.Context(), by, chat.HistoryInput{Room: "Everyone", After: &after, Limit: ptr(200)})
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Messages) == 0 {
			return all
		}
		all = append(all, page.Messages...)
		after = all[len(all)-1].Seq
	}
}

// A backup is taken while people write. What was acknowledged before it began is in it; the restored history is one
// that was, without a hole, under another epoch; and it goes on from there.
func TestMake_UnderLoadHasAllThatWasAcknowledgedBefore(t *testing.T) {
	dir := t.TempDir()
	service, _ := open(t, dir)
	ann := storetest.Login(t, service, "ann")
	for i := range 50 {
		say(t, service, ann, fmt.Sprint("before ", i))
	}
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for w := range 8 {
		by := storetest.Login(t, service, fmt.Sprint("writer-", w))
		writers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				body := fmt.Sprint("load ", w, " ", i)
				_, err := service.Send(context.WithoutCancel(ctx), by, chat.SendInput{Body: body, CID: body})
				if err != nil {
					t.Errorf("a send during the backup: %v", err)
					return
				}
			}
		})
	}
	to, _ := back(t, dir)
	stop()
	writers.Wait()
	original := history(t, service, ann)

	fresh := filepath.Join(t.TempDir(), "data")
	if _, err := backup.Restore(t.Context(), to, fresh, nil); err != nil {
		t.Fatal(err)
	}
	restored, _ := open(t, fresh)
	if restored.Epoch() == service.Epoch() {
		t.Error("the epoch is the same")
	}
	again := history(t, restored, storetest.Login(t, restored, "ann"))
	if len(again) < 50 || len(again) > len(original) {
		t.Fatalf("%d messages of %d are restored", len(again), len(original))
	}
	for i, m := range again {
		if m.Seq != int64(i+1) || m.Body != original[i].Body || m.ID != original[i].ID {
			t.Fatalf("message %d is %+v, it was %+v", i, m, original[i])
		}
	}
	next := say(t, restored, storetest.Login(t, restored, "ann"), "after")
	if next.Seq != int64(len(again)+1) {
		t.Errorf("the next message is %d", next.Seq)
	}
}

// sha256sum(1) can check a backup without Parley.
func TestMake_WritesTheChecksumsOfEveryFile(t *testing.T) {
	dir := t.TempDir()
	service, _ := open(t, dir)
	id := upload(t, service, storetest.Login(t, service, "ann"), "some bytes")
	to, _ := back(t, dir)
	var want strings.Builder
	for _, name := range []string{"about.json", "files/" + id, "parley.db"} {
		content, err := os.ReadFile(filepath.Join(to, name))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&want, "%x  %s\n", sha256.Sum256(content), name)
	}
	if got, err := os.ReadFile(filepath.Join(to, "SHA256SUMS")); string(got) != want.String() || err != nil {
		t.Errorf("got %s, %v, want %s", got, err, &want)
	}
}

func TestMake_TellsHowManyUploadsWereLost(t *testing.T) {
	dir := t.TempDir()
	service, _ := open(t, dir)
	ann := storetest.Login(t, service, "ann")
	lost := upload(t, service, ann, "lost")
	upload(t, service, ann, "kept")
	if err := os.Remove(filepath.Join(dir, "files", lost)); err != nil {
		t.Fatal(err)
	}
	if _, made := back(t, dir); made.Uploads != 1 || made.Lost != 1 {
		t.Errorf("got %+v", made)
	}
}

// With the database elsewhere a backup is the uploads, and cannot be taken for one that has everything.
func TestMake_CopiesTheUploadsOnlyWhereTheDatabaseIsElsewhere(t *testing.T) {
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "backup")
	service, _ := open(t, dir)
	id := upload(t, service, storetest.Login(t, service, "ann"), "some bytes")
	elsewhere := &backup.Options{Elsewhere: true}
	if made, err := backup.Make(t.Context(), dir, to, elsewhere); err != nil || made.Uploads != 1 {
		t.Fatalf("%+v, %v", made, err)
	}
	if _, err := backup.Restore(t.Context(), to, t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), "has no database") {
		t.Errorf("got %v", err)
	}
	fresh := t.TempDir()
	if restored, err := backup.Restore(t.Context(), to, fresh, elsewhere); err != nil || restored.Uploads != 1 {
		t.Fatalf("%+v, %v", restored, err)
	}
	if got, err := os.ReadFile(filepath.Join(fresh, "files", id)); string(got) != "some bytes" {
		t.Errorf("got %q, %v", got, err)
	}
	whole, _ := back(t, dir)
	if _, err := backup.Restore(t.Context(), whole, t.TempDir(), elsewhere); err == nil || !strings.Contains(err.Error(), "a database of its own") {
		t.Errorf("got %v", err)
	}
}

func TestMake_LeavesNothingWhereItCannotEnd(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	to := filepath.Join(t.TempDir(), "backup")
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := backup.Make(ended, dir, to, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := backup.Make(t.Context(), t.TempDir(), to, nil); err == nil || !strings.Contains(err.Error(), "there is no database in") {
		t.Errorf("got %v", err)
	}
	if left, _ := os.ReadDir(filepath.Dir(to)); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
	if _, err := backup.Make(t.Context(), dir, filepath.Dir(to), nil); err == nil || !strings.Contains(err.Error(), "something already") {
		t.Errorf("got %v", err)
	}
}

func TestMake_RefusesADamagedDatabase(t *testing.T) {
	dir := t.TempDir()
	service, store := open(t, dir)
	ann := storetest.Login(t, service, "ann")
	for i := range 300 {
		say(t, service, ann, fmt.Sprint("a longer message that fills pages ", i))
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	flip(t, filepath.Join(dir, "parley.db"), 40*4096+2)
	if _, err := backup.Make(t.Context(), dir, filepath.Join(t.TempDir(), "backup"), nil); !errors.Is(err, sqlite.ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

func ptr[T any](v T) *T { return &v }
