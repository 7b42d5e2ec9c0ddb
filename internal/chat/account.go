package chat

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// AddUserInput is an account that an operator makes.
type AddUserInput struct {
	Name     string
	Password string
	Role     Role // default RoleMember; the first account is RoleOwner whatever is asked
}

// AddUser makes an account, whatever the registration policy. Errors: Invalid (Field name, password, role), Conflict.
func (s *Service) AddUser(ctx context.Context, in AddUserInput) (User, error) {
	role, err := accountRole(in.Role)
	if err != nil {
		return User{}, err
	}
	name, err := s.names.user(in.Name)
	if err != nil {
		return User{}, err
	}
	phc, err := s.newHash(ctx, in.Password)
	if err != nil {
		return User{}, err
	}
	var user User
	err = s.store.Update(ctx, func(tx Tx) (err error) {
		user, err = s.register(tx, name, phc, role)
		if errors.Is(err, ErrExists) {
			return nameTaken()
		}
		return err
	})
	return user, err
}

func accountRole(asked Role) (Role, error) {
	switch asked {
	case "":
		return RoleMember, nil
	case RoleOwner, RoleAdmin, RoleMember:
		return asked, nil
	}
	return "", invalidField("role", "The role is owner, admin or member.")
}

// newHash checks a password that someone wants to have and hashes it.
func (s *Service) newHash(ctx context.Context, password string) (string, error) {
	password = normalPassword(password)
	if err := s.passwords.check(password); err != nil {
		return "", err
	}
	phc, err := s.opts.Hasher.Hash(ctx, password)
	if err != nil {
		return "", fmt.Errorf("hash the password: %w", err)
	}
	return phc, nil
}

// register makes an account and a member of Everyone of it. The first one owns the server. Errors: ErrExists for a name
// that is taken, Conflict for one that looks like another.
func (s *Service) register(tx Tx, name userName, phc string, role Role) (User, error) {
	switch _, err := tx.UserByName(name.name); {
	case err == nil:
		return User{}, ErrExists
	case !errors.Is(err, ErrNotFound):
		return User{}, fmt.Errorf("look for the name: %w", err)
	}
	if err := freeOfLookAlikes(tx, name); err != nil {
		return User{}, err
	}
	known, err := tx.AnyUser()
	if err != nil {
		return User{}, fmt.Errorf("look for the first account: %w", err)
	}
	inEveryone := MemberPlain
	if !known {
		role, inEveryone = RoleOwner, MemberOwner
		if err := askOwner(tx); err != nil {
			return User{}, err
		}
	}
	user := User{
		ID: s.opts.NewID(), Name: name.name, DisplayName: name.display, Role: role, Privacy: openBook(),
	}
	row := NewUser{
		User: user, Skeleton: name.skeleton, SearchKey: foldName(name.display), PasswordHash: phc, CreatedAt: s.now(),
	}
	if err := tx.InsertUser(row); err != nil {
		return User{}, fmt.Errorf("insert user: %w", err)
	}
	return user, s.join(tx, s.everyone, user.Short(), user.Short(), inEveryone)
}

// freeOfLookAlikes refuses a name that somebody has, or that looks like one that somebody has.
func freeOfLookAlikes(tx Tx, name userName) error {
	_, err := tx.LookAlike(name.skeleton)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for names that look alike: %w", err)
	}
	return nameTaken()
}

func nameTaken() *Error {
	e := Errorf(Conflict, "Somebody has this name, or one that looks like it.")
	e.Field = "name"
	return e
}

// SetPassword gives a user another password and ends all their sessions (SessionsRevoked). Errors: NotFound, Invalid.
func (s *Service) SetPassword(ctx context.Context, user, password string) error {
	phc, err := s.newHash(ctx, password)
	if err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx Tx) error {
		found, err := findUser(tx, "user", user)
		if err != nil {
			return err
		}
		if err := tx.SetPasswordHash(found.ID, phc); err != nil {
			return fmt.Errorf("set the password: %w", err)
		}
		return s.revokeAll(tx, found.ID, RevokedPassword)
	})
}

// SetDisabled turns an account off, ending its sessions, or on again (SessionsRevoked, UserChanged). Errors: NotFound.
func (s *Service) SetDisabled(ctx context.Context, user string, off bool) error {
	return s.store.Update(ctx, func(tx Tx) error {
		found, err := findUser(tx, "user", user)
		if err != nil || found.Disabled() == off {
			return err
		}
		found.DisabledAt = time.Time{}
		if off {
			found.DisabledAt = s.now()
			if err := s.revokeAll(tx, found.ID, RevokedDisabled); err != nil {
				return err
			}
		}
		if err := tx.SetDisabledAt(found.ID, found.DisabledAt); err != nil {
			return fmt.Errorf("turn the account off or on: %w", err)
		}
		return s.publishUser(tx, found)
	})
}

func (s *Service) revokeAll(tx Tx, user ID, reason RevokeReason) error {
	if err := tx.RevokeSessionsOf(user, s.now()); err != nil {
		return fmt.Errorf("revoke the sessions: %w", err)
	}
	s.publish(tx, SessionsRevoked{User: user, Reason: reason})
	return nil
}
