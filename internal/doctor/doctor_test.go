package doctor_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/blob"
	"parley/internal/chat"
	"parley/internal/doctor"
	"parley/internal/store/sqlite"
	"parley/internal/store/storetest"
)

// patient is a data directory with 300 messages and two uploads, whose server has stopped.
func patient(t *testing.T) (dir, upload string) {
	t.Helper()
	dir = t.TempDir()
	store, err := sqlite.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	upload = fill(t, store, dir)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, upload
}

// fill makes 300 messages and two uploads, and tells one of these.
func fill(t *testing.T, store chat.Store, dir string) (upload string) {
	t.Helper()
	files, err := blob.Open(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	service, err := chat.New(t.Context(), store, &storetest.Recorder{}, &chat.Options{Hasher: &storetest.Hasher{}, Blobs: files})
	if err != nil {
		t.Fatal(err)
	}
	ann := storetest.Login(t, service, "ann")
	var sends sync.WaitGroup
	for i := range 300 {
		sends.Go(func() {
			if _, err := service.Send(t.Context(), ann, chat.SendInput{Body: fmt.Sprint("a longer message that fills pages ", i)}); err != nil {
				t.Error(err)
			}
		})
	}
	sends.Wait()
	for range 2 {
		file, err := service.Upload(t.Context(), ann, chat.UploadInput{Name: "a", MIME: "text/plain", Content: strings.NewReader("some bytes")})
		if err != nil {
			t.Fatal(err)
		}
		upload = file.ID.String()
	}
	return upload
}

func at(dir string) doctor.Place { return doctor.Place{Dir: dir} }

func quiet(string) {}

func harm(t *testing.T, dir string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "parley.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

func write(t *testing.T, path string, age time.Duration) {
	t.Helper()
	if err := os.WriteFile(path, []byte("bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	then := time.Now().Add(-age)
	if err := os.Chtimes(path, then, then); err != nil {
		t.Fatal(err)
	}
}

func text(findings []doctor.Finding) string {
	var all strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&all, "%s | %s\n", f.What, f.Remedy)
	}
	return all.String()
}

func TestExamine_FindsNothingInASoundDirectory(t *testing.T) {
	dir, _ := patient(t)
	for range 2 {
		if findings, err := doctor.Examine(t.Context(), at(dir), quiet); err != nil || len(findings) > 0 {
			t.Fatalf("%v, %v", text(findings), err)
		}
		if findings, err := doctor.Mend(t.Context(), at(dir), quiet); err != nil || len(findings) > 0 {
			t.Fatalf("mend: %v, %v", text(findings), err)
		}
	}
}

func TestMend_PutsRightWhatLosesNothing(t *testing.T) {
	for what, test := range map[string]struct {
		harm func(t *testing.T, dir string)
		says string
	}{
		"counters behind": {func(t *testing.T, dir string) {
			harm(t, dir, `UPDATE rooms SET last_seq = last_seq - 3, last_rev = last_rev - 3 WHERE kind = 'everyone'`,
				`UPDATE members SET read_seq = read_seq - 3`)
		}, "are behind what is in it"},
		"a wrong count of members": {func(t *testing.T, dir string) { harm(t, dir, `UPDATE rooms SET members_count = 9`) }, "counts 9 members and has 1"},
		"a read mark ahead":        {func(t *testing.T, dir string) { harm(t, dir, `UPDATE members SET read_seq = 999`) }, "1 members have read more"},
		"mentions of nothing": {func(t *testing.T, dir string) {
			harm(t, dir, `INSERT INTO mentions VALUES (1, 1, 1), (2, 1, 2)`)
		}, "2 mentions are of messages that are not there"},
		"a search index without some messages": {func(t *testing.T, dir string) {
			harm(t, dir, `DELETE FROM search WHERE rowid < 100`)
		}, "Search does not find 99 of 256 messages"},
		"a torn search index": {func(t *testing.T, dir string) {
			harm(t, dir, `UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 10`)
		}, "The search index is damaged"},
		"the bytes of nothing":         {func(t *testing.T, dir string) { write(t, filepath.Join(dir, "files", "77"), 2*time.Hour) }, "1 files of 5 bytes"},
		"an upload that was not ended": {func(t *testing.T, dir string) { write(t, filepath.Join(dir, "files", "upload-1.part"), 2*time.Hour) }, "1 files of 5 bytes"},
		"an index without its entries": {func(t *testing.T, dir string) {
			harm(t, dir, `PRAGMA writable_schema = 1`,
				`UPDATE sqlite_schema SET sql = replace(sql, 'messages(room_id, rev)', 'messages(room_id, rev) WHERE seq > 100') WHERE name = 'messages_rev'`)
			harm(t, dir, `REINDEX messages_rev`, `PRAGMA writable_schema = 1`,
				`UPDATE sqlite_schema SET sql = replace(sql, ' WHERE seq > 100', '') WHERE name = 'messages_rev'`)
		}, "Indexes do not agree"},
	} {
		t.Run(what, func(t *testing.T) {
			dir, _ := patient(t)
			test.harm(t, dir)
			findings, err := doctor.Examine(t.Context(), at(dir), quiet)
			if err != nil || !strings.Contains(text(findings), test.says) || !strings.Contains(text(findings), "parley doctor --fix") {
				t.Fatalf("%v, %v", text(findings), err)
			}
			if findings, err = doctor.Mend(t.Context(), at(dir), quiet); err != nil || len(findings) != 1 || findings[0].Remedy != "" {
				t.Fatalf("mend: %v, %v", text(findings), err)
			}
			if findings, err = doctor.Examine(t.Context(), at(dir), quiet); err != nil || len(findings) > 0 {
				t.Errorf("afterwards: %v, %v", text(findings), err)
			}
		})
	}
}

// The search index is made of the messages again when the server starts.
func TestMend_LetsSearchFindAgain(t *testing.T) {
	dir, _ := patient(t)
	harm(t, dir, `UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 10`)
	if _, err := doctor.Mend(t.Context(), at(dir), quiet); err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	service := storetest.NewService(t, store, &storetest.Recorder{})
	page, err := service.Search(t.Context(), storetest.Login(t, service, "ann"), chat.SearchInput{Query: "longer message 299"})
	if err != nil || len(page.Hits) != 1 {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestMend_LeavesAloneWhatOnlyABackupCanHeal(t *testing.T) {
	for what, test := range map[string]struct {
		harm func(t *testing.T, dir, upload string)
		says string
	}{
		"a message that is gone": {func(t *testing.T, dir, _ string) { harm(t, dir, `DELETE FROM messages WHERE seq = 100`) }, "299 messages where 300 were sent"},
		"the last messages gone": {func(t *testing.T, dir, _ string) { harm(t, dir, `DELETE FROM messages WHERE seq > 200`) }, "the last message is 200 where 300 were sent"},
		"an author who is gone":  {func(t *testing.T, dir, _ string) { harm(t, dir, `DELETE FROM users`) }, "belong to rows of users that are not there"},
		"an upload without bytes": {func(t *testing.T, dir, upload string) {
			if err := os.Remove(filepath.Join(dir, "files", upload)); err != nil {
				t.Fatal(err)
			}
		}, "1 uploads are not there, or not whole: "},
		"an upload that was cut": {func(t *testing.T, dir, upload string) { write(t, filepath.Join(dir, "files", upload), 0) }, "or not whole"},
		"a page that is damaged": {func(t *testing.T, dir, _ string) { flip(t, filepath.Join(dir, "parley.db"), 40) }, "is damaged"},
		"a file that is no database": {func(t *testing.T, dir, _ string) {
			if err := os.WriteFile(filepath.Join(dir, "parley.db"), []byte(strings.Repeat("no database ", 999)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "is damaged"},
	} {
		t.Run(what, func(t *testing.T) {
			dir, upload := patient(t)
			test.harm(t, dir, upload)
			for name, look := range map[string]func(context.Context, doctor.Place, func(string)) ([]doctor.Finding, error){"examine": doctor.Examine, "mend": doctor.Mend} {
				findings, err := look(t.Context(), at(dir), quiet)
				if err != nil || len(findings) == 0 || !strings.Contains(text(findings), test.says) || !strings.Contains(text(findings), "backup") {
					t.Errorf("%s: %v, %v", name, text(findings), err)
				}
			}
		})
	}
}

func TestExamine_WorksBesideAServerAndMendDoesNot(t *testing.T) {
	dir, _ := patient(t)
	store, err := sqlite.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	write(t, filepath.Join(dir, "files", "77"), 0) // it may be on its way
	if findings, err := doctor.Examine(t.Context(), at(dir), quiet); err != nil || len(findings) > 0 {
		t.Errorf("%v, %v", text(findings), err)
	}
	if _, err := doctor.Mend(t.Context(), at(dir), quiet); err == nil || !strings.Contains(err.Error(), "in use by another Parley") {
		t.Errorf("got %v", err)
	}
	if _, err := doctor.Examine(t.Context(), at(t.TempDir()), quiet); err == nil || !strings.Contains(err.Error(), "there is no database in") {
		t.Errorf("got %v", err)
	}
}

// flip turns some bits in the middle of a page.
func flip(t *testing.T, path string, page int64) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt([]byte("\xff\xff\xff\xff\xff\xff\xff\xff"), page*4096); err != nil {
		t.Fatal(err)
	}
}
