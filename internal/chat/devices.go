package chat

import (
	"context"
	"fmt"
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
	var devices []Device
	err := s.store.View(ctx, func(tx Tx) error {
		sessions, err := s.live(tx, by)
		devices = make([]Device, len(sessions))
		for i, session := range sessions {
			devices[i] = Device{
				ID: session.ID, Client: session.Client, CreatedAt: session.CreatedAt, SeenAt: session.SeenAt,
				Current: session.ID == by.ID,
			}
		}
		return err
	})
	return devices, err
}

// live lists the acting user's sessions that are not over, the latest first.
func (s *Service) live(tx Tx, by Session) ([]SessionRecord, error) {
	me, err := s.actor(tx, by)
	if err != nil {
		return nil, err
	}
	sessions, err := tx.SessionsOf(me.ID, s.steady())
	if err != nil {
		return nil, fmt.Errorf("list the sessions: %w", err)
	}
	return sessions, nil
}

// RevokeInput names sessions of the acting user.
type RevokeInput struct {
	Session string // id of one
	Others  bool   // all but the acting one
}

// Revoke ends sessions of the acting user (SessionsRevoked, one for each). Errors: NotFound (no live session of theirs),
// Invalid (neither or both given).
func (s *Service) Revoke(ctx context.Context, by Session, in RevokeInput) error {
	if (in.Session != "") == in.Others {
		return invalidField("session", "Name one session, or all others.")
	}
	return s.store.Update(ctx, func(tx Tx) error {
		sessions, err := s.live(tx, by)
		if err != nil {
			return err
		}
		ended := 0
		for _, session := range sessions {
			if in.Others && session.ID == by.ID || !in.Others && session.ID.String() != in.Session {
				continue
			}
			if err := tx.RevokeSession(session.ID, s.now()); err != nil {
				return fmt.Errorf("revoke a session: %w", err)
			}
			s.publish(tx, SessionsRevoked{User: by.User, Session: session.ID, Reason: RevokedRemotely})
			ended++
		}
		if ended == 0 && !in.Others {
			e := Errorf(NotFound, "There is no such session of yours.")
			e.Field = "session"
			return e
		}
		return nil
	})
}
