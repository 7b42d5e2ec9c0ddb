package wire

import "encoding/json"

// User is an account as others see it. Avatar is the id of a file that everybody
// may read.
type User struct {
	ID          ID     `json:"id"`
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
	Avatar      string `json:"avatar,omitempty"`
	Bio         string `json:"bio,omitempty"`
	Role        string `json:"role"`
	Disabled    bool   `json:"disabled,omitempty"`
	Blocked     bool   `json:"blocked,omitempty"` // only to the one who blocked
}

// Me is an account as its own devices see it: Prefs is an object that they share.
type Me struct {
	User
	Prefs json.RawMessage `json:"prefs,omitempty"`
}

// ShortUser is a user where only the name matters.
type ShortUser struct {
	ID          ID     `json:"id"`
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
}

// Room is a room without anything of its viewer, but for Peers.
type Room struct {
	ID           ID          `json:"id"`
	Kind         string      `json:"kind"`
	Name         string      `json:"name,omitempty"`
	Topic        string      `json:"topic,omitempty"`
	MembersCount int         `json:"members_count"`
	PostPolicy   string      `json:"post_policy"`
	Retention    int         `json:"retention_days,omitempty"` // 0 = for ever
	ArchivedAt   Time        `json:"archived_at,omitzero"`
	Peers        []ShortUser `json:"peers,omitzero"` // of a dm: its other members; empty in notes to oneself
}

// Notify is how a member wants to be told of messages.
type Notify struct {
	Level      string `json:"level"`
	MutedUntil Time   `json:"muted_until,omitzero"`
}

// Head is a room as one member sees it. Unread and Mentions are counted up to 100.
type Head struct {
	Room        Room     `json:"room"`
	LastSeq     int64    `json:"last_seq"`
	LastRev     int64    `json:"last_rev"`
	ReadSeq     int64    `json:"read_seq"`
	Unread      int      `json:"unread"`
	Mentions    int      `json:"mentions"`
	Notify      Notify   `json:"notify"`
	Role        string   `json:"role"`
	LastMessage *Message `json:"last_message,omitempty"`

	Receipts []Receipt `json:"receipts,omitempty"` // of a dm: the others, where both sides show it
}

// Receipt is how far another member of a dm is: up to Delivered a socket of
// theirs was sent the messages, up to Seen they have read. SeenAt is when Seen
// came to where it is, if known.
type Receipt struct {
	User      ID    `json:"user"`
	Delivered int64 `json:"delivered"`
	Seen      int64 `json:"seen"`
	SeenAt    Time  `json:"seen_at,omitzero"`
}

// Message is one message. A deleted one keeps its place and has no body,
// files or reactions.
type Message struct {
	ID        ID         `json:"id"`
	Room      ID         `json:"room"`
	Seq       int64      `json:"seq"`
	Rev       int64      `json:"rev"`
	Author    ShortUser  `json:"author"`
	Kind      string     `json:"kind"`
	Body      string     `json:"body"`
	CID       string     `json:"cid,omitempty"` // only to the author's sockets
	ReplyTo   int64      `json:"reply_to,omitempty"`
	Thread    int64      `json:"thread,omitempty"`  // of an answer: seq of the message that began its thread
	Replies   int        `json:"replies,omitempty"` // in the thread that it began
	Files     []File     `json:"files"`
	Reactions []Reaction `json:"reactions"`
	Mentions  []string   `json:"mentions"` // user ids and "everyone"
	PinnedAt  Time       `json:"pinned_at,omitzero"`
	CreatedAt Time       `json:"created_at"`
	EditedAt  Time       `json:"edited_at,omitzero"`
	DeletedAt Time       `json:"deleted_at,omitzero"`
}

// Edit is what a message said before, and when that was replaced.
type Edit struct {
	Body string `json:"body"`
	At   Time   `json:"at"`
}

// File is an upload that belongs to a message. Bytes is its size.
type File struct {
	ID     ID     `json:"id"`
	Name   string `json:"name"`
	MIME   string `json:"mime"`
	Bytes  int64  `json:"bytes"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
	Alt    string `json:"alt,omitempty"`
	URL    string `json:"url"`
}

// Reaction is one emoji and who set it, in order of first use.
type Reaction struct {
	Emoji string `json:"emoji"`
	Users []ID   `json:"users"`
}

// Member is a person in a room.
type Member struct {
	User ShortUser `json:"user"`
	Role string    `json:"role"`
}

// OpenRoom is a row of the list of open rooms.
type OpenRoom struct {
	Room
	Joined bool `json:"joined"`
}

// PresenceState is what is shown of one person. LastSeen is set when offline
// and known. Hidden: they, or who asks, do not show it, and State says nothing.
type PresenceState struct {
	User     ID     `json:"user"`
	State    string `json:"state"`
	LastSeen Time   `json:"last_seen,omitzero"`
	Hidden   bool   `json:"hidden,omitempty"`
}

// Draft is a text that I have not sent yet.
type Draft struct {
	Room ID     `json:"room"`
	Body string `json:"body"`
}

// Hit is a message that a search found. Snippet is plain text of its body.
type Hit struct {
	Message Message `json:"message"`
	Snippet string  `json:"snippet"`
}

// ServerSettings is what the people who run a server decide: its name and who
// may join it. Fixed names those that its operator has decided for good.
type ServerSettings struct {
	Name         string   `json:"name"`
	Registration string   `json:"registration"`
	Fixed        []string `json:"fixed"`
}

// Invite lets people register: as many as MaxUses, of whom Uses have come, who
// become members of Room, if there is one.
type Invite struct {
	ID        ID   `json:"id"`
	Room      ID   `json:"room,omitzero"`
	Uses      int  `json:"uses"`
	MaxUses   int  `json:"max_uses"`
	CreatedAt Time `json:"created_at"`
	ExpiresAt Time `json:"expires_at"`
}

// Session is a device that is logged in. Client is what it calls itself.
type Session struct {
	ID        ID     `json:"id"`
	Client    string `json:"client"`
	CreatedAt Time   `json:"created_at"`
	SeenAt    Time   `json:"seen_at"`
	Current   bool   `json:"current"`
}
