package chat

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"time"
)

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

// Sizes of pages and of lists in a payload.
const (
	listPage    = 100
	membersPage = 200
	maxUsers    = 500
)

// seenEvery is how often at most a user's last sighting is written.
const seenEvery = time.Minute

// Me is the acting user. Error: Unauthorized.
func (s *Service) Me(ctx context.Context, by Session) (User, error) {
	var me User
	err := s.store.View(ctx, func(tx Tx) (err error) {
		me, err = s.me(tx, by)
		return err
	})
	return me, err
}

// ListUsers lists the people of the server, 100 a page. Error: Invalid (Field cursor).
func (s *Service) ListUsers(ctx context.Context, by Session, in ListInput) (UserPage, error) {
	after, err := decodeCursor(in.Cursor)
	if err != nil {
		return UserPage{}, err
	}
	var page UserPage
	err = s.store.View(ctx, func(tx Tx) error {
		me, err := s.actor(tx, by)
		if err != nil {
			return err
		}
		users, err := tx.ListUsers(me.ID, foldName(in.Query), after, listPage+1)
		if err != nil {
			return fmt.Errorf("list users: %w", err)
		}
		page = UserPage{Users: users}
		if len(users) > listPage {
			page.Users = users[:listPage]
			page.Cursor = encodeCursor(users[listPage-1].Name)
		}
		return nil
	})
	return page, err
}

// Users finds users by id or name, in the order asked, each once, at most 500. Errors: NotFound if one is unknown,
// Invalid.
func (s *Service) Users(ctx context.Context, by Session, users []string) ([]User, error) {
	if len(users) > maxUsers {
		return nil, tooManyUsers("users")
	}
	var found []User
	err := s.store.View(ctx, func(tx Tx) (err error) {
		if _, err := s.actor(tx, by); err != nil {
			return err
		}
		found, err = findUsers(tx, "users", users)
		return err
	})
	return found, err
}

func tooManyUsers(field string) *Error {
	return invalidField(field, "At most %d people can be named at once.", maxUsers)
}

// seenAtOnce is how many sightings are written in one transaction.
const seenAtOnce = 256

// Seen notes that users were here just now. It writes at most once a minute for each of them.
func (s *Service) Seen(ctx context.Context, users ...ID) error {
	now := s.now()
	for some := range slices.Chunk(users, seenAtOnce) {
		var due []ID
		err := s.store.View(ctx, func(tx Tx) error {
			for _, user := range some {
				found, err := tx.User(user)
				if err != nil {
					return err
				}
				if now.Sub(found.LastSeenAt) >= seenEvery {
					due = append(due, user)
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("load who was seen: %w", err)
		}
		if len(due) == 0 {
			continue
		}
		err = s.store.Update(ctx, func(tx Tx) error {
			for _, user := range due {
				if err := tx.SetLastSeen(user, now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("note who was seen: %w", err)
		}
	}
	return nil
}

// A cursor is the key of the last row of a page, opaque to clients.
func encodeCursor(key string) string { return base64.RawURLEncoding.EncodeToString([]byte(key)) }

func decodeCursor(cursor string) (string, error) {
	key, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return "", badCursor()
	}
	return string(key), nil
}

func badCursor() *Error {
	return invalidField("cursor", "This cursor is not one that a page before gave.")
}
