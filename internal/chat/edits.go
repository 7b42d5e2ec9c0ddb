package chat

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Edit is what a message said before it was edited.
type Edit struct {
	Body string    // with mentions as <@id> and <@everyone>
	At   time.Time // when it was replaced
}

// Edits reads what a message said before, the oldest first, at most MaxEdits texts. Error: NotFound (room, or Field seq: a
// message that is not there or deleted).
func (s *Service) Edits(ctx context.Context, by Session, named string, seq int64) ([]Edit, error) {
	var edits []Edit
	err := s.store.View(ctx, func(tx Tx) error {
		room, _, err := s.readable(tx, by, named)
		if err != nil {
			return err
		}
		m, err := tx.MessageAt(room.ID, seq)
		if errors.Is(err, ErrNotFound) || err == nil && m.Deleted() {
			return errNoMessage()
		}
		if err != nil {
			return fmt.Errorf("load the message: %w", err)
		}
		if edits, err = tx.Edits(room.ID, seq); err != nil {
			return fmt.Errorf("read what a message said: %w", err)
		}
		return nil
	})
	return edits, err
}
