package chat

import (
	"context"
	"fmt"
)

// Draft is a text that a user has not sent yet.
type Draft struct {
	Room ID
	Body string
}

// SetDraft keeps the acting user's unsent text in a room for their other devices, none if it is empty (DraftChanged if
// it is another one). Errors: NotFound, Forbidden (not a member), TooLarge and Invalid (Field body).
func (s *Service) SetDraft(ctx context.Context, by Session, room, body string) error {
	if err := checkText(body); err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx Tx) error {
		found, member, err := s.entered(tx, by, "draft:set", room)
		if err != nil {
			return err
		}
		changed, err := tx.SetDraft(member.User, Draft{Room: found.ID, Body: body}, s.now())
		if err != nil {
			return fmt.Errorf("keep the draft: %w", err)
		}
		if changed {
			s.publish(tx, DraftChanged{User: member.User, Session: by.ID, Draft: Draft{Room: found.ID, Body: body}})
		}
		return nil
	})
}
