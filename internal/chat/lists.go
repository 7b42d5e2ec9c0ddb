package chat

import (
	"context"
	"fmt"
)

// ListedRoom is an open room and whether the acting user is in it.
type ListedRoom struct {
	Room   Room
	Joined bool
}

// RoomPage is a page of open rooms, by name.
type RoomPage struct {
	Rooms  []ListedRoom
	Cursor string // of the next page; empty = this is the last
}

// ListRooms lists all open rooms that are not archived, 100 a page. Error: Invalid (Field cursor).
func (s *Service) ListRooms(ctx context.Context, by Session, in ListInput) (RoomPage, error) {
	after, err := decodeCursor(in.Cursor)
	if err != nil {
		return RoomPage{}, err
	}
	var page RoomPage
	err = s.store.View(ctx, func(tx Tx) error {
		me, err := s.actor(tx, by)
		if err != nil {
			return err
		}
		rooms, err := tx.ListRooms(me.ID, foldName(in.Query), after, listPage+1)
		if err != nil {
			return fmt.Errorf("list rooms: %w", err)
		}
		page = RoomPage{Rooms: rooms}
		if len(rooms) > listPage {
			page.Rooms = rooms[:listPage]
			page.Cursor = encodeCursor(foldName(rooms[listPage-1].Room.Name))
		}
		return nil
	})
	return page, err
}

// RoomMember is one line of a room's list of members.
type RoomMember struct {
	User ShortUser
	Role MemberRole
}

// MemberPage is a page of a room's members, oldest account first.
type MemberPage struct {
	Members []RoomMember
	Cursor  string // of the next page; empty = this is the last
}

// Members lists who is in a room, 200 a page. Errors: NotFound, Invalid (Field cursor).
func (s *Service) Members(ctx context.Context, by Session, room, cursor string) (MemberPage, error) {
	var after ID
	if cursor != "" {
		id, ok := ParseID(cursor)
		if !ok {
			return MemberPage{}, badCursor()
		}
		after = id
	}
	var page MemberPage
	err := s.store.View(ctx, func(tx Tx) error {
		found, _, err := s.readable(tx, by, room)
		if err != nil {
			return err
		}
		members, err := tx.Members(found.ID, after, membersPage+1)
		if err != nil {
			return fmt.Errorf("list members: %w", err)
		}
		page = MemberPage{Members: members}
		if len(members) > membersPage {
			page.Members = members[:membersPage]
			page.Cursor = members[membersPage-1].User.ID.String()
		}
		return nil
	})
	return page, err
}

// readable is a room that the acting user may read.
func (s *Service) readable(tx Tx, by Session, named string) (Room, Member, error) {
	me, err := s.actor(tx, by)
	if err != nil {
		return Room{}, Member{}, err
	}
	return findRoom(tx, me.ID, named)
}
