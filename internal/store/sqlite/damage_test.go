package sqlite_test

import (
	"database/sql"
	"errors"
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

// written is a directory with 300 messages.
func written(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	store := openStore(t, dir)
	service := storetest.NewService(t, store, &storetest.Recorder{})
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
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// damageAll turns bits in each page of the table or index, in the file.
func damageAll(t *testing.T, dir, table string) {
	t.Helper()
	path := filepath.Join(dir, "parley.db")
	pages := pagesOf(t, path, table)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, page := range pages {
		if _, err := file.WriteAt([]byte(strings.Repeat("\xff", 16)), (page-1)*4096); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpen_RefusesADatabaseWithADamagedPage(t *testing.T) {
	dir := written(t)
	damageAll(t, dir, "messages")
	store, err := sqlite.Open(t.Context(), dir, nil)
	if err == nil {
		store.Close()
	}
	if !errors.Is(err, sqlite.ErrDamaged) || !strings.Contains(err.Error(), "run parley doctor") || !strings.Contains(err.Error(), dir) {
		t.Errorf("got %v", err)
	}
}

// Damage that is met while serving: what needs the page is refused, nothing is written any more, the rest is read.
func TestView_DamageIsRefusedAndEndsWriting(t *testing.T) {
	dir := written(t)
	store := openStore(t, dir)
	service := storetest.NewService(t, store, &storetest.Recorder{})
	ann := storetest.Login(t, service, "ann")
	damageAll(t, dir, "messages")
	old := int64(100)
	if _, err := service.History(t.Context(), ann, chat.HistoryInput{Room: "Everyone", Before: &old}); chat.CodeOf(err) != chat.Unavailable {
		t.Errorf("reading what is damaged: %v", err)
	}
	if err := store.Health(); !errors.Is(err, sqlite.ErrDamaged) {
		t.Errorf("the health is %v", err)
	}
	if _, err := service.Send(t.Context(), ann, chat.SendInput{Body: "x"}); chat.CodeOf(err) != chat.Unavailable {
		t.Errorf("a send: %v", err)
	}
	if _, err := service.Me(t.Context(), ann); err != nil {
		t.Errorf("reading what is sound: %v", err)
	}
}

func pagesOf(t *testing.T, path, table string) (pages []int64) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT pageno FROM dbstat WHERE name = $1 AND pagetype = 'leaf'`, table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var page int64
		if err := rows.Scan(&page); err != nil {
			t.Fatal(err)
		}
		pages = append(pages, page)
	}
	if err := rows.Err(); err != nil || len(pages) == 0 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	return pages
}
