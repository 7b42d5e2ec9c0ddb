package storetest

import (
	"errors"
	"testing"
	"time"

	"parley/internal/chat"
)

func files(t *testing.T, s chat.Store) {
	insertUser(t, s, 1, "ann")
	file := func(id chat.ID) chat.File {
		return chat.File{ID: id, Name: "a 'cat'.png", MIME: "image/png", Bytes: 1 << 40, Width: 3, Height: 4, Alt: "a cat"}
	}
	update(t, s, func(tx chat.Tx) error {
		for id := chat.ID(1); id <= 5; id++ {
			if err := tx.InsertFile(1, file(id), noon()); err != nil {
				return err
			}
		}
		return errors.Join(tx.SendFile(2, 7, 8), tx.SendFile(3, 7, 9), tx.ShowFile(4, 1), tx.InsertFile(1, file(6), noon().Add(time.Hour)))
	})
	check := func(what string, want map[chat.ID]chat.StoredFile, wantGone ...chat.ID) {
		t.Helper()
		got := make(map[chat.ID]chat.StoredFile)
		view(t, s, func(tx chat.Tx) error {
			for id := chat.ID(1); id <= 6; id++ {
				f, err := tx.File(id)
				if err == nil {
					got[id] = f
				} else if !errors.Is(err, chat.ErrNotFound) {
					return err
				}
			}
			gone, err := tx.GoneFiles(10)
			same(t, what+": gone", wantGone, gone)
			return err
		})
		same(t, what, want, got)
	}
	want := map[chat.ID]chat.StoredFile{
		1: {File: file(1), Owner: 1}, 2: {File: file(2), Owner: 1, Room: 7}, 3: {File: file(3), Owner: 1, Room: 7},
		4: {File: file(4), Owner: 1, AvatarOf: 1}, 5: {File: file(5), Owner: 1}, 6: {File: file(6), Owner: 1},
	}
	check("all", want, []chat.ID{}...) // none
	update(t, s, func(tx chat.Tx) error {
		_, err := tx.DropLooseFiles(noon().Add(time.Minute), noon().Add(2e6), 100)
		return errors.Join(tx.DropFile(5, noon()), tx.DropFilesOf(7, 8, noon().Add(1e6)), err)
	})
	delete(want, 5)
	delete(want, 2)
	delete(want, 1)
	check("dropped", want, 5, 2, 1)
	update(t, s, func(tx chat.Tx) error { return errors.Join(tx.DeleteFile(5), tx.DeleteFile(4), tx.DeleteFile(99)) })
	check("deleted", want, 2, 1)
}
