package chat

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// maxRetentionDays is a hundred years.
const maxRetentionDays = 36500

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
	return s.changeRoom(ctx, by, in.Room, func(tx Tx, _ ShortUser, room Room, member Member) error {
		if err := s.permit(deed{event: "room:update", room: room, member: member}); err != nil {
			return err
		}
		if room.Archived() && (in.Archived == nil || *in.Archived) {
			return errArchived()
		}
		wanted, err := s.updated(room, in)
		if err != nil {
			return err
		}
		if sameSettings(room, wanted) {
			return nil
		}
		if foldName(wanted.Name) != foldName(room.Name) || room.Archived() && !wanted.Archived() {
			if err := freeRoomName(tx, room.Kind, foldName(wanted.Name)); err != nil {
				return err
			}
		}
		changed, err := tx.UpdateRoom(wanted, foldName(wanted.Name))
		if err != nil {
			return fmt.Errorf("change the room: %w", err)
		}
		s.publish(tx, RoomChanged{Rev: changed.LastRev, Room: changed})
		return nil
	})
}

// updated is a room with the changes that are asked for.
func (s *Service) updated(room Room, in UpdateRoomInput) (Room, error) {
	if room.Kind == KindDM || room.Kind == KindEveryone && (in.Name != nil || in.Archived != nil) {
		return Room{}, Errorf(Forbidden, "This conversation can be neither renamed nor archived.")
	}
	var err error
	if in.Name != nil {
		if room.Name, _, err = roomName(*in.Name); err != nil {
			return Room{}, err
		}
	}
	if in.Topic != nil {
		if room.Topic, err = checkTopic(*in.Topic); err != nil {
			return Room{}, err
		}
	}
	if in.PostPolicy != nil {
		room.PostPolicy = *in.PostPolicy
		if room.PostPolicy != PostMembers && room.PostPolicy != PostModerators {
			return Room{}, invalidField("post_policy", "The policy is members or moderators.")
		}
	}
	if in.RetentionDays != nil {
		room.RetentionDays = *in.RetentionDays
		if room.RetentionDays < 0 || room.RetentionDays > maxRetentionDays {
			return Room{}, invalidField("retention_days", "Messages are kept for 1 to %d days, or for ever with 0.", maxRetentionDays)
		}
	}
	if in.Archived != nil && *in.Archived != room.Archived() {
		room.ArchivedAt = time.Time{}
		if *in.Archived {
			room.ArchivedAt = s.now()
		}
	}
	return room, nil
}

func checkTopic(raw string) (string, error) {
	topic := strings.TrimSpace(raw)
	if utf8.RuneCountInString(topic) > maxTopic {
		return "", invalidField("topic", "A topic has at most %d characters.", maxTopic)
	}
	return topic, nil
}

func sameSettings(a, b Room) bool {
	return a.Name == b.Name && a.Topic == b.Topic && a.PostPolicy == b.PostPolicy && a.RetentionDays == b.RetentionDays &&
		a.ArchivedAt.Equal(b.ArchivedAt)
}

// Kick ends somebody's membership (MemberLeft). Moderators and owners may; only owners kick who is one of them. Errors:
// NotFound (room, or a user who is no member), Forbidden, Invalid (oneself).
func (s *Service) Kick(ctx context.Context, by Session, room, user string) (Room, error) {
	return s.changeRoom(ctx, by, room, func(tx Tx, me ShortUser, found Room, member Member) error {
		person, theirs, err := s.managed(tx, "room:kick", found, member, user)
		if err != nil {
			return err
		}
		if found.Kind == KindEveryone {
			return Errorf(Forbidden, "Nobody can be removed from this conversation.")
		}
		if person.ID == me.ID {
			return invalidField("user", "To go yourself, leave the room.")
		}
		if theirs.Role != MemberPlain && member.Role != MemberOwner {
			return Errorf(Forbidden, "Only owners can remove a moderator or an owner.")
		}
		return s.endMembership(tx, found.ID, person, ReasonKicked)
	})
}

// managed is a member whom the acting one wants to manage.
func (s *Service) managed(tx Tx, event string, room Room, member Member, user string) (ShortUser, Member, error) {
	if err := s.permit(deed{event: event, room: room, member: member}); err != nil {
		return ShortUser{}, Member{}, err
	}
	found, err := findUser(tx, "user", user)
	if err != nil {
		return ShortUser{}, Member{}, err
	}
	_, theirs, err := tx.RoomFor(found.ID, room.ID)
	if err != nil {
		return ShortUser{}, Member{}, fmt.Errorf("look for the membership: %w", err)
	}
	if !theirs.Active() {
		e := Errorf(NotFound, "%s is not in this room.", found.DisplayName)
		e.Field = "user"
		return ShortUser{}, Member{}, e
	}
	return found.Short(), theirs, nil
}

// endMembership makes somebody a member no more.
func (s *Service) endMembership(tx Tx, room ID, user ShortUser, reason LeaveReason) error {
	changed, err := tx.NextMembership(room, -1)
	if err != nil {
		return fmt.Errorf("count the member who left: %w", err)
	}
	if err := tx.SetLeft(room, user.ID, s.now()); err != nil {
		return fmt.Errorf("end the membership: %w", err)
	}
	s.publish(tx, MemberLeft{Room: room, Rev: changed.LastRev, User: user, Reason: reason})
	return nil
}

// SetRole gives a member another role in a room (MemberChanged); the one they have is no error, no rev and no event.
// Only owners may. Errors: NotFound (room, or a user who is no member), Forbidden, Invalid (Field role), Conflict (the
// last owner steps down).
func (s *Service) SetRole(ctx context.Context, by Session, room, user string, role MemberRole) (Room, error) {
	if role != MemberOwner && role != MemberModerator && role != MemberPlain {
		return Room{}, invalidField("role", "The role is owner, moderator or member.")
	}
	return s.changeRoom(ctx, by, room, func(tx Tx, _ ShortUser, found Room, member Member) error {
		person, theirs, err := s.managed(tx, "room:role", found, member, user)
		if err != nil || theirs.Role == role {
			return err
		}
		if err := keepOwner(tx, theirs); err != nil {
			return err
		}
		changed, err := tx.NextMembership(found.ID, 0)
		if err != nil {
			return fmt.Errorf("count the change: %w", err)
		}
		if err := tx.SetMemberRole(found.ID, person.ID, role); err != nil {
			return fmt.Errorf("give the role: %w", err)
		}
		s.publish(tx, MemberChanged{Room: found.ID, Rev: changed.LastRev, User: person, Role: role})
		return nil
	})
}

// keepOwner refuses to take a room's last owner.
func keepOwner(tx Tx, member Member) error {
	if member.Role != MemberOwner {
		return nil
	}
	other, err := tx.OtherOwner(member.Room, member.User)
	if err != nil {
		return fmt.Errorf("look for another owner: %w", err)
	}
	if !other {
		return Errorf(Conflict, "This is the last owner of the room. Make somebody else its owner first.")
	}
	return nil
}
