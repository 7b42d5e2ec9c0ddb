package backup_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/backup"
	"parley/internal/store/storetest"
)

func TestRestore_BringsUploadsBack(t *testing.T) {
	dir := t.TempDir()
	service, _ := open(t, dir)
	ann := storetest.Login(t, service, "ann")
	id := upload(t, service, ann, "some bytes")
	say(t, service, ann, "look", id)
	to, made := back(t, dir)
	if made.Uploads != 1 || made.Lost != 0 || made.Bytes < 10 {
		t.Errorf("got %+v", made)
	}
	fresh := t.TempDir() // an empty directory that is there will do
	if _, err := backup.Restore(t.Context(), to, fresh, nil); err != nil {
		t.Fatal(err)
	}
	restored, _ := open(t, fresh)
	_, content, err := restored.OpenFile(t.Context(), storetest.Login(t, restored, "ann"), id)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if got, _ := io.ReadAll(content); string(got) != "some bytes" {
		t.Errorf("got %q", got)
	}
}

func TestRestore_RefusesAndLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	service, _ := open(t, dir)
	upload(t, service, storetest.Login(t, service, "ann"), "some bytes")
	for what, test := range map[string]struct {
		harm func(t *testing.T, from string)
		says string
	}{
		"a flipped byte in the database": {func(t *testing.T, from string) { flip(t, filepath.Join(from, "parley.db"), 9000) }, "parley.db is not as it was written"},
		"a flipped byte in an upload":    {func(t *testing.T, from string) { flip(t, onlyUpload(t, from), 3) }, "is not as it was written"},
		"an upload that is gone":         {func(t *testing.T, from string) { remove(t, onlyUpload(t, from)) }, "is damaged"},
		"no checksums":                   {func(t *testing.T, from string) { remove(t, filepath.Join(from, "SHA256SUMS")) }, "is no backup of Parley"},
		"checksums that lead elsewhere": {func(t *testing.T, from string) {
			line := strings.Repeat("0", 64) + "  files/../../secret\n"
			if err := os.WriteFile(filepath.Join(from, "SHA256SUMS"), []byte(line), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "is damaged"},
	} {
		t.Run(what, func(t *testing.T) {
			from, _ := back(t, dir)
			test.harm(t, from)
			fresh := t.TempDir()
			if _, err := backup.Restore(t.Context(), from, fresh, nil); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want %q", err, test.says)
			}
			if left, _ := os.ReadDir(fresh); len(left) != 0 {
				t.Errorf("%v is left", left)
			}
		})
	}
	from, _ := back(t, dir)
	if _, err := backup.Restore(t.Context(), from, dir, nil); err == nil || !strings.Contains(err.Error(), "it is not empty") {
		t.Errorf("into a directory in use: %v", err)
	}
}

func flip(t *testing.T, path string, at int64) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var b [3]byte
	if _, err := file.ReadAt(b[:], at); err != nil {
		t.Fatal(err)
	}
	for i := range b {
		b[i] ^= 0xff
	}
	if _, err := file.WriteAt(b[:], at); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func onlyUpload(t *testing.T, from string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(from, "files", "*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	return found[0]
}
