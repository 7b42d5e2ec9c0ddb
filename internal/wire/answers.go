package wire

import "parley/internal/chat"

// Accepted is the part that all positive answers share: it encodes as ok: true
// whatever its value. Every answer embeds it; alone it answers an event that
// adds nothing.
type Accepted struct {
	OK yes `json:"ok"`
}

// yes is a field that is always true.
type yes struct{}

func (yes) MarshalJSON() ([]byte, error) { return []byte("true"), nil }

// Refused is the negative answer.
type Refused struct {
	OK    bool  `json:"ok"` // always false
	Error Error `json:"error"`
}

// ConnectErrorData is the data of a connect_error.
type ConnectErrorData struct {
	Code chat.Code `json:"code"`
}

// LoginAnswer answers auth:login, and POST /api/v1/login, which leaves the
// token out unless asked.
type LoginAnswer struct {
	Accepted
	User    User   `json:"user"`
	Token   string `json:"token,omitempty"`
	Created bool   `json:"created"`
}

// MeAnswer answers GET /api/v1/me.
type MeAnswer struct {
	Accepted
	Me Me `json:"me"`
}

// SyncAnswer answers sync.
type SyncAnswer struct {
	Accepted
	Me     Me      `json:"me"`
	Rooms  []Head  `json:"rooms"`
	Drafts []Draft `json:"drafts"`
}

// SendAnswer answers message:send.
type SendAnswer struct {
	Accepted
	Message   Message `json:"message"`
	Duplicate bool    `json:"duplicate"`
}

// MessageAnswer answers message:edit, message:delete, reaction:set and pin:set.
type MessageAnswer struct {
	Accepted
	Message Message `json:"message"`
}

// HistoryAnswer answers room:history: First is the lowest readable and Last the
// highest seq of the room, 0 when it is empty.
type HistoryAnswer struct {
	Accepted
	Messages []Message `json:"messages"`
	First    int64     `json:"first"`
	Last     int64     `json:"last"`
}

// ThreadAnswer answers message:thread. With More there are others further on: earlier
// ones, or, if after was given, later ones.
type ThreadAnswer struct {
	Accepted
	Root     Message   `json:"root"`
	Messages []Message `json:"messages"`
	More     bool      `json:"more"`
}

// EditsAnswer answers message:edits, the oldest first.
type EditsAnswer struct {
	Accepted
	Edits []Edit `json:"edits"`
}

// PinsAnswer answers pin:list, the latest pin first.
type PinsAnswer struct {
	Accepted
	Messages []Message `json:"messages"`
	Cursor   string    `json:"cursor,omitempty"`
}

// ChangesAnswer answers room:changes. With Reset, Messages is the latest page
// and replaces what the client has.
type ChangesAnswer struct {
	Accepted
	Messages       []Message `json:"messages"`
	ToRev          int64     `json:"to_rev"`
	More           bool      `json:"more"`
	Room           *Room     `json:"room,omitempty"`
	MembersChanged bool      `json:"members_changed,omitempty"`
	Reset          bool      `json:"reset,omitempty"`
}

// FocusAnswer answers room:focus without since.
type FocusAnswer struct {
	Accepted
	ToRev int64 `json:"to_rev"`
}

// RoomsAnswer answers room:list.
type RoomsAnswer struct {
	Accepted
	Rooms  []OpenRoom `json:"rooms"`
	Cursor string     `json:"cursor,omitempty"`
}

// RoomAnswer answers room:create, room:join, room:leave, room:invite, room:kick,
// room:role and room:update.
type RoomAnswer struct {
	Accepted
	Room Room `json:"room"`
}

// MembersAnswer answers room:members.
type MembersAnswer struct {
	Accepted
	Members []Member `json:"members"`
	Cursor  string   `json:"cursor,omitempty"`
}

// ReadAnswer answers read:set.
type ReadAnswer struct {
	Accepted
	ReadSeq int64 `json:"read_seq"`
	Unread  int   `json:"unread"`
}

// SeenAnswer answers message:seen: who else has read a message.
type SeenAnswer struct {
	Accepted
	Users []ShortUser `json:"users"`
	Count int         `json:"count"`
}

// RouteAnswer answers message:route. At that time members had Of sockets, of
// which Reached were sent the message and the others, which did not look at the
// room, its head. Away members had none then; Back of them have come back since,
// the last at BackAt. Hidden: there are members who do not show such things, and
// nothing counts them. Without At, nothing of this is known, or not any more.
type RouteAnswer struct {
	Accepted
	At      Time `json:"at,omitzero"`
	Reached int  `json:"reached"`
	Of      int  `json:"of"`
	Away    int  `json:"away"`
	Back    int  `json:"back"`
	BackAt  Time `json:"back_at,omitzero"`
	Hidden  bool `json:"hidden,omitempty"`
}

// WatchAnswer answers presence:watch.
type WatchAnswer struct {
	Accepted
	States []PresenceState `json:"states"`
}

// UsersAnswer answers user:list.
type UsersAnswer struct {
	Accepted
	Users  []User `json:"users"`
	Cursor string `json:"cursor,omitempty"`
}

// UserAnswer answers user:get.
type UserAnswer struct {
	Accepted
	User User `json:"user"`
}

// ProfileAnswer answers user:update.
type ProfileAnswer struct {
	Accepted
	User Me `json:"user"`
}

// FileAnswer answers POST /api/v1/files.
type FileAnswer struct {
	Accepted
	File File `json:"file"`
}

// SearchAnswer answers search. With a Cursor there may be more, even if Hits is
// empty.
type SearchAnswer struct {
	Accepted
	Hits   []Hit  `json:"hits"`
	Cursor string `json:"cursor,omitempty"`
}

// SessionsAnswer answers session:list.
type SessionsAnswer struct {
	Accepted
	Sessions []Session `json:"sessions"`
}

// ServerAnswer answers server:update and GET /api/v1/server.
type ServerAnswer struct {
	Accepted
	Server ServerSettings `json:"server"`
}

// InviteAnswer answers invite:create. Code is told this once; URL is the path of
// the page that asks who follows it to register.
type InviteAnswer struct {
	Accepted
	Invite Invite `json:"invite"`
	Code   string `json:"code"`
	URL    string `json:"url"`
}

// InvitesAnswer answers invite:list.
type InvitesAnswer struct {
	Accepted
	Invites []Invite `json:"invites"`
}
