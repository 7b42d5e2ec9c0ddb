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

// EditRequest is message:edit. Rev, if given, must be the message's present one.
type EditRequest struct {
	Room string  `json:"room"`
	Seq  *int64  `json:"seq"`
	Body *string `json:"body"`
	Rev  *int64  `json:"rev"`
}

// DeleteRequest is message:delete. Rev as in EditRequest.
type DeleteRequest struct {
	Room string `json:"room"`
	Seq  *int64 `json:"seq"`
	Rev  *int64 `json:"rev"`
}

// ReactionRequest is reaction:set.
type ReactionRequest struct {
	Room  string `json:"room"`
	Seq   *int64 `json:"seq"`
	Emoji string `json:"emoji"`
	On    *bool  `json:"on"`
}

// PinRequest is pin:set.
type PinRequest struct {
	Room string `json:"room"`
	Seq  *int64 `json:"seq"`
	On   *bool  `json:"on"`
}

// PinsRequest is pin:list.
type PinsRequest struct {
	Room   string `json:"room"`
	Cursor string `json:"cursor"`
}

// ThreadRequest is message:thread. Seq is of any message of the thread; at most one of
// Before and After.
type ThreadRequest struct {
	Room   string `json:"room"`
	Seq    *int64 `json:"seq"`
	Before *int64 `json:"before"`
	After  *int64 `json:"after"`
	Limit  *int   `json:"limit"`
}

// EditsRequest is message:edits.
type EditsRequest struct {
	Room string `json:"room"`
	Seq  *int64 `json:"seq"`
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

// RoomRequest is room:join, room:leave and room:blur.
type RoomRequest struct {
	Room string `json:"room"`
}

// InviteRequest is room:invite.
type InviteRequest struct {
	Room  string   `json:"room"`
	Users []string `json:"users"`
}

// KickRequest is room:kick.
type KickRequest struct {
	Room string `json:"room"`
	User string `json:"user"`
}

// RoleRequest is room:role: owner, moderator or member.
type RoleRequest struct {
	Room string `json:"room"`
	User string `json:"user"`
	Role string `json:"role"`
}

// UpdateRoomRequest is room:update. What is absent stays as it is.
type UpdateRoomRequest struct {
	Room          string  `json:"room"`
	Name          *string `json:"name"`
	Topic         *string `json:"topic"`
	PostPolicy    *string `json:"post_policy"`
	RetentionDays *int    `json:"retention_days"`
	Archived      *bool   `json:"archived"`
}

// NotifyRequest is room:notify: all, mentions or none.
type NotifyRequest struct {
	Room       string `json:"room"`
	Level      string `json:"level"`
	MutedUntil Time   `json:"muted_until"`
}

// FocusRequest is room:focus. With Since it is answered as room:changes is.
type FocusRequest struct {
	Room  string `json:"room"`
	Since *int64 `json:"since"`
}

// MembersRequest is room:members.
type MembersRequest struct {
	Room   string `json:"room"`
	Cursor string `json:"cursor"`
}

// PlaceRequest is message:seen and message:route: one message of a room.
type PlaceRequest struct {
	Room string `json:"room"`
	Seq  *int64 `json:"seq"`
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

// WaveRequest is wire:wave. Scope is self, room, room_but_me, all_but_me or all;
// Room is for the two of a room.
type WaveRequest struct {
	Scope string  `json:"scope"`
	Room  RoomRef `json:"room"`
}

// PresenceRequest is presence:set.
type PresenceRequest struct {
	State string `json:"state"`
}

// WatchRequest is presence:watch; it replaces what the socket watched before.
type WatchRequest struct {
	Users []string `json:"users"`
}

// UserRequest is user:get.
type UserRequest struct {
	User string `json:"user"`
}

// UpdateUserRequest is user:update. What is absent stays as it is; Prefs is
// merged into what is there.
type UpdateUserRequest struct {
	DisplayName *string         `json:"display_name"`
	Avatar      *string         `json:"avatar"`
	Bio         *string         `json:"bio"`
	Prefs       json.RawMessage `json:"prefs"`
}

// SearchRequest is search. Before and After are times.
type SearchRequest struct {
	Q      string `json:"q"`
	Room   string `json:"room"`
	Author string `json:"author"`
	Has    string `json:"has"`
	Before Time   `json:"before"`
	After  Time   `json:"after"`
	Cursor string `json:"cursor"`
}

// DraftRequest is draft:set. An empty Body takes the draft away.
type DraftRequest struct {
	Room string  `json:"room"`
	Body *string `json:"body"`
}

// BlockRequest is block:set.
type BlockRequest struct {
	User string `json:"user"`
	On   *bool  `json:"on"`
}

// RevokeRequest is session:revoke: one session, or all but this one.
type RevokeRequest struct {
	Session string `json:"session"`
	Others  bool   `json:"others"`
}

// UpdateServerRequest is server:update. What is absent stays as it is. SetUp ends
// what the owner of a new server is asked.
type UpdateServerRequest struct {
	Name         *string `json:"name"`
	Registration *string `json:"registration"`
	SetUp        bool    `json:"set_up"`
}

// CreateInviteRequest is invite:create. ExpiresIn is in seconds.
type CreateInviteRequest struct {
	Room      string `json:"room"`
	Uses      *int   `json:"uses"`
	ExpiresIn *int64 `json:"expires_in"`
}

// RevokeInviteRequest is invite:revoke: one of one's own, or all of them.
type RevokeInviteRequest struct {
	Invite string `json:"invite"`
	All    bool   `json:"all"`
}

// RoomRef is a room that a message is meant for: an id or a name. Null and the
// empty string are refused, because leaving the field out means everyone, and
// what was meant for a few must not go to all by mistake.
type RoomRef string

// UnmarshalJSON accepts a string that is not empty.
func (r *RoomRef) UnmarshalJSON(data []byte) error {
	if err := decodeInto((*string)(r), data); err != nil {
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
