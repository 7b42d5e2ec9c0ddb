package chat

import "context"

// CreateRoomInput is a room to be made.
type CreateRoomInput struct {
	Name    string
	Topic   string
	Private bool
	Members []string // users besides the acting one
}

// CreateRoom makes a room whose owner is the acting user (RoomCreated). Errors: Invalid (Field name, topic, members),
// Conflict (an open room of that name, whatever the case), NotFound (a member).
func (s *Service) CreateRoom(ctx context.Context, by Session, in CreateRoomInput) (Room, error) {
	panic("not yet")
}

// JoinRoom makes the acting user a member of an open room (MemberJoined); joining twice is no error and no event.
// Errors: NotFound, Forbidden (an archived room).
func (s *Service) JoinRoom(ctx context.Context, by Session, room string) (Room, error) {
	panic("not yet")
}

// LeaveRoom ends the acting user's membership (MemberLeft). Errors: NotFound, Forbidden (Everyone, a dm, a room one is
// not in), Conflict (the last owner of a room with other members).
func (s *Service) LeaveRoom(ctx context.Context, by Session, room string) (Room, error) {
	panic("not yet")
}

// Invite makes users members at once, all or nobody, one rev each (MemberJoined); who is one already is passed over.
// Members may invite to an open room, moderators and owners to a private one. Errors: NotFound, Forbidden, Invalid.
func (s *Service) Invite(ctx context.Context, by Session, room string, users []string) (Room, error) {
	panic("not yet")
}

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
	panic("not yet")
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
	panic("not yet")
}

// SyncResult is what a device needs to show its sidebar.
type SyncResult struct {
	Me    User
	Rooms []Head // oldest room first
}

// Sync is the acting user and the heads of all rooms they are in, as of one moment.
func (s *Service) Sync(ctx context.Context, by Session) (SyncResult, error) {
	panic("not yet")
}

// RoomsOf lists the rooms a user is in now, for the edge that delivers to them.
func (s *Service) RoomsOf(ctx context.Context, user ID) ([]ID, error) {
	panic("not yet")
}
