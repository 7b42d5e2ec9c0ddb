package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/chat"
	"parley/internal/store/sqlite"
)

// What an answered write has left is in the files, whatever was gathered on the way: as little as a page, more than is
// gathered at once, and again after the log has started over.
func TestUpdate_IsInTheFilesWhenItIsAnswered(t *testing.T) {
	dir := t.TempDir()
	store, err := sqlite.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	want := map[string]string{}
	sizes := []int{1, 3 << 10, 300 << 10, 100, 3 << 20, 30 << 20, 40 << 20, 10} // the log starts over at 64 MB
	for i, size := range sizes {
		key, value := fmt.Sprint("key ", i), strings.Repeat(fmt.Sprint(i), size)
		err := store.Update(t.Context(), func(tx chat.Tx) error { return tx.SetSetting(key, value) })
		if err != nil {
			t.Fatal(err)
		}
		want[key] = value
		kept := settingsOf(t, dir, want)
		for key, value := range want {
			if kept[key] != value {
				t.Fatalf("after write %d the files have %d bytes of %q, wanted %d", i, len(kept[key]), key, len(value))
			}
		}
	}
}

// settingsOf reads the settings from a copy of the files as they are now.
func settingsOf(t *testing.T, dir string, keys map[string]string) map[string]string {
	t.Helper()
	copied := t.TempDir()
	for _, name := range []string{"parley.db", "parley.db-wal"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(copied, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	store, err := sqlite.Open(t.Context(), copied, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	kept := make(map[string]string)
	err = store.View(t.Context(), func(tx chat.Tx) error {
		for key := range keys {
			if kept[key], err = tx.Setting(key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return kept
}
