package chat

// Publisher is told what has been committed: one call at a time, in commit order. It must not wait on a Service call.
type Publisher interface {
	Publish(Event)
}

// Event is something that was committed. It is one of the types below.
type Event interface{ event() }

// MessageCreated: a message is new in a room (message:new to the members).
type MessageCreated struct {
	Kind    RoomKind
	Message Message // Room, Rev and Seq are in it
}

// MessageChanged: a message was edited, deleted, reacted to, pinned or unpinned, or its thread has an answer more or less
// (message:changed to the members).
type MessageChanged struct {
	Kind    RoomKind
	Message Message // Room, Rev and Seq are in it
}

// RoomCreated: a room with its first members, all of them rev 1 (room:new to each, with their own head).
type RoomCreated struct {
	Rev   int64
	Heads []UserHead // one per member; their rooms differ in Peers only
	By    ShortUser
}

// UserHead is a head and whose it is.
type UserHead struct {
	User ID
	Head Head
}

// MemberJoined: someone became a member (member:changed to the others, room:new with Head to that person).
type MemberJoined struct {
	Rev  int64
	User ShortUser
	By   ShortUser // who invited them; User itself for those who came on their own
	Role MemberRole
	Head Head // as the joining person sees the room at this rev
}

// RoomChanged: a room's name, topic, policy or archive has changed (room:changed to the members). A dm never does.
type RoomChanged struct {
	Rev  int64
	Room Room
}

// MemberChanged: a member has another role (member:changed to the members).
type MemberChanged struct {
	Room ID
	Rev  int64
	User ShortUser
	Role MemberRole
}

// HeadChanged: a member's own settings of a room have changed (room:head to that person's devices).
type HeadChanged struct {
	User ID
	Head Head
}

// DraftChanged: a user's unsent text in a room is another one, or gone (draft:changed to that person's other devices).
type DraftChanged struct {
	User    ID
	Session ID // the device that wrote it, which knows already
	Draft   Draft
}

// LeaveReason says why a member is one no more.
type LeaveReason string

// The reasons of MemberLeft.
const (
	ReasonLeft   LeaveReason = "left"
	ReasonKicked LeaveReason = "kicked"
)

// MemberLeft: someone is no member any more (room:removed to that person, whose sockets leave first; member:changed
// to the others).
type MemberLeft struct {
	Room   ID
	Rev    int64
	User   ShortUser
	Reason LeaveReason
}

// ReadMoved: a member's read mark moved (read:changed to that person's other devices and to Peers).
type ReadMoved struct {
	Room    ID
	User    ID
	Seq     int64
	Session ID   // the device that moved it, which knows already
	Peers   []ID // the other members of a dm where both sides have receipts on, if the mark went up
}

// Delivered: a socket of a member of a dm was sent its messages (delivered to Peers).
type Delivered struct {
	Room  ID
	User  ID
	Seq   int64 // up to this one
	Peers []ID  // the other members where both sides have receipts on
}

// RevokeReason says why sessions ended.
type RevokeReason string

// The reasons of SessionsRevoked.
const (
	RevokedLogout   RevokeReason = "logout"
	RevokedPassword RevokeReason = "password"
	RevokedDisabled RevokeReason = "disabled"
	RevokedRemotely RevokeReason = "revoked" // by its user, from this or another device
)

// SessionsRevoked: sessions of one user are over (session:revoked to their sockets, which are then cut).
type SessionsRevoked struct {
	User    ID
	Session ID // 0 = every session of the user
	Reason  RevokeReason
}

// UserChanged: what is seen of a user has changed (user:changed).
type UserChanged struct {
	User   User
	Viewer ID // 0 = for everybody; else it concerns this person's devices only, and User is as they see it

	Blockers []ID // of those who hear of it where Viewer is 0, who see User as blocked
}

// ServerChanged: the server has another name, or others may join it (server:changed to everybody).
type ServerChanged struct {
	Server Server
}

func (MessageCreated) event()  {}
func (MessageChanged) event()  {}
func (RoomCreated) event()     {}
func (RoomChanged) event()     {}
func (MemberJoined) event()    {}
func (MemberChanged) event()   {}
func (MemberLeft) event()      {}
func (HeadChanged) event()     {}
func (ReadMoved) event()       {}
func (Delivered) event()       {}
func (DraftChanged) event()    {}
func (SessionsRevoked) event() {}
func (UserChanged) event()     {}
func (ServerChanged) event()   {}
