package chat

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// audience is the room that a message goes to, made if it is a dm that does not exist yet.
func (s *Service) audience(tx Tx, author ShortUser, in SendInput) (Room, Member, error) {
	if in.To == nil {
		return findRoom(tx, author.ID, s.roomNamed(in.Room))
	}
	key, people, err := dmOf(tx, author, in.To)
	if err != nil {
		return Room{}, Member{}, err
	}
	room, err := tx.DMRoom(key)
	if errors.Is(err, ErrNotFound) {
		row := NewRoom{Room: s.newRoom(KindDM, ""), DMKey: key, CreatedBy: author.ID, CreatedAt: s.now()}
		room, err = s.insertRoom(tx, row, author, people)
	}
	if err != nil {
		return Room{}, Member{}, fmt.Errorf("find or make the dm: %w", err)
	}
	return tx.RoomFor(author.ID, room.ID)
}

// roomNamed is Everyone where no room is named.
func (s *Service) roomNamed(named string) string {
	if named == "" {
		return s.everyone.String()
	}
	return named
}

// dmOf is the key of the dm between the author and others, and its people, the author among them. Errors: NotFound,
// Invalid.
func dmOf(tx Tx, author ShortUser, to []string) (key string, people []ShortUser, err error) {
	if len(to) == 0 || len(to) > maxRecipient {
		return "", nil, invalidField("to", "A direct message goes to 1 to %d people.", maxRecipient)
	}
	people, err = findPeople(tx, "to", to)
	if err != nil {
		return "", nil, err
	}
	if !slices.Contains(people, author) {
		people = append(people, author)
	}
	slices.SortFunc(people, func(a, b ShortUser) int { return cmp.Compare(a.ID, b.ID) })
	ids := make([]string, len(people))
	for i, user := range people {
		ids[i] = user.ID.String()
	}
	return strings.Join(ids, ":"), people, nil
}

// Typing is who is typing where.
type Typing struct {
	Room ID // 0: people with whom there is no dm yet, so there is nobody to tell
	User ShortUser

	Hidden bool // the user does not show it
}

// TypingIn tells where a typing notice of the acting user goes: a room, a dm, or, with neither, Everyone. Errors:
// NotFound, Forbidden, Invalid (both given).
func (s *Service) TypingIn(ctx context.Context, by Session, room string, to []string) (Typing, error) {
	if room != "" && to != nil {
		return Typing{}, invalidField("to", "Typing is told to a room or to people, not to both.")
	}
	var typing Typing
	err := s.store.View(ctx, func(tx Tx) error {
		user, err := s.me(tx, by)
		if err != nil {
			return err
		}
		me := user.Short()
		typing = Typing{User: me, Hidden: !user.Typing}
		target := s.roomNamed(room)
		if to != nil {
			key, _, err := dmOf(tx, me, to)
			if err != nil {
				return err
			}
			dm, err := tx.DMRoom(key)
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("find the dm: %w", err)
			}
			target = dm.ID.String()
		}
		found, member, err := findRoom(tx, me.ID, target)
		if err != nil {
			return err
		}
		typing.Room = found.ID
		return s.mayPost(tx, deed{event: "typing", room: found, member: member})
	})
	if err != nil {
		return Typing{}, err
	}
	return typing, nil
}
