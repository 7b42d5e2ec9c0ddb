package chat

import (
	"context"
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
	return errSoon()
}

// Draft is a text that a user has not sent yet.
type Draft struct {
	Room ID
	Body string
}

// SetDraft keeps the acting user's unsent text in a room for their other devices, none if it is empty (DraftChanged if
// it is another one). Errors: NotFound, Forbidden (not a member), TooLarge and Invalid (Field body).
func (s *Service) SetDraft(ctx context.Context, by Session, room, body string) error {
	return errSoon()
}
