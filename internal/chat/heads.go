package chat

import (
	"context"
	"fmt"
	"slices"
)

// SyncResult is what a device needs to show its sidebar.
type SyncResult struct {
	Me     User
	Server Server
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
		result.Me = me
		if result.Server, err = s.server(tx); err != nil {
			return err
		}
		if result.Rooms, err = headsOf(tx, me.ID); err != nil {
			return fmt.Errorf("read the heads of one's rooms: %w", err)
		}
		if result.Drafts, err = tx.Drafts(me.ID); err != nil {
			return fmt.Errorf("list drafts: %w", err)
		}
		return nil
	})
	return result, err
}

func headsOf(tx Tx, user ID) ([]Head, error) {
	heads, err := tx.Heads(user)
	if err != nil {
		return nil, err
	}
	readers, err := tx.DirectReaders(user)
	if err != nil {
		return nil, err
	}
	for i := range heads {
		heads[i].meet(readers[heads[i].Room.ID], user)
	}
	return heads, nil
}

// meet puts the members of a dm into its head.
func (h *Head) meet(readers []Reader, user ID) {
	if h.Room.Kind == KindDM {
		h.Room, h.Receipts = seenBy(h.Room, user, peopleOf(readers)), receiptsFor(readers, user)
	}
}

// headsAtOnce is how many heads are read in one transaction, so that none is kept for long.
const headsAtOnce = 256

// HeadsOf is the heads of one room for those of some users who are members. It is the server that asks, for the edge that
// delivers to them.
func (s *Service) HeadsOf(ctx context.Context, room ID, users []ID) ([]UserHead, error) {
	heads := make([]UserHead, 0, len(users))
	for some := range slices.Chunk(users, headsAtOnce) {
		err := s.store.View(ctx, func(tx Tx) error {
			var last *Message
			for _, user := range some {
				found, member, err := tx.RoomFor(user, room)
				if err != nil {
					return err
				}
				if !member.Active() {
					continue
				}
				if last == nil {
					if last, err = lastMessage(tx, found); err != nil {
						return err
					}
				}
				h, err := headWith(tx, found, member, last)
				if err != nil {
					return err
				}
				heads = append(heads, UserHead{User: user, Head: h})
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read the heads of room %s: %w", room, err)
		}
	}
	return heads, nil
}

// Enter is the room that an event is about, for events that an edge answers by itself: the event's rule lets the acting
// user in. Errors: NotFound, Forbidden.
func (s *Service) Enter(ctx context.Context, by Session, event, room string) (Room, error) {
	var found Room
	err := s.store.View(ctx, func(tx Tx) (err error) {
		found, _, err = s.entered(tx, by, event, room)
		return err
	})
	if err != nil {
		return Room{}, err
	}
	return found, nil
}

// head is a room as a member sees it in the sidebar.
func head(tx Tx, room Room, member Member) (Head, error) {
	last, err := lastMessage(tx, room)
	if err != nil {
		return Head{}, err
	}
	return headWith(tx, room, member, last)
}

// lastMessage is nil in a room without messages.
func lastMessage(tx Tx, room Room) (*Message, error) {
	if room.LastSeq == 0 {
		return nil, nil
	}
	last, err := tx.MessageAt(room.ID, room.LastSeq)
	if err != nil {
		return nil, fmt.Errorf("load the last message of room %s: %w", room.ID, err)
	}
	return &last, nil
}

func headWith(tx Tx, room Room, member Member, last *Message) (Head, error) {
	h := Head{
		Room: room, ReadSeq: member.ReadSeq, Notify: member.Notify, MutedUntil: member.MutedUntil, Role: member.Role,
		LastMessage: last, DeliveredSeq: member.DeliveredSeq,
	}
	if room.Kind == KindDM {
		readers, err := readersOf(tx, room.ID)
		if err != nil {
			return Head{}, err
		}
		h.meet(readers, member.User)
	}
	var err error
	if room.LastSeq <= member.ReadSeq {
		return h, nil
	}
	if h.Unread, err = tx.Unread(room, member, CountCap); err != nil {
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
	readers, err := readersOf(tx, room.ID)
	if err != nil {
		return Room{}, err
	}
	return seenBy(room, user, peopleOf(readers)), nil
}

func peopleOf(readers []Reader) []ShortUser {
	people := make([]ShortUser, len(readers))
	for i, reader := range readers {
		people[i] = reader.User.Short()
	}
	return people
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
