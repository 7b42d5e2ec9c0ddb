package chat

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// MaxEdits is how many earlier texts of one message are kept.
const MaxEdits = 50

// EditInput gives a message another text.
type EditInput struct {
	Room string
	Seq  int64
	Body string // 1–8,000 code points; may be empty if the message has files
	Rev  *int64 // refuse if this is not the message's present rev
}

// Edit changes the text of the acting user's own message (MessageChanged); what it said the last MaxEdits times is kept.
// The same text again is no error, no rev and no event. Errors: NotFound (room, or a message that is not there or
// deleted), Forbidden (somebody else's, not a member, archived), Conflict (Field rev), Invalid and TooLarge (Field body),
// Blocked.
func (s *Service) Edit(ctx context.Context, by Session, in EditInput) (Message, error) {
	if err := checkText(in.Body); err != nil {
		return Message{}, err
	}
	spots := mentionSpots(in.Body)
	t := target{event: "message:edit", room: in.Room, seq: in.Seq, rev: in.Rev}
	return s.changeMessage(ctx, by, t, func(tx Tx, c *change) (bool, error) {
		if err := c.alive(tx); err != nil {
			return false, err
		}
		if err := checkSome(in.Body, len(c.message.Files)); err != nil {
			return false, err
		}
		body, mentions, err := storeMentions(tx, c.room.ID, in.Body, spots)
		if err != nil || body == c.message.Body {
			return false, err
		}
		if err := tx.KeepEdit(c.message, s.now()); err != nil {
			return false, fmt.Errorf("keep what the message said: %w", err)
		}
		if err := tx.TrimEdits(c.room.ID, c.message.Seq, MaxEdits); err != nil {
			return false, fmt.Errorf("forget what the message said long ago: %w", err)
		}
		if err := replaceMentions(tx, c.message, mentions); err != nil {
			return false, err
		}
		c.message.Body, c.message.Mentions, c.message.EditedAt = body, mentions, s.now()
		return true, reindex(tx, c.message, c.room.Kind)
	})
}

// replaceMentions makes the unread mentions of a message those of its new text.
func replaceMentions(tx Tx, m Message, now Mentions) error {
	before, after := m.Mentions.named(), now.named()
	for _, user := range before {
		if slices.Contains(after, user) {
			continue
		}
		if err := tx.DeleteMention(m.Room, m.Seq, user); err != nil {
			return fmt.Errorf("delete mention: %w", err)
		}
	}
	for _, user := range after {
		if slices.Contains(before, user) {
			continue
		}
		if err := tx.InsertMention(m.Room, m.Seq, user); err != nil {
			return fmt.Errorf("insert mention: %w", err)
		}
	}
	return nil
}

// DeleteInput takes a message back.
type DeleteInput struct {
	Room string
	Seq  int64
	Rev  *int64 // refuse if this is not the message's present rev
}

// Delete makes a tombstone of a message (MessageChanged): it keeps its place and loses its text, what it said before,
// its files and reactions. Its author may, moderators and owners of the room, and admins of the server. Deleting a
// deleted message is no error, no rev and no event. Errors: NotFound, Forbidden, Conflict (Field rev).
func (s *Service) Delete(ctx context.Context, by Session, in DeleteInput) (Message, error) {
	t := target{event: "message:delete", room: in.Room, seq: in.Seq, rev: in.Rev}
	return s.changeMessage(ctx, by, t, func(tx Tx, c *change) (bool, error) {
		m := &c.message
		if m.Deleted() {
			return false, nil
		}
		return true, s.entomb(tx, m, c.room.Kind)
	})
}

// entomb takes everything from a message but its place.
func (s *Service) entomb(tx Tx, m *Message, kind RoomKind) error {
	if err := replaceMentions(tx, *m, Mentions{}); err != nil {
		return err
	}
	if err := tx.DeleteEdits(m.Room, m.Seq); err != nil {
		return fmt.Errorf("forget what the message said: %w", err)
	}
	if err := tx.DropFilesOf(m.Room, m.Seq, s.now()); err != nil {
		return fmt.Errorf("drop the files of a message: %w", err)
	}
	m.Body, m.Mentions, m.Files, m.Reactions = "", Mentions{}, nil, nil
	m.PinnedAt, m.EditedAt = time.Time{}, time.Time{}
	m.DeletedAt = s.now()
	return reindex(tx, *m, kind)
}
