package chat

import (
	"slices"
	"time"
)

// MessageKind tells people's words from the server's.
type MessageKind string

// The kinds of message.
const (
	KindText   MessageKind = "text"
	KindSystem MessageKind = "system"
)

// Message is one message as it is now.
type Message struct {
	ID        ID
	Room      ID
	Seq       int64 // its place, given once
	Rev       int64 // the room's rev of its latest change
	Author    ShortUser
	Kind      MessageKind
	Body      string // with mentions as <@id> and <@everyone>; empty once deleted
	CID       string // for the author's devices only; the edge leaves it out for others
	ReplyTo   int64  // seq of the message answered; 0 = none
	Thread    int64  // seq of the message that began the thread it is an answer in; 0 = it answers nothing
	Replies   int    // messages of the thread that it began which are not deleted
	Mentions  Mentions
	Files     []File
	Reactions []Reaction // in order of first use, at most MaxReactions
	PinnedAt  time.Time  // zero = not pinned
	CreatedAt time.Time
	EditedAt  time.Time // zero = never
	DeletedAt time.Time // zero = not deleted
}

// Deleted tells whether the message is a tombstone.
func (m Message) Deleted() bool { return !m.DeletedAt.IsZero() }

// Mentions says who is named in a message.
type Mentions struct {
	Users    []ID // in order of first mention, each once
	Everyone bool
}

// named lists who can have an unread mention: users, and 0 for everyone.
func (m Mentions) named() []ID {
	if !m.Everyone {
		return m.Users
	}
	return append(slices.Clip(m.Users), 0)
}
