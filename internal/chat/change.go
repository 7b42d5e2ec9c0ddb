package chat

import (
	"context"
	"errors"
	"fmt"
)

// target is a message that somebody wants to change.
type target struct {
	event string
	room  string
	seq   int64
	rev   *int64 // refuse if this is not the message's present rev
}

// change is an attempt to change a message, inside its transaction.
type change struct {
	deed
	me      User
	message Message // as it is; f changes it
}

// changeMessage gives a message another rev if f says that it has changed it.
func (s *Service) changeMessage(ctx context.Context, by Session, t target, f func(Tx, *change) (bool, error)) (Message, error) {
	var message Message
	err := s.store.Update(ctx, func(tx Tx) error {
		c, err := s.openChange(tx, by, t)
		if err != nil {
			return err
		}
		changed, err := f(tx, &c)
		if err == nil && changed {
			err = s.closeChange(tx, &c)
		}
		message = c.message
		if err == nil && changed && message.Deleted() {
			return s.countReply(tx, c.room, message, -1)
		}
		return err
	})
	if err != nil {
		return Message{}, err
	}
	return message, nil
}

// findMessage finds the message and applies the rule of the event.
func (s *Service) findMessage(tx Tx, by Session, t target) (change, error) {
	c := change{deed: deed{event: t.event}}
	var err error
	if c.me, err = s.me(tx, by); err != nil {
		return c, err
	}
	c.admin = c.me.Admin()
	if c.room, c.member, err = findRoom(tx, c.me.ID, t.room); err != nil {
		return c, err
	}
	c.message, err = tx.MessageAt(c.room.ID, t.seq)
	if errors.Is(err, ErrNotFound) {
		return c, errNoMessage()
	}
	if err != nil {
		return c, fmt.Errorf("load the message: %w", err)
	}
	c.own = c.message.Author.ID == c.me.ID
	return c, s.permit(c.deed)
}

// openChange finds the message where it may be changed.
func (s *Service) openChange(tx Tx, by Session, t target) (change, error) {
	c, err := s.findMessage(tx, by, t)
	if err != nil {
		return c, err
	}
	if c.room.Archived() {
		return c, errArchived()
	}
	if t.rev != nil && *t.rev != c.message.Rev && !c.message.Deleted() {
		e := Errorf(Conflict, "The message has changed meanwhile.")
		e.Field = "rev"
		return c, e
	}
	return c, nil
}

// alive refuses a message that is deleted, and a dm whose people have blocked each other.
func (c *change) alive(tx Tx) error {
	if c.message.Deleted() {
		return errNoMessage()
	}
	return freeOfBlocks(tx, c.me.ID, c.room)
}

func (s *Service) closeChange(tx Tx, c *change) error {
	rev, err := tx.NextChange(c.room.ID)
	if err != nil {
		return fmt.Errorf("count the change: %w", err)
	}
	c.message.Rev = rev
	if err := tx.UpdateMessage(c.message); err != nil {
		return fmt.Errorf("change the message: %w", err)
	}
	s.publish(tx, MessageChanged{Kind: c.room.Kind, Message: c.message})
	return nil
}

func errNoMessage() *Error {
	e := Errorf(NotFound, "This message does not exist or is deleted.")
	e.Field = "seq"
	return e
}

// freeOfBlocks refuses a dm in which somebody has blocked the user or is blocked by them.
func freeOfBlocks(tx Tx, user ID, room Room) error {
	if room.Kind != KindDM {
		return nil
	}
	blocked, err := tx.BlockedIn(room.ID, user)
	if err != nil {
		return fmt.Errorf("look for blocks: %w", err)
	}
	if blocked {
		return Errorf(Blocked, "You cannot write here: one of you has blocked the other.")
	}
	return nil
}
