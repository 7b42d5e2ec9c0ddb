package chat

import "context"

// SendInput is a message to be sent. With neither Room nor To it goes to Everyone.
type SendInput struct {
	Room    string
	To      []string // one to seven users; the dm is made on first use; nil = not given
	CID     string   // the client's name for this message, 1–64 characters; empty = the server makes one
	Body    string   // 1–8,000 code points
	ReplyTo *int64   // seq of a message of the room
	Files   []string // ids of uploads
}

// SendResult is the stored message.
type SendResult struct {
	Message   Message
	Duplicate bool // it had been sent before with the same CID; nothing was published now
}

// Send stores a message, once for each author and CID, and answers after it is on disk (MessageCreated; RoomCreated
// before it if the message made its dm). A repeated CID answers the first message as it now is, also when the author has
// left the room since. Errors: Invalid (Field body, cid, to, room, reply_to), TooLarge (Field body), NotFound (room,
// recipient, file), Forbidden, Conflict (the CID was used for another body or room), Unavailable.
func (s *Service) Send(ctx context.Context, by Session, in SendInput) (SendResult, error) {
	panic("not yet")
}

// Typing is who is typing where.
type Typing struct {
	Room ID // 0: a person with whom there is no dm yet, so there is nobody to tell
	User ShortUser
}

// TypingIn tells where a typing notice of the acting user goes: a room, a dm, or, with neither, Everyone. Errors:
// NotFound, Forbidden, Invalid (both given).
func (s *Service) TypingIn(ctx context.Context, by Session, room string, to []string) (Typing, error) {
	panic("not yet")
}
