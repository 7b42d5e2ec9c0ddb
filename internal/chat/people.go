package chat

import "context"

// ListInput asks for a page of a list that may be filtered.
type ListInput struct {
	Query  string // part of a name, whatever the case
	Cursor string // of the page before; empty = the first page
}

// UserPage is a page of users, by name.
type UserPage struct {
	Users  []User
	Cursor string // of the next page; empty = this is the last
}

// Me is the acting user. Error: Unauthorized.
func (s *Service) Me(ctx context.Context, by Session) (User, error) {
	panic("not yet")
}

// ListUsers lists the people of the server, 100 a page. Error: Invalid (Field cursor).
func (s *Service) ListUsers(ctx context.Context, by Session, in ListInput) (UserPage, error) {
	panic("not yet")
}

// Users finds users by id or name, in the order asked, at most 500. Errors: NotFound if one is unknown, Invalid.
func (s *Service) Users(ctx context.Context, by Session, users []string) ([]User, error) {
	panic("not yet")
}

// Seen notes that a user was here just now. It writes at most once a minute for each user.
func (s *Service) Seen(ctx context.Context, user ID) error {
	panic("not yet")
}
