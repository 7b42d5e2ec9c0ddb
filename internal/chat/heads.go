package chat

import (
	"context"
	"fmt"
)

// SyncResult is what a device needs to show its sidebar.
type SyncResult struct {
	Me     User
	Rooms  []Head  // oldest room first
	Drafts []Draft // of those rooms
}

// Sync is the acting user and the heads of all rooms they are in, as of one moment.
func (s *Service) Sync(ctx context.Context, by Session) (SyncResult, error) {
	var result SyncResult
	err := s.store.View(ctx, func(tx Tx) error {
		me, err := s.me(tx, by)
		if err != nil {
			return err
		}
		memberships, err := tx.Memberships(me.ID)
		if err != nil {
			return fmt.Errorf("list memberships: %w", err)
		}
		result = SyncResult{Me: me, Rooms: make([]Head, 0, len(memberships))}
		for _, m := range memberships {
			head, err := head(tx, m.Room, m.Member)
			if err != nil {
				return err
			}
			result.Rooms = append(result.Rooms, head)
		}
		if result.Drafts, err = tx.Drafts(me.ID); err != nil {
			return fmt.Errorf("list drafts: %w", err)
		}
		return nil
	})
	return result, err
}

// head is a room as a member sees it in the sidebar.
func head(tx Tx, room Room, member Member) (Head, error) {
	room, err := withPeers(tx, room, member.User)
	if err != nil {
		return Head{}, err
	}
	h := Head{Room: room, ReadSeq: member.ReadSeq, Notify: member.Notify, MutedUntil: member.MutedUntil, Role: member.Role}
	if room.LastSeq == 0 {
		return h, nil
	}
	last, err := tx.MessageAt(room.ID, room.LastSeq)
	if err != nil {
		return Head{}, fmt.Errorf("load the last message of room %s: %w", room.ID, err)
	}
	h.LastMessage = &last
	if room.LastSeq <= member.ReadSeq {
		return h, nil
	}
	if h.Unread, err = tx.Unread(room.ID, member.User, member.ReadSeq, CountCap); err != nil {
		return Head{}, fmt.Errorf("count unread messages: %w", err)
	}
	if h.Unread == 0 {
		return h, nil
	}
	if h.Mentions, err = tx.UnreadMentions(room.ID, member.User, member.ReadSeq, CountCap); err != nil {
		return Head{}, fmt.Errorf("count unread mentions: %w", err)
	}
	return h, nil
}

// withPeers adds the other members of a dm.
func withPeers(tx Tx, room Room, user ID) (Room, error) {
	if room.Kind != KindDM {
		return room, nil
	}
	peers, err := tx.Peers(room.ID, user)
	if err != nil {
		return Room{}, fmt.Errorf("load the peers of a dm: %w", err)
	}
	people := make([]ShortUser, len(peers))
	for i, peer := range peers {
		people[i] = peer.Short()
	}
	return seenBy(room, user, people), nil
}

// RoomsOf lists the rooms a user is in now, for the edge that delivers to them.
func (s *Service) RoomsOf(ctx context.Context, user ID) ([]ID, error) {
	var rooms []ID
	err := s.store.View(ctx, func(tx Tx) (err error) {
		rooms, err = tx.RoomIDs(user)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the rooms of user %s: %w", user, err)
	}
	return rooms, nil
}
