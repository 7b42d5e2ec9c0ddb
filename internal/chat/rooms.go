package chat

import (
	"context"
	"errors"
	"fmt"
)

// CreateRoomInput is a room to be made.
type CreateRoomInput struct {
	Name    string
	Topic   string // at most 1,000 characters
	Private bool
	Members []string // users besides the acting one, at most 500
}

// CreateRoom makes a room whose owner is the acting user (RoomCreated). Errors: Invalid (Field name, topic, members),
// Conflict (an open room of that name, whatever the case), NotFound (a member).
func (s *Service) CreateRoom(ctx context.Context, by Session, in CreateRoomInput) (Room, error) {
	name, key, err := roomName(in.Name)
	if err != nil {
		return Room{}, err
	}
	topic, err := checkTopic(in.Topic)
	if err != nil {
		return Room{}, err
	}
	if len(in.Members) > maxUsers {
		return Room{}, tooManyUsers("members")
	}
	row := NewRoom{Room: s.newRoom(KindPublic, name), NameKey: key, CreatedBy: by.User, CreatedAt: s.now()}
	row.Topic = topic
	if in.Private {
		row.Kind = KindPrivate
	}
	var room Room
	err = s.store.Update(ctx, func(tx Tx) error {
		owner, err := s.actor(tx, by)
		if err != nil {
			return err
		}
		if err := freeRoomName(tx, row.Kind, key); err != nil {
			return err
		}
		others, err := findPeople(tx, "members", in.Members)
		if err != nil {
			return err
		}
		room, err = s.insertRoom(tx, row, owner, others)
		return err
	})
	if err != nil {
		return Room{}, err
	}
	return room, nil
}

// freeRoomName refuses the name of an open room for another open room.
func freeRoomName(tx Tx, kind RoomKind, key string) error {
	if kind != KindPublic {
		return nil
	}
	_, err := tx.OpenRoomByName(key)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for rooms of that name: %w", err)
	}
	e := Errorf(Conflict, "There is a room of this name already.")
	e.Field = "name"
	return e
}

// insertRoom makes a room with its first members, all of them rev 1. The creator owns it, unless it is a dm.
func (s *Service) insertRoom(tx Tx, row NewRoom, creator ShortUser, others []ShortUser) (Room, error) {
	people := []ShortUser{creator}
	for _, user := range others {
		if user.ID != creator.ID {
			people = append(people, user)
		}
	}
	row.MembersCount = len(people)
	if err := tx.InsertRoom(row); err != nil {
		return Room{}, fmt.Errorf("insert room: %w", err)
	}
	created := RoomCreated{Rev: row.LastRev, By: creator}
	for _, user := range people {
		member := newMember(row.Room, user.ID, MemberPlain)
		if user.ID == creator.ID && row.Kind != KindDM {
			member.Role = MemberOwner
		}
		if err := tx.PutMember(member, s.now()); err != nil {
			return Room{}, fmt.Errorf("insert member: %w", err)
		}
		created.Heads = append(created.Heads, UserHead{User: user.ID, Head: Head{
			Room: seenBy(row.Room, user.ID, people), Notify: member.Notify, Role: member.Role,
		}})
	}
	s.publish(tx, created)
	return created.Heads[0].Head.Room, nil
}

// seenBy is a room as one of its people sees it: the peers of a dm are the others.
func seenBy(room Room, user ID, people []ShortUser) Room {
	if room.Kind != KindDM {
		return room
	}
	room.Peers = make([]ShortUser, 0, len(people))
	for _, peer := range people {
		if peer.ID != user {
			room.Peers = append(room.Peers, peer)
		}
	}
	return room
}

// newMember is a membership that begins now: what was said before is read.
func newMember(room Room, user ID, role MemberRole) Member {
	level := NotifyMentions
	if room.Kind == KindDM {
		level = NotifyAll
	}
	return Member{Room: room.ID, User: user, Role: role, Notify: level, ReadSeq: room.LastSeq}
}

// join makes a user, who is none, a member, by another's doing or by their own.
func (s *Service) join(tx Tx, room ID, user, by ShortUser, role MemberRole) error {
	changed, err := tx.NextMembership(room, 1)
	if err != nil {
		return fmt.Errorf("count the new member: %w", err)
	}
	member := newMember(changed, user.ID, role)
	if err := tx.PutMember(member, s.now()); err != nil {
		return fmt.Errorf("insert member: %w", err)
	}
	head, err := head(tx, changed, member)
	if err != nil {
		return err
	}
	s.publish(tx, MemberJoined{Rev: changed.LastRev, User: user, By: by, Role: role, Head: head})
	return nil
}

// JoinRoom makes the acting user a member of an open room (MemberJoined); joining twice is no error and no event.
// Errors: NotFound, Forbidden (an archived room).
func (s *Service) JoinRoom(ctx context.Context, by Session, room string) (Room, error) {
	return s.changeRoom(ctx, by, room, func(tx Tx, me ShortUser, found Room, member Member) error {
		if member.Active() {
			return nil
		}
		if found.Archived() {
			return errArchived()
		}
		return s.join(tx, found.ID, me, me, MemberPlain)
	})
}

// LeaveRoom ends the acting user's membership (MemberLeft). Errors: NotFound, Forbidden (Everyone, a dm, a room one is
// not in), Conflict (the last owner).
func (s *Service) LeaveRoom(ctx context.Context, by Session, room string) (Room, error) {
	return s.changeRoom(ctx, by, room, func(tx Tx, me ShortUser, found Room, member Member) error {
		if err := s.mayLeave(tx, found, member); err != nil {
			return err
		}
		return s.endMembership(tx, found.ID, me, ReasonLeft)
	})
}

func (s *Service) mayLeave(tx Tx, room Room, member Member) error {
	if room.Kind == KindEveryone || room.Kind == KindDM {
		return Errorf(Forbidden, "Nobody can leave this conversation.")
	}
	if err := s.permit(deed{event: "room:leave", room: room, member: member}); err != nil {
		return err
	}
	return keepOwner(tx, member)
}

// Invite makes users members at once, all or nobody, one rev each (MemberJoined); who is one already is passed over.
// Members may invite to an open room, moderators and owners to a private one. Errors: NotFound, Forbidden, Invalid.
func (s *Service) Invite(ctx context.Context, by Session, room string, users []string) (Room, error) {
	if len(users) == 0 {
		return Room{}, invalidField("users", "Say whom to invite.")
	}
	if len(users) > maxUsers {
		return Room{}, tooManyUsers("users")
	}
	return s.changeRoom(ctx, by, room, func(tx Tx, me ShortUser, found Room, member Member) error {
		if err := s.mayInvite(found, member); err != nil {
			return err
		}
		invited, err := findPeople(tx, "users", users)
		if err != nil {
			return err
		}
		for _, user := range invited {
			_, member, err := tx.RoomFor(user.ID, found.ID)
			if err != nil {
				return fmt.Errorf("look for the membership: %w", err)
			}
			if member.Active() {
				continue
			}
			if err := s.join(tx, found.ID, user, me, MemberPlain); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) mayInvite(room Room, member Member) error {
	if room.Kind == KindEveryone || room.Kind == KindDM {
		return Errorf(Forbidden, "Nobody can be invited to this conversation.")
	}
	if err := s.permit(deed{event: "room:invite", room: room, member: member}); err != nil {
		return err
	}
	if room.Archived() {
		return errArchived()
	}
	return nil
}

// changeRoom runs a change of a room or its membership and answers the room as it is then, seen by the acting user.
func (s *Service) changeRoom(
	ctx context.Context, by Session, named string, change func(tx Tx, me ShortUser, room Room, member Member) error,
) (Room, error) {
	var room Room
	err := s.store.Update(ctx, func(tx Tx) error {
		me, err := s.actor(tx, by)
		if err != nil {
			return err
		}
		found, member, err := findRoom(tx, me.ID, named)
		if err != nil {
			return err
		}
		if err := change(tx, me, found, member); err != nil {
			return err
		}
		if room, err = tx.Room(found.ID); err != nil {
			return fmt.Errorf("load the changed room: %w", err)
		}
		room, err = withPeers(tx, room, me.ID)
		return err
	})
	if err != nil {
		return Room{}, err
	}
	return room, nil
}

func errNoMember() *Error { return Errorf(Forbidden, "You are not in this room.") }

func errArchived() *Error { return Errorf(Forbidden, "This room is archived.") }
