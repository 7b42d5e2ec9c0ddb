package api

import (
	"context"

	"parley/internal/chat"
	"parley/internal/wire"
)

func (t *Table) sync(ctx context.Context, by chat.Session, _ wire.Empty) (wire.SyncAnswer, error) {
	state, err := t.chat.Sync(ctx, by)
	if err != nil {
		return wire.SyncAnswer{}, err
	}
	return wire.SyncAnswer{
		Me:     wire.FromMe(state.Me),
		Rooms:  wire.FromHeads(state.Rooms, by.User),
		Drafts: wire.FromDrafts(state.Drafts),
	}, nil
}

func (t *Table) listUsers(ctx context.Context, by chat.Session, in wire.ListRequest) (wire.UsersAnswer, error) {
	page, err := t.chat.ListUsers(ctx, by, chat.ListInput{Query: in.Query, Cursor: in.Cursor})
	if err != nil {
		return wire.UsersAnswer{}, err
	}
	return wire.UsersAnswer{Users: wire.FromUsers(page.Users), Cursor: page.Cursor}, nil
}

func (t *Table) getUser(ctx context.Context, by chat.Session, in wire.UserRequest) (wire.UserAnswer, error) {
	user, err := t.chat.User(ctx, by, in.User)
	if err != nil {
		return wire.UserAnswer{}, err
	}
	return wire.UserAnswer{User: wire.FromUser(user)}, nil
}
