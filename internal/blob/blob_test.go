package blob_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"parley/internal/blob"
	"parley/internal/chat"
)

var _ chat.Blobs = (*blob.Dir)(nil)

func open(t *testing.T, path string) *blob.Dir {
	t.Helper()
	dir, err := blob.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func names(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestDir_GivesBackWhatItWasGiven(t *testing.T) {
	path := filepath.Join(t.TempDir(), "files")
	dir := open(t, path)
	size, err := dir.Put(t.Context(), 7, strings.NewReader("some bytes"))
	if err != nil || size != 10 {
		t.Fatalf("%d, %v", size, err)
	}
	file, err := open(t, path).Open(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := io.ReadAll(file); string(got) != "some bytes" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for range 2 {
		if err := dir.Remove(t.Context(), 7); err != nil {
			t.Error(err)
		}
	}
	if _, err := dir.Open(t.Context(), 7); !errors.Is(err, chat.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestDir_KeepsNothingOfWhatDidNotArriveWhole(t *testing.T) {
	path := t.TempDir()
	broken := errors.New("the client has gone")
	content := io.MultiReader(strings.NewReader("half of "), iotest.ErrReader(broken))
	if _, err := open(t, path).Put(t.Context(), 7, content); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if left := names(t, path); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

func TestDir_RemovesWhatACrashHasLeftUnfinished(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	if _, err := dir.Put(t.Context(), 7, strings.NewReader("whole")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, "upload-123.part"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, path)
	if left := names(t, path); len(left) != 1 || left[0] != "7" {
		t.Errorf("%v is left", left)
	}
}
