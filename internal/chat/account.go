package chat

import (
	"context"
)

// AddUserInput is an account that an operator makes.
type AddUserInput struct {
	Name     string
	Password string
	Role     Role // default RoleMember; the first account is RoleOwner whatever is asked
}

// AddUser makes an account, whatever the registration policy. Errors: Invalid (Field name, password, role), Conflict.
func (s *Service) AddUser(ctx context.Context, in AddUserInput) (User, error) {
	panic("not yet")
}

// SetPassword gives a user another password and ends all their sessions (SessionsRevoked). Errors: NotFound, Invalid.
func (s *Service) SetPassword(ctx context.Context, user, password string) error {
	panic("not yet")
}

// SetDisabled turns an account off, ending its sessions, or on again (SessionsRevoked, UserChanged). Errors: NotFound.
func (s *Service) SetDisabled(ctx context.Context, user string, off bool) error {
	panic("not yet")
}
