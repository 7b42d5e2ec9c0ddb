package wire

// Events that a client may emit.
const (
	AuthLogin     = "auth:login"
	AuthLogout    = "auth:logout"
	Sync          = "sync"
	MessageSend   = "message:send"
	RoomHistory   = "room:history"
	RoomChanges   = "room:changes"
	RoomList      = "room:list"
	RoomCreate    = "room:create"
	RoomJoin      = "room:join"
	RoomLeave     = "room:leave"
	RoomInvite    = "room:invite"
	RoomMembers   = "room:members"
	ReadSet       = "read:set"
	Typing        = "typing" // also a server event
	PresenceSet   = "presence:set"
	PresenceWatch = "presence:watch"
	UserList      = "user:list"
)

// Events that the server emits.
const (
	Ready          = "ready"
	MessageNew     = "message:new"
	RoomNew        = "room:new"
	MemberChanged  = "member:changed"
	RoomRemoved    = "room:removed"
	ReadChanged    = "read:changed"
	Presence       = "presence"
	UserChanged    = "user:changed"
	SessionRevoked = "session:revoked"
	ServerDraining = "server:draining"
)
