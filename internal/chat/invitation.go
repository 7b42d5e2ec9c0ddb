package chat

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Invitation lets people register, and perhaps makes them members of a room. Its code is shown to its maker once; only a
// hash of it is kept.
type Invitation struct {
	ID        ID
	By        ShortUser
	Room      ID // 0 = none
	Uses      int
	MaxUses   int
	CreatedAt time.Time
	ExpiresAt time.Time
}

// valid tells whether somebody may still come in with it.
func (i Invitation) valid(now time.Time) bool { return i.Uses < i.MaxUses && now.Before(i.ExpiresAt) }

// Limits of invitations.
const (
	MaxInvitationFor = 30 * 24 * time.Hour

	maxInvitationUses    = 100
	maxInvitations       = 20 // of one person, that are valid
	defaultInvitationFor = 7 * 24 * time.Hour
	minInvitationFor     = time.Minute
)

// CreateInvitationInput is an invitation to be made.
type CreateInvitationInput struct {
	Room string         // that those who come become members of; default none
	Uses *int           // how many may come with it, 1–100; default 1
	For  *time.Duration // how long it is valid, a minute to 30 days; default 7 days
}

// CreateInvitation makes an invitation and its code. To a room only those may invite who may invite people there. Errors:
// Invalid (Field uses, expires_in), NotFound, Forbidden (also while nobody may join), Conflict (too many that are valid).
func (s *Service) CreateInvitation(ctx context.Context, by Session, in CreateInvitationInput) (Invitation, string, error) {
	made, err := s.newInvitation(in)
	if err != nil {
		return Invitation{}, "", err
	}
	code := newCode()
	err = s.store.Update(ctx, func(tx Tx) error {
		me, err := s.actor(tx, by)
		if err != nil {
			return err
		}
		server, err := s.server(tx)
		if err != nil {
			return err
		}
		if server.Registration == RegistrationClosed {
			return Errorf(Forbidden, "Nobody can join this server now.")
		}
		made.By = me
		if in.Room != "" {
			room, member, err := findRoom(tx, me.ID, in.Room)
			if err != nil {
				return err
			}
			if err := s.mayInvite(room, member); err != nil {
				return err
			}
			made.Room = room.ID
		}
		return s.insertInvitation(tx, made, code)
	})
	if err != nil {
		return Invitation{}, "", err
	}
	return made, code, nil
}

func (s *Service) newInvitation(in CreateInvitationInput) (Invitation, error) {
	made := Invitation{ID: s.opts.NewID(), MaxUses: 1, CreatedAt: s.now()}
	if in.Uses != nil {
		made.MaxUses = *in.Uses
	}
	if made.MaxUses < 1 || made.MaxUses > maxInvitationUses {
		return Invitation{}, invalidField("uses", "An invitation is for 1 to %d people.", maxInvitationUses)
	}
	valid := defaultInvitationFor
	if in.For != nil {
		valid = *in.For
	}
	if valid < minInvitationFor || valid > MaxInvitationFor {
		return Invitation{}, invalidField("expires_in", "An invitation is valid for a minute to 30 days.")
	}
	made.ExpiresAt = made.CreatedAt.Add(valid)
	return made, nil
}

// insertInvitation keeps an invitation, and forgets those of its maker that are over.
func (s *Service) insertInvitation(tx Tx, made Invitation, code string) error {
	if err := tx.DropInvitations(made.By.ID, s.now()); err != nil {
		return fmt.Errorf("drop invitations that are over: %w", err)
	}
	valid, err := tx.InvitationsBy(made.By.ID)
	if err != nil {
		return fmt.Errorf("count the invitations: %w", err)
	}
	if len(valid) >= maxInvitations {
		return Errorf(Conflict, "You have %d invitations that are still valid. Revoke one first.", maxInvitations)
	}
	if err := tx.InsertInvitation(made, codeHash(code)); err != nil {
		return fmt.Errorf("insert an invitation: %w", err)
	}
	return nil
}

// Invitations lists those of the acting user that are valid, the latest first.
func (s *Service) Invitations(ctx context.Context, by Session) ([]Invitation, error) {
	valid := []Invitation{}
	err := s.store.View(ctx, func(tx Tx) error {
		made, err := s.invitationsOf(tx, by)
		for _, one := range made {
			if one.valid(s.now()) {
				valid = append(valid, one)
			}
		}
		return err
	})
	return valid, err
}

func (s *Service) invitationsOf(tx Tx, by Session) ([]Invitation, error) {
	me, err := s.actor(tx, by)
	if err != nil {
		return nil, err
	}
	made, err := tx.InvitationsBy(me.ID)
	if err != nil {
		return nil, fmt.Errorf("list invitations: %w", err)
	}
	return made, nil
}

// RevokeInvitationInput names invitations of the acting user.
type RevokeInvitationInput struct {
	Invitation string // id of one
	All        bool
}

// RevokeInvitation makes invitations of the acting user worthless. Errors: NotFound, Invalid (neither or both given).
func (s *Service) RevokeInvitation(ctx context.Context, by Session, in RevokeInvitationInput) error {
	if (in.Invitation != "") == in.All {
		return invalidField("invite", "Name one invitation, or all.")
	}
	return s.store.Update(ctx, func(tx Tx) error {
		made, err := s.invitationsOf(tx, by)
		if err != nil {
			return err
		}
		revoked := 0
		for _, one := range made {
			if !in.All && one.ID.String() != in.Invitation {
				continue
			}
			if err := tx.DeleteInvitation(one.ID); err != nil {
				return fmt.Errorf("revoke an invitation: %w", err)
			}
			revoked++
		}
		if revoked == 0 && !in.All {
			e := Errorf(NotFound, "There is no such invitation of yours.")
			e.Field = "invite"
			return e
		}
		return nil
	})
}

// entry tells how somebody new may come in: with the invitation that is answered, or, where registration is open, without
// one, which is nil. Errors: Invalid (Field invite) for a code that nobody comes in with, BadCredentials without one where
// registration is not open.
func (s *Service) entry(tx Tx, code string) (*Invitation, error) {
	server, err := s.server(tx)
	if err != nil {
		return nil, err
	}
	switch {
	case code == "" && server.Registration == RegistrationOpen:
		return nil, nil
	case code == "":
		return nil, errBadCredentials()
	case server.Registration == RegistrationClosed:
		return nil, errInvitation()
	}
	invitation, err := tx.InvitationByCode(codeHash(code))
	if errors.Is(err, ErrNotFound) {
		return nil, errInvitation()
	}
	if err != nil {
		return nil, fmt.Errorf("look for the invitation: %w", err)
	}
	return &invitation, s.honoured(tx, invitation)
}

// honoured refuses an invitation that is over, or whose maker could not make it now.
func (s *Service) honoured(tx Tx, invitation Invitation) error {
	if !invitation.valid(s.now()) {
		return errInvitation()
	}
	maker, err := tx.User(invitation.By.ID)
	if err != nil {
		return fmt.Errorf("load who invites: %w", err)
	}
	if maker.Disabled() {
		return errInvitation()
	}
	if invitation.Room == 0 {
		return nil
	}
	room, member, err := tx.RoomFor(maker.ID, invitation.Room)
	if err != nil {
		return fmt.Errorf("load the room of an invitation: %w", err)
	}
	if s.mayInvite(room, member) != nil {
		return errInvitation()
	}
	return nil
}

// useInvitation counts somebody who came with an invitation, and makes them a member of its room.
func (s *Service) useInvitation(tx Tx, invitation *Invitation, user User) error {
	if invitation == nil {
		return nil
	}
	if err := tx.CountInvitation(invitation.ID); err != nil {
		return fmt.Errorf("count the use of an invitation: %w", err)
	}
	if invitation.Room == 0 {
		return nil
	}
	return s.join(tx, invitation.Room, user.Short(), invitation.By, MemberPlain)
}

func errInvitation() *Error {
	return invalidField("invite", "This invitation is not valid, or no longer. Ask for a new one.")
}

// codeBytes is how much of a code is left to chance: too much to guess, little enough to type.
const codeBytes = 10

// newCode is a code as people read it: four groups of four letters and digits.
func newCode() string {
	var secret [codeBytes]byte
	rand.Read(secret[:]) // never fails
	text := base32.StdEncoding.EncodeToString(secret[:])
	return strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:]}, "-")
}

// codeHash is what is kept of a code. However it was typed, it is the same.
func codeHash(code string) []byte {
	plain := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToUpper(code))
	sum := sha256.Sum256([]byte(plain))
	return sum[:]
}
