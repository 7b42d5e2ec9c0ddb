package wire

// User is an account as others see it.
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
	Files     []File     `json:"files"`
	Reactions []Reaction `json:"reactions"`
	Mentions  []string   `json:"mentions"` // user ids and "everyone"
	PinnedAt  Time       `json:"pinned_at,omitzero"`
	CreatedAt Time       `json:"created_at"`
	EditedAt  Time       `json:"edited_at,omitzero"`
	DeletedAt Time       `json:"deleted_at,omitzero"`
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
// and known.
type PresenceState struct {
	User     ID     `json:"user"`
	State    string `json:"state"`
	LastSeen Time   `json:"last_seen,omitzero"`
}
