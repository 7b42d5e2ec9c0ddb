package chat

import "context"

// EditInput gives a message another text.
type EditInput struct {
	Room string
	Seq  int64
	Body string // 1–8,000 code points; may be empty if the message has files
	Rev  *int64 // refuse if this is not the message's present rev
}

// Edit changes the text of the acting user's own message (MessageChanged); what it said before is kept. The same text
// again is no error, no rev and no event. Errors: NotFound (room, or a message that is not there or deleted), Forbidden
// (somebody else's, not a member, archived), Conflict (Field rev), Invalid and TooLarge (Field body), Blocked.
func (s *Service) Edit(ctx context.Context, by Session, in EditInput) (Message, error) {
	return Message{}, errSoon()
}

// DeleteInput takes a message back.
type DeleteInput struct {
	Room string
	Seq  int64
	Rev  *int64 // refuse if this is not the message's present rev
}

// Delete makes a tombstone of a message (MessageChanged): it keeps its place and loses its text, files and reactions.
// Its author may, moderators and owners of the room, and admins of the server. Deleting a deleted message is no error,
// no rev and no event. Errors: NotFound, Forbidden, Conflict (Field rev).
func (s *Service) Delete(ctx context.Context, by Session, in DeleteInput) (Message, error) {
	return Message{}, errSoon()
}

func errSoon() *Error { return Errorf(Unavailable, "This server cannot do that yet.") }
