package chat

import (
	"context"
	"time"
)

// Device is a live session as its user sees it.
type Device struct {
	ID        ID
	Client    string // "name/version" or a user agent
	CreatedAt time.Time
	SeenAt    time.Time // noted at most once an hour
	Current   bool      // the acting session
}

// Devices lists the acting user's live sessions, the latest first.
func (s *Service) Devices(ctx context.Context, by Session) ([]Device, error) {
	return nil, errSoon()
}

// RevokeInput names sessions of the acting user.
type RevokeInput struct {
	Session string // id of one
	Others  bool   // all but the acting one
}

// Revoke ends sessions of the acting user (SessionsRevoked, one for each). Errors: NotFound (no live session of theirs),
// Invalid (neither or both given).
func (s *Service) Revoke(ctx context.Context, by Session, in RevokeInput) error {
	return errSoon()
}
