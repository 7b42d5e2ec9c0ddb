package chat

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
)

// LoginInput is who wants to log in, from where.
type LoginInput struct {
	Name     string
	Password string
	Invite   string // the code of an invitation, for who is new; default none
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

// extendAfter is how old the last sighting of a session must be for Authenticate to note a new one.
const extendAfter = time.Hour

// errRetryLogin: what the password was checked against has changed meanwhile.
var errRetryLogin = errors.New("the account changed during the login")

// Login opens a session. Where registration is open, the first login of an unknown name registers it, and of several at
// once exactly one does; else it needs an invitation. Errors: BadCredentials, NewName, Invalid (Field name, password, invite), Conflict (a name that looks
// like another), Forbidden (a disabled account, told only to who knows the password).
func (s *Service) Login(ctx context.Context, in LoginInput) (LoginResult, error) {
	in.Name = strings.TrimPrefix(in.Name, "@")
	in.Password = normalPassword(in.Password)
	const attempts = 3
	for range attempts {
		result, err := s.loginOnce(ctx, in)
		if !errors.Is(err, errRetryLogin) {
			return result, err
		}
	}
	return LoginResult{}, errBadCredentials()
}

func (s *Service) loginOnce(ctx context.Context, in LoginInput) (LoginResult, error) {
	var user User
	var phc string
	err := s.store.View(ctx, func(tx Tx) (err error) {
		user, phc, err = credentials(tx, in.Name)
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return s.loginUnknown(ctx, in)
	}
	if err != nil {
		return LoginResult{}, fmt.Errorf("load the account: %w", err)
	}
	ok, rehash, err := s.verify(ctx, phc, in.Password)
	if err != nil {
		return LoginResult{}, err
	}
	if !ok {
		return LoginResult{}, s.wrong(ctx, in)
	}
	if user.Disabled() {
		return LoginResult{}, Errorf(Forbidden, "This account is turned off. Ask an admin.")
	}
	newHash := ""
	if rehash {
		if newHash, err = s.opts.Hasher.Hash(ctx, in.Password); err != nil {
			return LoginResult{}, fmt.Errorf("hash the password anew: %w", err)
		}
	}
	return s.openSession(ctx, in, phc, newHash)
}

// credentials is the account of a name as it was typed.
func credentials(tx Tx, typed string) (User, string, error) {
	name, ok := foldUserName(typed)
	if !ok {
		return User{}, "", ErrNotFound
	}
	return tx.Credentials(name)
}

// verify checks a password. One that is longer than any that could be set costs no more than the longest.
func (s *Service) verify(ctx context.Context, phc, password string) (ok, rehash bool, err error) {
	if len(password) > maxPasswordBytes {
		phc, password = "", password[:maxPasswordBytes]
	}
	ok, rehash, err = s.opts.Hasher.Verify(ctx, phc, password)
	if err != nil {
		return false, false, fmt.Errorf("check the password: %w", err)
	}
	return ok && phc != "", rehash, nil
}

// wrong is the answer to a wrong password. A code that is not valid is told first, as it is to who is new, so that
// nobody learns from it whether a name is known.
func (s *Service) wrong(ctx context.Context, in LoginInput) error {
	if in.Invite == "" {
		return errBadCredentials()
	}
	err := s.store.View(ctx, func(tx Tx) error {
		_, err := s.entry(tx, in.Invite)
		return err
	})
	if err != nil {
		return err
	}
	return errBadCredentials()
}

// loginUnknown answers for a name that nobody has: like a wrong password, unless its owner may come in.
func (s *Service) loginUnknown(ctx context.Context, in LoginInput) (LoginResult, error) {
	err := s.store.View(ctx, func(tx Tx) error {
		_, err := s.entry(tx, in.Invite)
		return err
	})
	if err != nil {
		if _, _, err := s.verify(ctx, "", in.Password); err != nil {
			return LoginResult{}, err
		}
		return LoginResult{}, err
	}
	name, err := s.names.user(in.Name)
	if err != nil {
		return LoginResult{}, err
	}
	if in.AskNew {
		return LoginResult{}, s.askNew(ctx, name)
	}
	if err := s.passwords.check(in.Password); err != nil {
		return LoginResult{}, err
	}
	phc, err := s.opts.Hasher.Hash(ctx, in.Password)
	if err != nil {
		return LoginResult{}, fmt.Errorf("hash the password: %w", err)
	}
	var result LoginResult
	err = s.store.Update(ctx, func(tx Tx) error {
		invitation, err := s.entry(tx, in.Invite)
		if err != nil {
			return err
		}
		user, err := s.register(tx, name, phc, RoleMember)
		if errors.Is(err, ErrExists) {
			return errRetryLogin // someone was faster; the name is checked like any other now
		}
		if err != nil {
			return err
		}
		if err := s.useInvitation(tx, invitation, user); err != nil {
			return err
		}
		result, err = s.insertSession(tx, in, user)
		result.Created = true
		return err
	})
	if err != nil {
		return LoginResult{}, err
	}
	return result, nil
}

// askNew tells that a name is free, or why it cannot be had.
func (s *Service) askNew(ctx context.Context, name userName) error {
	return s.store.View(ctx, func(tx Tx) error {
		if err := freeOfLookAlikes(tx, name); err != nil {
			return err
		}
		return Errorf(NewName, "Nobody here is called %s yet. Create the account?", name.display)
	})
}

// openSession opens the session of a user whose password was right a moment ago.
func (s *Service) openSession(ctx context.Context, in LoginInput, phc, newHash string) (LoginResult, error) {
	var result LoginResult
	err := s.store.Update(ctx, func(tx Tx) error {
		user, now, err := credentials(tx, in.Name)
		if err != nil {
			return err
		}
		if now != phc || user.Disabled() {
			return errRetryLogin
		}
		if newHash != "" {
			if err := tx.SetPasswordHash(user.ID, newHash); err != nil {
				return err
			}
		}
		result, err = s.insertSession(tx, in, user)
		return err
	})
	if err != nil {
		return LoginResult{}, err
	}
	return result, nil
}

func (s *Service) insertSession(tx Tx, in LoginInput, user User) (LoginResult, error) {
	var secret [32]byte
	rand.Read(secret[:]) // never fails
	token := base64.RawURLEncoding.EncodeToString(secret[:])
	now := s.steady()
	session := Session{ID: s.opts.NewID(), User: user.ID, Cookie: in.Cookie, ExpiresAt: now.Add(s.opts.SessionTTL)}
	err := tx.InsertSession(SessionRecord{
		Session: session, TokenHash: tokenHash(token), Client: cutText(in.Client, 200), Address: cutText(in.Address, 100),
		CreatedAt: now, SeenAt: now,
	})
	if err != nil {
		return LoginResult{}, fmt.Errorf("open a session: %w", err)
	}
	return LoginResult{Session: session, Token: token, User: user}, nil
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// cutText cuts a text to a number of bytes, between characters.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

func errBadCredentials() *Error {
	return Errorf(BadCredentials, "Incorrect username or password")
}

// Authenticate is the session of a token. Error: Unauthorized for one that is unknown, over or revoked.
func (s *Service) Authenticate(ctx context.Context, token string) (Session, error) {
	var record SessionRecord
	err := s.store.View(ctx, func(tx Tx) error {
		found, user, err := tx.SessionByToken(tokenHash(token))
		if errors.Is(err, ErrNotFound) || err == nil && !s.alive(found, user) {
			return errSessionOver()
		}
		record = found
		return err
	})
	if err != nil {
		return Session{}, err
	}
	if now := s.steady(); now.Sub(record.SeenAt) >= extendAfter {
		record.ExpiresAt = s.extend(ctx, record, now)
	}
	return record.Session, nil
}

func (s *Service) alive(record SessionRecord, user User) bool {
	return record.RevokedAt.IsZero() && record.ExpiresAt.After(s.steady()) && !user.Disabled()
}

// extend notes that a session is in use and answers when it is over. A database that cannot be written must not keep
// anyone from reading, so a failure leaves the session as it is.
func (s *Service) extend(ctx context.Context, record SessionRecord, now time.Time) time.Time {
	expires := now.Add(s.opts.SessionTTL)
	err := s.store.Update(ctx, func(tx Tx) error { return tx.ExtendSession(record.ID, now, expires) })
	if err != nil {
		return record.ExpiresAt
	}
	return expires
}

// Logout ends the acting session (SessionsRevoked). Ending one that is over already is no error.
func (s *Service) Logout(ctx context.Context, by Session) error {
	return s.store.Update(ctx, func(tx Tx) error {
		if err := tx.RevokeSession(by.ID, s.now()); err != nil {
			return fmt.Errorf("revoke the session: %w", err)
		}
		s.publish(tx, SessionsRevoked{User: by.User, Session: by.ID, Reason: RevokedLogout})
		return nil
	})
}
