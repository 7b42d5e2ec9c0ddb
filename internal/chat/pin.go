package chat

import (
	"context"
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
