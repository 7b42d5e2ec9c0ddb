package wire

import (
	"encoding/json"
	"errors"
)

// Handshake is the auth object of a Socket.IO CONNECT.
type Handshake struct {
	Token    string `json:"token"`
	Client   string `json:"client"`
	Proto    *int64 `json:"proto"`
	Delivery string `json:"delivery"`
}

// Empty is the request of events that need nothing.
type Empty struct{}

// LoginRequest is auth:login and POST /api/v1/login. Token asks the latter to
// put the token into its answer too; the former always does.
type LoginRequest struct {
	Name     string `json:"name"`
	Password string `json:"password"`
	OTP      string `json:"otp"`
	Invite   string `json:"invite"`
	AskNew   bool   `json:"ask_new"`
	Token    bool   `json:"token"`
}

// SendRequest is message:send. Room and To are references: an id or a name,
// with or without # or @.
type SendRequest struct {
	Room    RoomRef  `json:"room"`
	To      UserRefs `json:"to"`
	CID     string   `json:"cid"`
	Body    string   `json:"body"`
	ReplyTo *int64   `json:"reply_to"`
	Files   []ID     `json:"files"`
}

// HistoryRequest is room:history. At most one of Before, After and Around.
type HistoryRequest struct {
	Room   string `json:"room"`
	Before *int64 `json:"before"`
	After  *int64 `json:"after"`
	Around *int64 `json:"around"`
	Limit  *int   `json:"limit"`
}

// ChangesRequest is room:changes.
type ChangesRequest struct {
	Room  string `json:"room"`
	Since *int64 `json:"since"`
	Limit *int   `json:"limit"`
}

// ListRequest is room:list and user:list.
type ListRequest struct {
	Query  string `json:"query"`
	Cursor string `json:"cursor"`
}

// CreateRoomRequest is room:create.
type CreateRoomRequest struct {
	Name    string   `json:"name"`
	Private bool     `json:"private"`
	Topic   string   `json:"topic"`
	Members []string `json:"members"`
}

// RoomRequest is room:join and room:leave.
type RoomRequest struct {
	Room string `json:"room"`
}

// InviteRequest is room:invite.
type InviteRequest struct {
	Room  string   `json:"room"`
	Users []string `json:"users"`
}

// MembersRequest is room:members.
type MembersRequest struct {
	Room   string `json:"room"`
	Cursor string `json:"cursor"`
}

// ReadRequest is read:set.
type ReadRequest struct {
	Room   string `json:"room"`
	Seq    *int64 `json:"seq"`
	Unread bool   `json:"unread"`
}

// TypingRequest is typing. Neither field means Everyone.
type TypingRequest struct {
	Room RoomRef  `json:"room"`
	To   UserRefs `json:"to"`
}

// PresenceRequest is presence:set.
type PresenceRequest struct {
	State string `json:"state"`
}

// WatchRequest is presence:watch; it replaces what the socket watched before.
type WatchRequest struct {
	Users []string `json:"users"`
}

// RoomRef is a room that a message is meant for: an id or a name. Null and the
// empty string are refused, because leaving the field out means everyone, and
// what was meant for a few must not go to all by mistake.
type RoomRef string

// UnmarshalJSON accepts a string that is not empty.
func (r *RoomRef) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, (*string)(r)); err != nil {
		return err
	}
	if *r == "" {
		return errNoAudience
	}
	return nil
}

// UserRefs are the people that a message is meant for: a reference or a list of
// them. Nil means not given; null is refused as for RoomRef.
type UserRefs []string

// UnmarshalJSON accepts a string or a list of strings.
func (u *UserRefs) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return errNoAudience
	}
	var one string
	if json.Unmarshal(data, &one) == nil {
		*u = UserRefs{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(u))
}

var errNoAudience = errors.New("nobody is named")
