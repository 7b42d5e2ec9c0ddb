package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// User is somebody as the acting user sees them. Error: NotFound.
func (s *Service) User(ctx context.Context, by Session, user string) (User, error) {
	var found User
	err := s.store.View(ctx, func(tx Tx) error {
		me, err := s.actor(tx, by)
		if err != nil {
			return err
		}
		if found, err = findUser(tx, "user", user); err != nil {
			return err
		}
		if found.Blocked, err = tx.Blocks(me.ID, found.ID); err != nil {
			return fmt.Errorf("look for a block: %w", err)
		}
		return nil
	})
	if err != nil {
		return User{}, err
	}
	return found, nil
}

// Limits of a profile.
const (
	maxDisplayName = 64 // characters
	maxBio         = 500
	maxPrefs       = 16 << 10 // bytes
)

// UpdateUserInput changes what is not nil of the acting user.
type UpdateUserInput struct {
	DisplayName *string // 1–64 characters; empty = the name
	Bio         *string // at most 500 characters
	Avatar      *string // id of an image that the acting user has uploaded and not sent; empty = none

	// Prefs is an object that is merged into the preferences: each key replaces one, null takes it away. The server
	// reads those of Privacy and keeps the rest for the user's devices, up to 16 KiB.
	Prefs json.RawMessage
}

// UpdateUser changes the acting user's profile and preferences (UserChanged). Errors: Invalid (Field display_name, bio,
// prefs), TooLarge (Field prefs), NotFound (Field avatar).
func (s *Service) UpdateUser(ctx context.Context, by Session, in UpdateUserInput) (User, error) {
	var me User
	err := s.store.Update(ctx, func(tx Tx) (err error) {
		before, err := s.me(tx, by)
		if err != nil {
			return err
		}
		if me, err = updatedUser(before, in); err != nil {
			return err
		}
		if in.Avatar != nil {
			if me.Avatar, err = s.avatar(tx, before, *in.Avatar); err != nil {
				return err
			}
		}
		seen := me.DisplayName != before.DisplayName || me.Bio != before.Bio || me.Avatar != before.Avatar
		if !seen && bytes.Equal(me.Prefs, before.Prefs) {
			return nil
		}
		if err := tx.UpdateUser(me, foldName(me.DisplayName)); err != nil {
			return fmt.Errorf("change the user: %w", err)
		}
		if !seen {
			s.publish(tx, UserChanged{User: me, Viewer: me.ID})
			return nil
		}
		return s.publishUser(tx, me)
	})
	if err != nil {
		return User{}, err
	}
	return me, nil
}

// publishUser tells everybody of a user, who has changed.
func (s *Service) publishUser(tx Tx, user User) error {
	blockers, err := tx.Blockers(user.ID)
	if err != nil {
		return fmt.Errorf("look for blocks: %w", err)
	}
	s.publish(tx, UserChanged{User: user, Blockers: blockers})
	return nil
}

// updatedUser is a user with the changes that are asked for, but for the avatar.
func updatedUser(user User, in UpdateUserInput) (User, error) {
	if in.DisplayName != nil {
		user.DisplayName = norm.NFC.String(strings.TrimSpace(*in.DisplayName))
		if user.DisplayName == "" {
			user.DisplayName = user.Name
		}
		if !plainText(user.DisplayName, maxDisplayName) || strings.ContainsFunc(user.DisplayName, isControl) {
			return User{}, invalidField("display_name", "This name has more than %d characters, or some that cannot be used.", maxDisplayName)
		}
	}
	if in.Bio != nil {
		user.Bio = strings.TrimSpace(*in.Bio)
		if !plainText(user.Bio, maxBio) {
			return User{}, invalidField("bio", "A bio has at most %d characters.", maxBio)
		}
	}
	if in.Prefs == nil {
		return user, nil
	}
	var err error
	if user.Prefs, err = mergePrefs(user.Prefs, in.Prefs); err != nil {
		return User{}, err
	}
	user.Privacy = PrivacyOf(user.Prefs)
	return user, nil
}

func plainText(s string, most int) bool {
	return utf8.ValidString(s) && !strings.ContainsRune(s, 0) && utf8.RuneCountInString(s) <= most
}

// mergePrefs puts keys into preferences and takes those away that are null.
func mergePrefs(old, changes json.RawMessage) (json.RawMessage, error) {
	merged := make(map[string]json.RawMessage)
	if len(old) > 0 {
		if err := json.Unmarshal(old, &merged); err != nil {
			return nil, fmt.Errorf("read the preferences: %w", err)
		}
	}
	var changed map[string]json.RawMessage
	if err := json.Unmarshal(changes, &changed); err != nil {
		return nil, invalidField("prefs", "Preferences are an object.")
	}
	if err := checkPrivacy(changed); err != nil {
		return nil, err
	}
	for key, value := range changed {
		merged[key] = value
		if string(value) == "null" {
			delete(merged, key)
		}
	}
	if len(merged) == 0 {
		return nil, nil
	}
	prefs, err := json.Marshal(merged)
	if err != nil {
		return nil, fmt.Errorf("write the preferences: %w", err)
	}
	if len(prefs) > maxPrefs {
		e := Errorf(TooLarge, "Preferences have at most %d bytes.", maxPrefs)
		e.Field = "prefs"
		return nil, e
	}
	return prefs, nil
}

// avatar is the file that a user wants to be shown with, 0 for none. The one before is dropped.
func (s *Service) avatar(tx Tx, user User, named string) (ID, error) {
	if named == user.Avatar.String() {
		return user.Avatar, nil
	}
	var avatar ID
	if named != "" {
		file, err := loose(tx, user.ID, "avatar", named)
		if err != nil {
			return 0, err
		}
		if !strings.HasPrefix(file.MIME, "image/") {
			return 0, invalidField("avatar", "Only an image can be your picture.")
		}
		if err := tx.ShowFile(file.ID, user.ID); err != nil {
			return 0, fmt.Errorf("show a picture: %w", err)
		}
		avatar = file.ID
	}
	if user.Avatar != 0 {
		if err := tx.DropFile(user.Avatar, s.now()); err != nil {
			return 0, fmt.Errorf("drop the old picture: %w", err)
		}
	}
	return avatar, nil
}

// SetBlock blocks somebody or ends that (UserChanged for the acting user's devices only); then neither writes to the
// other in a dm. Errors: NotFound, Invalid (oneself).
func (s *Service) SetBlock(ctx context.Context, by Session, user string, on bool) error {
	return s.store.Update(ctx, func(tx Tx) error {
		me, err := s.actor(tx, by)
		if err != nil {
			return err
		}
		other, err := findUser(tx, "user", user)
		if err != nil {
			return err
		}
		if other.ID == me.ID {
			return invalidField("user", "You cannot block yourself.")
		}
		before, err := tx.Blocks(me.ID, other.ID)
		if err != nil {
			return fmt.Errorf("look for a block: %w", err)
		}
		if before == on {
			return nil
		}
		set := tx.DeleteBlock
		if on {
			set = func(user, blocked ID) error { return tx.SetBlock(user, blocked, s.now()) }
		}
		if err := set(me.ID, other.ID); err != nil {
			return fmt.Errorf("block or unblock: %w", err)
		}
		other.Blocked = on
		s.publish(tx, UserChanged{User: other, Viewer: me.ID})
		return nil
	})
}
