package chat

import (
	"context"
	"encoding/json"
)

// User is somebody as the acting user sees them. Error: NotFound.
func (s *Service) User(ctx context.Context, by Session, user string) (User, error) {
	return User{}, errSoon()
}

// UpdateUserInput changes what is not nil of the acting user.
type UpdateUserInput struct {
	DisplayName *string // 1–64 characters; empty = the name
	Bio         *string // at most 500 characters
	Avatar      *string // id of an image that the acting user has uploaded and not sent; empty = none

	// Prefs is an object that is merged into the preferences: each key replaces one, null takes it away. The server
	// reads "receipts" (a boolean, on by default) and keeps the rest for the user's devices, up to 16 KiB.
	Prefs json.RawMessage
}

// UpdateUser changes the acting user's profile and preferences (UserChanged). Errors: Invalid (Field display_name, bio,
// prefs), TooLarge (Field prefs), NotFound (Field avatar).
func (s *Service) UpdateUser(ctx context.Context, by Session, in UpdateUserInput) (User, error) {
	return User{}, errSoon()
}

// SetBlock blocks somebody or ends that (UserChanged for the acting user's devices only); then neither writes to the
// other in a dm. Errors: NotFound, Invalid (oneself).
func (s *Service) SetBlock(ctx context.Context, by Session, user string, on bool) error {
	return errSoon()
}
