package chat

import (
	"context"
	"fmt"
	"math"
	"time"
)

// PinInput pins a message to its room or takes the pin away.
type PinInput struct {
	Room string
	Seq  int64
	On   bool
}

// Pin sets whether a message is pinned (MessageChanged); pinning what is pinned is no error, no rev and no event. Who
// may post may pin. Errors: NotFound (room, or a message that is not there or deleted), Forbidden, Blocked.
func (s *Service) Pin(ctx context.Context, by Session, in PinInput) (Message, error) {
	t := target{event: "pin:set", room: in.Room, seq: in.Seq}
	return s.changeMessage(ctx, by, t, func(tx Tx, c *change) (bool, error) {
		if err := s.mayPost(tx, c.deed); err != nil {
			return false, err
		}
		if err := c.alive(tx); err != nil {
			return false, err
		}
		if c.message.PinnedAt.IsZero() != in.On {
			return false, nil
		}
		c.message.PinnedAt = time.Time{}
		if in.On {
			c.message.PinnedAt = s.now()
		}
		return true, nil
	})
}

// pinPage is how many pinned messages one page has.
const pinPage = 50

// PinsInput asks for the pinned messages of a room.
type PinsInput struct {
	Room   string
	Cursor string // of the page before
}

// PinsPage is a page of pinned messages, the latest pin first.
type PinsPage struct {
	Messages []Message
	Cursor   string // of the next page; empty = this is the last
}

// Pins reads the pinned messages of a room, 50 a page. Errors: NotFound, Invalid (Field cursor).
func (s *Service) Pins(ctx context.Context, by Session, in PinsInput) (PinsPage, error) {
	before, err := pinCursor(in.Cursor)
	if err != nil {
		return PinsPage{}, err
	}
	var page PinsPage
	err = s.store.View(ctx, func(tx Tx) error {
		room, _, err := s.readable(tx, by, in.Room)
		if err != nil {
			return err
		}
		pinned, err := tx.Pinned(room.ID, before, pinPage+1)
		if err != nil {
			return fmt.Errorf("list pins: %w", err)
		}
		page = PinsPage{Messages: pinned}
		if len(pinned) > pinPage {
			page.Messages = pinned[:pinPage]
			last := pinned[pinPage-1]
			page.Cursor = encodeCursor(fmt.Sprintf("%d %d", last.PinnedAt.UnixMilli(), last.Seq))
		}
		return nil
	})
	return page, err
}

// pinCursor is the pin that a page begins after.
func pinCursor(cursor string) (PinMark, error) {
	if cursor == "" {
		return PinMark{At: time.UnixMilli(math.MaxInt64), Seq: math.MaxInt64}, nil
	}
	key, err := decodeCursor(cursor)
	if err != nil {
		return PinMark{}, err
	}
	var at, seq int64
	if _, err := fmt.Sscanf(key, "%d %d", &at, &seq); err != nil {
		return PinMark{}, badCursor()
	}
	return PinMark{At: time.UnixMilli(at), Seq: seq}, nil
}
