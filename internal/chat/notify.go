package chat

import (
	"context"
	"fmt"
	"time"
)

// NotifyInput says what of a room the acting user wants to be told of.
type NotifyInput struct {
	Room       string
	Level      NotifyLevel
	MutedUntil time.Time // zero = not muted
}

// SetNotify sets the acting user's level and mute in a room (HeadChanged). Errors: NotFound, Forbidden (not a member),
// Invalid (Field level).
func (s *Service) SetNotify(ctx context.Context, by Session, in NotifyInput) error {
	if in.Level != NotifyAll && in.Level != NotifyMentions && in.Level != NotifyNone {
		return invalidField("level", "The level is all, mentions or none.")
	}
	muted := in.MutedUntil.UTC().Truncate(time.Millisecond)
	return s.store.Update(ctx, func(tx Tx) error {
		room, member, err := s.entered(tx, by, "room:notify", in.Room)
		if err != nil {
			return err
		}
		member.Notify, member.MutedUntil = in.Level, muted
		if err := tx.SetNotify(room.ID, member.User, in.Level, muted); err != nil {
			return fmt.Errorf("set the level: %w", err)
		}
		head, err := head(tx, room, member)
		if err != nil {
			return err
		}
		s.publish(tx, HeadChanged{User: member.User, Head: head})
		return nil
	})
}

// entered is a room and the acting user's membership, if the rule of the event lets them in.
func (s *Service) entered(tx Tx, by Session, event, named string) (Room, Member, error) {
	me, err := s.actor(tx, by)
	if err != nil {
		return Room{}, Member{}, err
	}
	room, member, err := findRoom(tx, me.ID, named)
	if err != nil {
		return Room{}, Member{}, err
	}
	return room, member, s.permit(deed{event: event, room: room, member: member})
}
