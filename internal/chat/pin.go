package chat

import "context"

// PinInput pins a message to its room or takes the pin away.
type PinInput struct {
	Room string
	Seq  int64
	On   bool
}

// Pin sets whether a message is pinned (MessageChanged); pinning what is pinned is no error, no rev and no event. Who
// may post may pin. Errors: NotFound (room, or a message that is not there or deleted), Forbidden, Blocked.
func (s *Service) Pin(ctx context.Context, by Session, in PinInput) (Message, error) {
	return Message{}, errSoon()
}
