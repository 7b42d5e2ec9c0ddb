package chat

import "context"

// MaxReactions is how many kinds of reaction one message can have.
const MaxReactions = 20

// Reaction is one emoji on a message and who set it.
type Reaction struct {
	Emoji string
	Users []ID // in the order in which they set it
}

// ReactInput sets or takes back one reaction of the acting user.
type ReactInput struct {
	Room  string
	Seq   int64
	Emoji string // one emoji
	On    bool
}

// React sets whether the acting user's reaction is on a message (MessageChanged); setting what is set is no error, no
// rev and no event. Errors: NotFound (room, or a message that is not there or deleted), Forbidden (not a member,
// archived), Conflict (a kind beyond MaxReactions), Invalid (Field emoji), Blocked.
func (s *Service) React(ctx context.Context, by Session, in ReactInput) (Message, error) {
	return Message{}, errSoon()
}
