package wire

// ReadyPush opens a conversation: who the client is, what the server is, and
// the state of every room of theirs.
type ReadyPush struct {
	Me     Me      `json:"me"`
	Server Server  `json:"server"`
	Rooms  []Head  `json:"rooms"`
	Drafts []Draft `json:"drafts"`
}

// Server describes the server. Epoch changes when a backup was restored. New is
// told to its owner only, until it was set up once.
type Server struct {
	ServerSettings
	New     bool   `json:"new,omitempty"`
	Version string `json:"version"`
	Proto   int    `json:"proto"`
	Epoch   string `json:"epoch"`
	Limits  Limits `json:"limits"`
}

// Limits are the bounds of requests: Body in code points, Files per message,
// FileBytes per file, History and Changes in messages per answer.
type Limits struct {
	Body      int   `json:"body"`
	Files     int   `json:"files"`
	FileBytes int64 `json:"file_bytes"`
	History   int   `json:"history"`
	Changes   int   `json:"changes"`
}

// MessagePush is message:new and message:changed.
type MessagePush struct {
	Room    ID      `json:"room"`
	Rev     int64   `json:"rev"`
	Message Message `json:"message"`
}

// RoomNewPush is room:new: a head, the rev that announced it, and who brought
// the person into the room, unless that was their own doing.
type RoomNewPush struct {
	Head
	Rev int64      `json:"rev"`
	By  *ShortUser `json:"by,omitempty"`
}

// RoomPush is room:changed.
type RoomPush struct {
	Rev  int64 `json:"rev"`
	Room Room  `json:"room"`
}

// MemberPush is member:changed: new with Role and Joined, changed with Role, gone
// with Left.
type MemberPush struct {
	Room   ID        `json:"room"`
	Rev    int64     `json:"rev"`
	User   ShortUser `json:"user"`
	Role   string    `json:"role,omitempty"`
	Joined bool      `json:"joined,omitempty"`
	Left   bool      `json:"left,omitempty"`
}

// RemovedPush is room:removed.
type RemovedPush struct {
	Room   ID     `json:"room"`
	Reason string `json:"reason"`
}

// ReadPush is read:changed, and delivered.
type ReadPush struct {
	Room ID    `json:"room"`
	User ID    `json:"user"`
	Seq  int64 `json:"seq"`
}

// TypingPush is typing: User writes in Room; it is stale after TTLMS milliseconds.
type TypingPush struct {
	Room  ID        `json:"room"`
	User  ShortUser `json:"user"`
	TTLMS int64     `json:"ttl_ms"`
}

// UserPush is user:changed.
type UserPush struct {
	User User `json:"user"`
}

// MePush is user:changed of oneself.
type MePush struct {
	User Me `json:"user"`
}

// RevokedPush is session:revoked.
type RevokedPush struct {
	Reason string `json:"reason"`
}

// DrainingPush is server:draining: come back after RetryMS milliseconds.
type DrainingPush struct {
	RetryMS int64 `json:"retry_ms"`
}

// WavePush is wire:wave: User waves, for the wire view to show whom it reaches.
type WavePush struct {
	User ShortUser `json:"user"`
}

// Who an event was for, as a trace tells it.
const (
	ScopeSelf      = "self"
	ScopeOne       = "one"
	ScopeRoom      = "room"
	ScopeRoomButMe = "room_but_me"
	ScopeAllButMe  = "all_but_me"
	ScopeAll       = "all"
)

// Which way an event went: from a client or to clients.
const (
	DirIn  = "in"
	DirOut = "out"
)

// TracePush is wire:trace: one event and which sockets it reached, Reached of
// all Of that are connected. To and From are aliases: a user's id, a dot and a
// mark of the socket; From may be the user alone. To names 50 at most. MS is how
// long the server took to answer. With More it stands for so many traces that
// were left out, and Event is empty.
type TracePush struct {
	ID      int64    `json:"id"`
	T       Time     `json:"t"`
	Event   string   `json:"event"`
	Dir     string   `json:"dir"`
	Scope   string   `json:"scope"`
	Room    ID       `json:"room,omitzero"`
	From    string   `json:"from,omitempty"`
	To      []string `json:"to"`
	Reached int      `json:"reached"`
	Of      int      `json:"of"`
	Bytes   int      `json:"bytes"`
	MS      float64  `json:"ms"`
	Ack     bool     `json:"ack,omitempty"`
	More    int      `json:"more,omitempty"`
}
