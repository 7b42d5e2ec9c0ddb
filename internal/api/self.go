package api

import (
	"context"

	"parley/internal/chat"
	"parley/internal/wire"
)

func (t *Table) updateUser(ctx context.Context, by chat.Session, in wire.UpdateUserRequest) (wire.ProfileAnswer, error) {
	me, err := t.chat.UpdateUser(ctx, by, chat.UpdateUserInput{
		DisplayName: in.DisplayName, Avatar: in.Avatar, Bio: in.Bio, Prefs: in.Prefs,
	})
	if err != nil {
		return wire.ProfileAnswer{}, err
	}
	return wire.ProfileAnswer{User: wire.FromMe(me)}, nil
}

func (t *Table) setNotify(ctx context.Context, by chat.Session, in wire.NotifyRequest) (wire.Accepted, error) {
	return wire.Accepted{}, t.chat.SetNotify(ctx, by, chat.NotifyInput{
		Room: in.Room, Level: chat.NotifyLevel(in.Level), MutedUntil: in.MutedUntil.Time,
	})
}

func (t *Table) setDraft(ctx context.Context, by chat.Session, in wire.DraftRequest) (wire.Accepted, error) {
	if in.Body == nil {
		return wire.Accepted{}, &wire.FieldError{Field: "body", Want: "a string"}
	}
	return wire.Accepted{}, t.chat.SetDraft(ctx, by, in.Room, *in.Body)
}

func (t *Table) setBlock(ctx context.Context, by chat.Session, in wire.BlockRequest) (wire.Accepted, error) {
	if in.On == nil {
		return wire.Accepted{}, errOn()
	}
	return wire.Accepted{}, t.chat.SetBlock(ctx, by, in.User, *in.On)
}

func (t *Table) listSessions(ctx context.Context, by chat.Session, _ wire.Empty) (wire.SessionsAnswer, error) {
	devices, err := t.chat.Devices(ctx, by)
	if err != nil {
		return wire.SessionsAnswer{}, err
	}
	return wire.SessionsAnswer{Sessions: wire.FromDevices(devices)}, nil
}

func (t *Table) revoke(ctx context.Context, by chat.Session, in wire.RevokeRequest) (wire.Accepted, error) {
	return wire.Accepted{}, t.chat.Revoke(ctx, by, chat.RevokeInput{Session: in.Session, Others: in.Others})
}
