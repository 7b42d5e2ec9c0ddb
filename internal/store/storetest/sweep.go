package storetest

import (
	"errors"
	"testing"
	"time"

	"parley/internal/chat"
)

func sweep(t *testing.T, s chat.Store) {
	insertUser(t, s, 1, "ann")
	for id := range chat.ID(5) {
		insertRoom(t, s, id+1)
	}
	at := func(minute int64) time.Time { return noon().Add(time.Duration(minute) * time.Minute) }
	update(t, s, func(tx chat.Tx) error {
		var errs []error
		for id := range int64(5) {
			errs = append(errs, tx.PutMember(chat.Member{Room: chat.ID(id + 1), User: 1, Role: chat.MemberPlain, Notify: chat.NotifyAll}, noon()))
			_, err := tx.SetDraft(1, chat.Draft{Room: chat.ID(id + 1), Body: "x"}, at(id))
			errs = append(errs, err, tx.InsertSession(chat.SessionRecord{
				Session: chat.Session{ID: chat.ID(id + 1), User: 1, ExpiresAt: at(id)}, TokenHash: []byte{byte(id)},
			}))
		}
		return errors.Join(errs...)
	})
	for _, want := range []struct{ dropped, left int }{{2, 3}, {1, 2}, {0, 2}} { // before the fourth, two at a time
		update(t, s, func(tx chat.Tx) error {
			sessions, err := tx.DropSessions(at(3), 2)
			drafts, err2 := tx.DropDrafts(at(3), 2)
			same(t, "dropped", []int{want.dropped, want.dropped}, []int{sessions, drafts})
			return errors.Join(err, err2)
		})
		view(t, s, func(tx chat.Tx) error {
			sessions, err := tx.SessionsOf(1, time.Unix(0, 0))
			drafts, err2 := tx.Drafts(1)
			same(t, "left", []int{want.left, want.left}, []int{len(sessions), len(drafts)})
			return errors.Join(err, err2)
		})
	}
	view(t, s, func(tx chat.Tx) error {
		none, err := tx.RetainingRooms()
		same(t, "rooms that forget", 0, len(none))
		return err
	})
	update(t, s, func(tx chat.Tx) error {
		room, err := tx.Room(3)
		room.RetentionDays = 7
		_, err2 := tx.UpdateRoom(room, "three")
		return errors.Join(err, err2)
	})
	view(t, s, func(tx chat.Tx) error {
		rooms, err := tx.RetainingRooms()
		if len(rooms) != 1 || rooms[0].ID != 3 || rooms[0].RetentionDays != 7 {
			t.Errorf("rooms that forget: %+v", rooms)
		}
		return err
	})
}
