package chat

import "time"

// RoomKind says who may be in a room and how it is found.
type RoomKind string

// The kinds of room.
const (
	KindEveryone RoomKind = "everyone" // the one room that every account belongs to
	KindPublic   RoomKind = "public"   // open: anyone may read and join
	KindPrivate  RoomKind = "private"  // by invitation
	KindDM       RoomKind = "dm"       // one to eight people, created on first use
)

// PostPolicy says who may post in a room.
type PostPolicy string

// The posting policies.
const (
	PostMembers    PostPolicy = "members"
	PostModerators PostPolicy = "moderators"
)

// MemberRole is a member's standing in one room.
type MemberRole string

// The roles of a member.
const (
	MemberOwner     MemberRole = "owner"
	MemberModerator MemberRole = "moderator"
	MemberPlain     MemberRole = "member"
)

// NotifyLevel says what of a room a member wants to be told of.
type NotifyLevel string

// The notification levels.
const (
	NotifyAll      NotifyLevel = "all"
	NotifyMentions NotifyLevel = "mentions"
	NotifyNone     NotifyLevel = "none"
)

// Room is a place with two gapless counters: LastSeq, the newest message's place, and LastRev, the newest change.
type Room struct {
	ID            ID
	Kind          RoomKind
	Name          string // empty for a dm
	Topic         string
	MembersCount  int
	PostPolicy    PostPolicy
	RetentionDays int // 0 = for ever
	LastSeq       int64
	LastRev       int64
	MetaRev       int64       // rev at which name, topic or policy last changed
	MemberRev     int64       // rev at which membership last changed
	ArchivedAt    time.Time   // zero = not archived
	Peers         []ShortUser // of a dm, seen by one of its members: the others; empty in notes to oneself
}

// Open tells whether anyone may read the room.
func (r Room) Open() bool { return r.Kind == KindEveryone || r.Kind == KindPublic }

// Archived tells whether the room is read-only.
func (r Room) Archived() bool { return !r.ArchivedAt.IsZero() }

// Member is one user's belonging to one room.
type Member struct {
	Room       ID
	User       ID
	Role       MemberRole
	Notify     NotifyLevel
	MutedUntil time.Time // zero = not muted
	ReadSeq    int64
	LeftAt     time.Time // zero = a member now

	DeliveredSeq int64 // up to here a socket of theirs was sent the messages of a dm; PutMember does not write it
}

// Active tells whether the user is in the room now.
func (m Member) Active() bool { return m.User != 0 && m.LeftAt.IsZero() }

// Head is a room as one member sees it in a sidebar.
type Head struct {
	Room        Room
	ReadSeq     int64
	Unread      int // counted up to CountCap
	Mentions    int // unread ones that name the member or everyone, counted up to CountCap
	Notify      NotifyLevel
	MutedUntil  time.Time // zero = not muted
	Role        MemberRole
	LastMessage *Message // nil while the room has none

	Receipts     []Receipt // of a dm, how far the others are who show it to this member; nil if the member does not
	DeliveredSeq int64     // of the member; see Member
}

// CountCap is where Head counts stop; a client shows it as 99+.
const CountCap = 100
