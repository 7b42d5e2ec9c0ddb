package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley/internal/chat"
	"parley/internal/store/sqlite"
	"parley/internal/store/storetest"
)

func openStore(t *testing.T, dir string) *sqlite.Store {
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
	return store
}

func TestStore_KeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) chat.Store { return openStore(t, t.TempDir()) })
}

func TestOpen_ASecondOnOneDirectoryIsRefusedUntilTheFirstIsGone(t *testing.T) {
	dir := t.TempDir()
	first := openStore(t, dir)
	_, err := sqlite.Open(t.Context(), dir, nil)
	if err == nil || !strings.Contains(err.Error(), "in use by another Parley (process ") || !strings.Contains(err.Error(), dir) {
		t.Fatalf("a second store on the directory: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	openStore(t, dir)
}

func TestOpen_RefusesWhatIsNotParleys(t *testing.T) {
	for what, c := range map[string]struct {
		make func(t *testing.T, path string)
		says string
	}{
		"another program's database": {func(t *testing.T, path string) { execSQL(t, path, `CREATE TABLE notes (text TEXT)`) }, "is not Parley's"},
		"a file that is no database": {func(t *testing.T, path string) { writeFile(t, path, strings.Repeat("not a database ", 500)) }, "damaged"},
		"one of a newer Parley": {func(t *testing.T, path string) {
			openStore(t, filepath.Dir(path)).Close()
			execSQL(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
		}, "newer Parley"},
		"one with a torn page": {func(t *testing.T, path string) {
			openStore(t, filepath.Dir(path)).Close()
			tear(t, path)
		}, "damaged"},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			c.make(t, filepath.Join(dir, "parley.db"))
			store, err := sqlite.Open(t.Context(), dir, nil)
			if err == nil {
				store.Close()
			}
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, wanted %q", err, c.says)
			}
		})
	}
}

func execSQL(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// tear overwrites the page of the schema behind the file's header.
func tear(t *testing.T, path string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt([]byte(strings.Repeat("torn", 900)), 100); err != nil {
		t.Fatal(err)
	}
}

func TestOpen_FilesAreForTheirOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	store := openStore(t, dir)
	storetest.NewService(t, store, &storetest.Recorder{})
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) < 3 {
		t.Fatalf("%v, %v", entries, err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v", entry.Name(), info.Mode())
		}
	}
}

func TestClose_FinishesWhatWasAskedForAndRefusesTheRest(t *testing.T) {
	dir := t.TempDir()
	store := openStore(t, dir)
	var all sync.WaitGroup
	var mu sync.Mutex
	kept, told := 0, 0
	started := make(chan struct{}, 64)
	for i := range 64 {
		all.Go(func() {
			for n := 0; ; n++ {
				err := store.Update(context.Background(), func(tx chat.Tx) error {
					tx.AfterCommit(func() { told++ })
					return tx.SetSetting(fmt.Sprintf("%d-%d", i, n), "value")
				})
				if chat.CodeOf(err) == chat.Unavailable {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				kept++
				mu.Unlock()
				if n == 0 {
					started <- struct{}{}
				}
			}
		})
	}
	<-started
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	err := store.View(t.Context(), func(chat.Tx) error { return nil })
	if chat.CodeOf(err) != chat.Unavailable {
		t.Errorf("a read after the end: %v", err)
	}
	if told != kept {
		t.Errorf("%d writes were kept, %d were told", kept, told)
	}
	if _, err := os.Stat(filepath.Join(dir, "parley.db-wal")); !os.IsNotExist(err) {
		t.Errorf("the log is left behind: %v", err)
	}
}

func TestCheckpoint_TheLogStaysBoundedUnderFewLargeFunctions(t *testing.T) {
	dir := t.TempDir()
	store := openStore(t, dir)
	text := strings.Repeat("x", 3000)
	for n := range 160 {
		err := store.Update(t.Context(), func(tx chat.Tx) error {
			for i := range 400 {
				if err := tx.SetSetting(fmt.Sprintf("%d-%d", n, i), text); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "parley.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	// Never started over, it would have some 250 MB after these writes.
	if info.Size() > 150<<20 {
		t.Errorf("the log has %d MB", info.Size()>>20)
	}
}

func TestCheckpoint_TheLogStaysBoundedUnderLoad(t *testing.T) {
	dir := t.TempDir()
	store := openStore(t, dir)
	text := strings.Repeat("x", 3000)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for n := range 1000 {
				err := store.Update(t.Context(), func(tx chat.Tx) error {
					return tx.SetSetting(fmt.Sprintf("%d-%d", n, i), text)
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	info, err := os.Stat(filepath.Join(dir, "parley.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	// Never started over, it would have some 240 MB after these writes.
	if info.Size() > 120<<20 {
		t.Errorf("the log has %d MB", info.Size()>>20)
	}
}
