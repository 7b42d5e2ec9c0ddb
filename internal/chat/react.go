package chat

import (
	"context"
	"slices"
)

// MaxReactions is how many kinds of reaction one message can have.
const MaxReactions = 20

// Reaction is one emoji on a message and who set it.
type Reaction struct {
	Emoji string
	Users []ID // in the order in which they set it
}

// ReactInput sets or takes back one reaction of the acting user.
type ReactInput struct {
	Room  string
	Seq   int64
	Emoji string // one emoji
	On    bool
}

// React sets whether the acting user's reaction is on a message (MessageChanged); setting what is set is no error, no
// rev and no event. Errors: NotFound (room, or a message that is not there or deleted), Forbidden (not a member,
// archived), Conflict (a kind beyond MaxReactions), Invalid (Field emoji), Blocked.
func (s *Service) React(ctx context.Context, by Session, in ReactInput) (Message, error) {
	if !isEmoji(in.Emoji) {
		return Message{}, invalidField("emoji", "A reaction is one emoji.")
	}
	t := target{event: "reaction:set", room: in.Room, seq: in.Seq}
	return s.changeMessage(ctx, by, t, func(tx Tx, c *change) (bool, error) {
		if err := c.alive(tx); err != nil {
			return false, err
		}
		reactions, err := setReaction(c.message.Reactions, c.me.ID, in.Emoji, in.On)
		if err != nil || reactions == nil {
			return false, err
		}
		c.message.Reactions = reactions
		return true, nil
	})
}

// setReaction is the reactions with one set or taken back, nil if nothing changes by that.
func setReaction(all []Reaction, user ID, emoji string, on bool) ([]Reaction, error) {
	kind := slices.IndexFunc(all, func(r Reaction) bool { return r.Emoji == emoji })
	set := kind >= 0 && slices.Contains(all[kind].Users, user)
	if set == on {
		return nil, nil
	}
	all = slices.Clone(all)
	switch {
	case kind < 0 && len(all) >= MaxReactions:
		return nil, Errorf(Conflict, "A message has at most %d different reactions.", MaxReactions)
	case kind < 0:
		return append(all, Reaction{Emoji: emoji, Users: []ID{user}}), nil
	case on:
		all[kind].Users = append(slices.Clone(all[kind].Users), user)
		return all, nil
	case len(all[kind].Users) == 1:
		return slices.Delete(all, kind, kind+1), nil
	}
	all[kind].Users = slices.DeleteFunc(slices.Clone(all[kind].Users), func(id ID) bool { return id == user })
	return all, nil
}
