package chat

import (
	"encoding/json"
	"time"
)

// Role is a user's standing on the whole server.
type Role string

// The roles of a user.
const (
	RoleOwner  Role = "owner"
	RoleAdmin  Role = "admin"
	RoleMember Role = "member"
	RoleBot    Role = "bot"
)

// User is an account.
type User struct {
	ID          ID
	Name        string // after PRECIS UsernameCaseMapped; what is logged in and mentioned with
	DisplayName string
	Bio         string
	Role        Role
	Avatar      ID              // a file that everybody may read; 0 = none
	Prefs       json.RawMessage // an object for the user's own devices; edges show it to nobody else
	Privacy                     // as Prefs has it
	LastSeenAt  time.Time       // zero = never
	DisabledAt  time.Time       // zero = enabled
	Blocked     bool            // by the acting user, where there is one
}

// Disabled tells whether the account is turned off.
func (u User) Disabled() bool { return !u.DisabledAt.IsZero() }

// Admin tells whether the user runs the server.
func (u User) Admin() bool { return u.Role == RoleOwner || u.Role == RoleAdmin }

// Short is the form that messages and members carry.
func (u User) Short() ShortUser {
	return ShortUser{ID: u.ID, Name: u.Name, DisplayName: u.DisplayName}
}

// ShortUser is what others need of a user beside a message.
type ShortUser struct {
	ID          ID
	Name        string
	DisplayName string
}

// Session is a signed-in device. It is the acting identity of every Service method.
type Session struct {
	ID        ID
	User      ID
	Cookie    bool // opened for a browser: the token travels in a cookie
	ExpiresAt time.Time
}
