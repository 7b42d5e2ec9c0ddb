package wire

// Events that a client may emit.
const (
	AuthLogin     = "auth:login"
	AuthLogout    = "auth:logout"
	Sync          = "sync"
	MessageSend   = "message:send"
	MessageEdit   = "message:edit"
	MessageDelete = "message:delete"
	MessageThread = "message:thread"
	MessageEdits  = "message:edits"
	MessageSeen   = "message:seen"
	MessageRoute  = "message:route"
	ReactionSet   = "reaction:set"
	PinSet        = "pin:set"
	PinList       = "pin:list"
	RoomHistory   = "room:history"
	RoomChanges   = "room:changes"
	RoomList      = "room:list"
	RoomCreate    = "room:create"
	RoomJoin      = "room:join"
	RoomLeave     = "room:leave"
	RoomInvite    = "room:invite"
	RoomKick      = "room:kick"
	RoomRole      = "room:role"
	RoomUpdate    = "room:update"
	RoomMembers   = "room:members"
	RoomNotify    = "room:notify"
	RoomFocus     = "room:focus"
	RoomBlur      = "room:blur"
	ReadSet       = "read:set"
	Typing        = "typing" // also a server event
	PresenceSet   = "presence:set"
	PresenceWatch = "presence:watch"
	UserList      = "user:list"
	UserGet       = "user:get"
	UserUpdate    = "user:update"
	Search        = "search"
	DraftSet      = "draft:set"
	BlockSet      = "block:set"
	SessionList   = "session:list"
	SessionRevoke = "session:revoke"
	ServerUpdate  = "server:update"
	InviteCreate  = "invite:create"
	InviteList    = "invite:list"
	InviteRevoke  = "invite:revoke"
	WireOn        = "wire:on"
	WireOff       = "wire:off"
	WireWave      = "wire:wave" // also a server event
)

// Routes without an event, as the rules name them.
const (
	FileUpload = "file:upload" // POST /api/v1/files
	FileRead   = "file:read"   // GET /files/{id}/{name}
)

// Events that the server emits.
const (
	Ready          = "ready"
	MessageNew     = "message:new"
	MessageChanged = "message:changed"
	RoomNew        = "room:new"
	RoomChanged    = "room:changed"
	RoomHead       = "room:head"
	MemberChanged  = "member:changed"
	RoomRemoved    = "room:removed"
	ReadChanged    = "read:changed"
	Delivered      = "delivered"
	Presence       = "presence"
	UserChanged    = "user:changed"
	DraftChanged   = "draft:changed"
	SessionRevoked = "session:revoked"
	ServerChanged  = "server:changed"
	ServerDraining = "server:draining"
	WireTrace      = "wire:trace"
)
