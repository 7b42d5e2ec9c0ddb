package chat

import "context"

// LoginInput is who wants to log in, from where.
type LoginInput struct {
	Name     string
	Password string
	AskNew   bool   // an unknown name that could be registered answers NewName and nothing is created
	Cookie   bool   // the session is a browser's; see Session.Cookie
	Client   string // "name/version" or a user agent, cut to 200 bytes
	Address  string // for the owner's list of sessions
}

// LoginResult is a new session.
type LoginResult struct {
	Session Session
	Token   string // 256 bits; only its hash is stored, so this is the only time it can be read
	User    User
	Created bool // the login registered the name
}

// Login opens a session. Where registration is open, the first login of an unknown name registers it, and of several at
// once exactly one does. Errors: BadCredentials, NewName, Invalid (Field name or password), Conflict (a name that looks
// like another), Forbidden (a disabled account, told only to who knows the password).
func (s *Service) Login(ctx context.Context, in LoginInput) (LoginResult, error) {
	panic("not yet")
}

// Authenticate is the session of a token. Error: Unauthorized for one that is unknown, over or revoked.
func (s *Service) Authenticate(ctx context.Context, token string) (Session, error) {
	panic("not yet")
}

// Logout ends the acting session (SessionsRevoked). Ending one that is over already is no error.
func (s *Service) Logout(ctx context.Context, by Session) error {
	panic("not yet")
}
