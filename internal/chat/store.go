package chat

import (
	"context"
	"time"
)

// Store runs functions inside transactions.
type Store interface {
	// View runs f on one consistent state, without waiting for writers.
	View(ctx context.Context, f func(Tx) error) error
	// Update runs f in a write transaction, and returns nil after what it wrote is flushed to disk. If f returns an
	// error nothing of it is kept and Update returns that error. Error of its own: *Error with Unavailable when nothing
	// was kept; an f that never began because ctx ended answers ctx's error. f may share a commit with others, may run
	// more than once, and must do nothing but talk to its Tx.
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx is what a transaction can do. A row that is not there is ErrNotFound, one that must be unique and is not ErrExists.
type Tx interface {
	SettingTx
	UserTx
	SessionTx
	RoomTx
	MemberTx
	MessageTx
	BlockTx
	DraftTx
	SearchTx
	FileTx
	InvitationTx

	// AfterCommit registers a function to run once this transaction is on disk, and never if it is not. Functions run
	// one at a time, in commit order.
	AfterCommit(func())
}

// SettingTx keeps what the server knows of itself.
type SettingTx interface {
	Setting(key string) (string, error)
	SetSetting(key, value string) error
}

// NewUser is a user row as it is inserted.
type NewUser struct {
	User
	Skeleton     string // unique: how the name looks
	SearchKey    string // the display name, folded
	PasswordHash string // PHC
	CreatedAt    time.Time
}

// UserTx reads and writes accounts. Names are those of User.Name.
type UserTx interface {
	User(id ID) (User, error)
	UserByName(name string) (User, error)
	Credentials(name string) (user User, phc string, err error)
	LookAlike(skeleton string) (ID, error)
	AnyUser() (bool, error)
	InsertUser(NewUser) error
	SetPasswordHash(user ID, phc string) error
	SetDisabledAt(user ID, at time.Time) error // zero = enabled
	SetLastSeen(user ID, at time.Time) error
	// UpdateUser writes the profile and preferences, with the display name folded.
	UpdateUser(user User, searchKey string) error
	// ListUsers lists users by name, after a name, whose name or display name contains a folded query, as one user sees
	// them.
	ListUsers(viewer ID, query, after string, limit int) ([]User, error)
}

// SessionRecord is a session row.
type SessionRecord struct {
	Session
	TokenHash []byte // SHA-256 of the token
	Client    string
	Address   string
	CreatedAt time.Time
	SeenAt    time.Time
	RevokedAt time.Time // zero = not revoked
}

// Actor is who acts in a session.
type Actor struct {
	ShortUser
	ExpiresAt time.Time
	Over      bool // revoked, or its user disabled
}

// SessionTx reads and writes sessions.
type SessionTx interface {
	InsertSession(SessionRecord) error
	SessionByToken(hash []byte) (SessionRecord, User, error)
	Actor(session ID) (Actor, error)
	ExtendSession(id ID, seen, expires time.Time) error
	SessionsOf(user ID, now time.Time) ([]SessionRecord, error) // live ones, the latest first
	RevokeSession(id ID, at time.Time) error
	RevokeSessionsOf(user ID, at time.Time) error
	DropSessions(before time.Time, limit int) (dropped int, err error) // those that would have ended by then
}

// NewRoom is a room row as it is inserted.
type NewRoom struct {
	Room
	NameKey   string // the name, folded: unique among open rooms that are not archived
	DMKey     string // the sorted members of a dm: unique; empty for other rooms
	CreatedBy ID     // 0 = the server
	CreatedAt time.Time
}

// RoomTx reads and writes rooms and raises their counters.
type RoomTx interface {
	Room(id ID) (Room, error)
	OpenRoomByName(key string) (Room, error)               // archived ones have lost their name
	PrivateRoomByName(member ID, key string) (Room, error) // of the rooms the member is in, the oldest
	DMRoom(key string) (Room, error)
	InsertRoom(NewRoom) error
	// NextMessage raises both counters of a room, from what they are in a Room that this transaction has read.
	NextMessage(room Room) (seq, rev int64, err error)
	// NextChange raises rev.
	NextChange(room ID) (rev int64, err error)
	// NextMembership raises rev, and membership with it, and changes the count of members.
	NextMembership(room ID, joined int) (Room, error)
	// UpdateRoom writes the settings of a room, with its name folded, and raises rev and MetaRev.
	UpdateRoom(r Room, nameKey string) (Room, error)
	// ListRooms lists the open rooms that are not archived by name key, after one, whose key contains a folded query.
	ListRooms(user ID, query, after string, limit int) ([]ListedRoom, error)
	RetainingRooms() ([]Room, error) // those that do not keep their messages for ever, in any order
}

// MemberTx reads and writes memberships. Where it says member, one who has left is none.
type MemberTx interface {
	// RoomFor is a room and the user's membership; a Member without User if there never was one.
	RoomFor(user, room ID) (Room, Member, error)
	PutMember(m Member, joined time.Time) error // also who was one before
	SetLeft(room, user ID, at time.Time) error
	SetReadSeq(room, user ID, seq int64, at time.Time) error // who sends a message has read it: it is set to its seq
	SetDelivered(room, user ID, seq int64) error
	SetMemberRole(room, user ID, role MemberRole) error
	SetNotify(room, user ID, level NotifyLevel, mutedUntil time.Time) error
	MemberByName(room ID, name string) (ID, error)
	Members(room, after ID, limit int) ([]RoomMember, error)
	Readers(room ID, limit int) ([]Reader, error) // by id
	OtherOwner(room, user ID) (bool, error)
	RoomIDs(user ID) ([]ID, error)
	ClosedRoomIDs(user ID) ([]ID, error) // those that only members may read
	// Heads are those of the rooms one is in, oldest first, without the others in dms; DirectReaders are the members of
	// these, by room and id.
	Heads(user ID) ([]Head, error)
	DirectReaders(user ID) (map[ID][]Reader, error)
}

// Sent is what a client first sent under a CID, so that a retry can be told from another message.
type Sent struct {
	Body   int64 // digest of the body
	Target int64 // digest of how the room was named
	Room   ID    // where it went
	Seq    int64
}

// Span is a run of seqs, both ends exclusive.
type Span struct {
	After  int64
	Before int64
	Newest bool // take the highest of the span when there are more than the limit
	Limit  int
}

// PinMark is a place in the order of a room's pins.
type PinMark struct {
	At  time.Time
	Seq int64
}

// MessageTx reads and writes messages. Lists of messages ascend.
type MessageTx interface {
	InsertMessage(m Message, body, target int64) error // with the digests of Sent
	MessageAt(room ID, seq int64) (Message, error)
	FirstSent(author ID, cid string) (Sent, error)
	Messages(room ID, span Span) ([]Message, error)
	AnswersBefore(room ID, root, seq int64, limit int) ([]Message, error) // the latest of a thread, below a seq
	AnswersAfter(room ID, root, seq int64, limit int) ([]Message, error)  // the first of a thread, above a seq
	ChangedSince(room ID, rev int64, limit int) ([]Message, error)        // by rev
	// Pinned reads the pinned messages of a room, the latest pin first, those pinned before a mark.
	Pinned(room ID, before PinMark, limit int) ([]Message, error)
	FirstSeq(room ID) (int64, error) // 0 when the room is empty
	// Unread counts messages after ReadSeq that are not the member's, not system, not deleted, up to a cap. The room is as
	// the transaction sees it.
	Unread(room Room, member Member, limit int) (int, error)
	// UpdateMessage writes what of a message can change.
	UpdateMessage(Message) error
	KeepEdit(before Message, at time.Time) error
	Edits(room ID, seq int64) ([]Edit, error)     // what a message said before, the oldest first
	TrimEdits(room ID, seq int64, most int) error // keeps the latest
	DeleteEdits(room ID, seq int64) error
	// InsertMention marks a message for the unread mentions of a user, or of everyone for user 0.
	InsertMention(room ID, seq int64, user ID) error
	DeleteMention(room ID, seq int64, user ID) error
	UnreadMentions(room, user ID, after int64, limit int) (int, error)
}

// BlockTx reads and writes who has blocked whom.
type BlockTx interface {
	SetBlock(user, blocked ID, at time.Time) error // also one that is there
	DeleteBlock(user, blocked ID) error            // also one that is not there
	Blocks(user, blocked ID) (bool, error)
	Blockers(blocked ID) ([]ID, error) // who has blocked a user
	// BlockedIn tells whether a member of a room has blocked the user or is blocked by them.
	BlockedIn(room, user ID) (bool, error)
}

// DraftTx keeps texts that are not sent yet.
type DraftTx interface {
	SetDraft(user ID, d Draft, at time.Time) (changed bool, err error) // an empty one is none
	Drafts(user ID) ([]Draft, error)                                   // of rooms the user is in, oldest room first
	DropDrafts(before time.Time, limit int) (dropped int, err error)   // not touched since
}

// Phrase is words that follow each other. With Prefix the last one may go on.
type Phrase struct {
	Words  []string
	Prefix bool
}

// SearchQuery asks for messages that have all phrases, and of each group of marks at least one.
type SearchQuery struct {
	Phrases []Phrase
	Marks   [][]string
	From    int64 // position, inclusive
	Below   int64 // position, exclusive
	Limit   int
}

// Indexed is a message and its position: messages are counted in the order in which they were stored.
type Indexed struct {
	Pos     int64
	Kind    RoomKind // of its room
	Message Message
}

// IndexText is what the index shall know of the message at a position.
type IndexText struct {
	Pos  int64
	Text string
}

// SearchTx keeps the search index. It knows messages up to some position.
type SearchTx interface {
	// Unindexed is the first messages that the index does not know, by position, with what indexText reads and their seq.
	Unindexed(limit int) ([]Indexed, error)
	// Index tells the index of the next messages, by position. One with an empty text is passed over for good.
	Index([]IndexText) error
	// Reindex replaces what the index knows of a message; one that it does not know yet is left for Index.
	Reindex(room ID, seq int64, text string) error
	Search(q SearchQuery) ([]Indexed, error) // the last position first; without Kind
	LastPos() (int64, error)                 // 0 = there is no message
	PosAt(t time.Time) (int64, error)        // of the first message that was not stored before t
}

// StoredFile is a file and what it belongs to.
type StoredFile struct {
	File
	Owner    ID
	Room     ID // of the message that carries it; 0 = none
	AvatarOf ID // whose picture it is; 0 = nobody's
}

// FileTx reads and writes what is known of files. One that is gone is not there, but for GoneFiles and DeleteFile.
type FileTx interface {
	InsertFile(owner ID, f File, at time.Time) error
	File(id ID) (StoredFile, error)
	SendFile(id, room ID, seq int64) error
	ShowFile(id, user ID) error // as the picture of a user
	DropFile(id ID, at time.Time) error
	DropFilesOf(room ID, seq int64, at time.Time) error
	DropLooseFiles(before, at time.Time, limit int) (dropped int, err error) // those that belong to nothing
	GoneFiles(limit int) ([]ID, error)
	DeleteFile(id ID) error
}

// InvitationTx reads and writes invitations.
type InvitationTx interface {
	InsertInvitation(i Invitation, codeHash []byte) error
	InvitationByCode(hash []byte) (Invitation, error)
	CountInvitation(id ID) error                  // one more use
	InvitationsBy(user ID) ([]Invitation, error)  // the latest first
	DeleteInvitation(id ID) error                 // also one that is not there
	DropInvitations(user ID, now time.Time) error // those that are used up or over
}
