package storetest

import (
	"errors"
	"testing"
	"time"

	"parley/internal/chat"
)

func invitations(t *testing.T, s chat.Store) {
	insertUser(t, s, 1, "ann")
	insertUser(t, s, 2, "bob")
	invitation := func(id, by chat.ID, room chat.ID) chat.Invitation {
		return chat.Invitation{
			ID: id, By: short(t, s, by), Room: room, MaxUses: 2, CreatedAt: noon(), ExpiresAt: noon().Add(time.Duration(id) * time.Hour),
		}
	}
	first, second, other := invitation(11, 1, 0), invitation(12, 1, 7), invitation(13, 2, 0)
	update(t, s, func(tx chat.Tx) error {
		return errors.Join(tx.InsertInvitation(first, []byte("a")), tx.InsertInvitation(second, []byte("b")), tx.InsertInvitation(other, []byte("c")))
	})
	err := s.Update(t.Context(), func(tx chat.Tx) error { return tx.InsertInvitation(invitation(14, 1, 0), []byte("a")) })
	if !errors.Is(err, chat.ErrExists) {
		t.Errorf("the same code twice: %v", err)
	}
	update(t, s, func(tx chat.Tx) error { return tx.CountInvitation(12) })
	second.Uses = 1
	check := func(what string, want ...chat.Invitation) {
		t.Helper()
		view(t, s, func(tx chat.Tx) error {
			made, err := tx.InvitationsBy(1)
			same(t, what, want, made)
			return err
		})
	}
	check("all, the latest first", second, first)
	view(t, s, func(tx chat.Tx) error {
		found, err := tx.InvitationByCode([]byte("b"))
		same(t, "by its code", second, found)
		if _, err := tx.InvitationByCode([]byte("x")); !errors.Is(err, chat.ErrNotFound) {
			t.Errorf("an unknown code: %v", err)
		}
		return err
	})
	update(t, s, func(tx chat.Tx) error { return errors.Join(tx.CountInvitation(12), tx.DropInvitations(1, noon())) })
	check("used up and dropped", first)
	update(t, s, func(tx chat.Tx) error { return tx.DropInvitations(1, noon().Add(11*time.Hour)) })
	check("over and dropped", []chat.Invitation{}...)
	update(t, s, func(tx chat.Tx) error { return errors.Join(tx.DeleteInvitation(99), tx.DeleteInvitation(13)) })
	view(t, s, func(tx chat.Tx) error {
		if _, err := tx.InvitationByCode([]byte("c")); !errors.Is(err, chat.ErrNotFound) {
			t.Errorf("after it was deleted: %v", err)
		}
		return nil
	})
}

func short(t *testing.T, s chat.Store, id chat.ID) chat.ShortUser {
	t.Helper()
	var found chat.User
	view(t, s, func(tx chat.Tx) (err error) {
		found, err = tx.User(id)
		return err
	})
	return found.Short()
}
