package chat

import "context"

// UpdateRoomInput changes what is not nil.
type UpdateRoomInput struct {
	Room          string
	Name          *string
	Topic         *string // at most 1,000 characters
	PostPolicy    *PostPolicy
	RetentionDays *int // 0 = messages are kept for ever; at most 36,500
	Archived      *bool
}

// UpdateRoom changes a room, all of it in one rev (RoomChanged); what is so already is no error, no rev and no event.
// Moderators and owners may. Everyone can be neither renamed nor archived, a dm not changed at all, and an archived room
// only brought back. Errors: NotFound, Forbidden, Invalid (Field name, topic, post_policy, retention_days), Conflict
// (Field name: an open room of that name).
func (s *Service) UpdateRoom(ctx context.Context, by Session, in UpdateRoomInput) (Room, error) {
	return Room{}, errSoon()
}

// Kick ends somebody's membership (MemberLeft). Moderators and owners may; only owners kick who is one of them. Errors:
// NotFound (room, or a user who is no member), Forbidden, Invalid (oneself).
func (s *Service) Kick(ctx context.Context, by Session, room, user string) (Room, error) {
	return Room{}, errSoon()
}

// SetRole gives a member another role in a room (MemberChanged); the one they have is no error, no rev and no event.
// Only owners may. Errors: NotFound (room, or a user who is no member), Forbidden, Invalid (Field role), Conflict (the
// last owner steps down).
func (s *Service) SetRole(ctx context.Context, by Session, room, user string, role MemberRole) (Room, error) {
	return Room{}, errSoon()
}
