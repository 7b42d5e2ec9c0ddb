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
	return wire.SyncAnswer{Me: wire.FromUser(state.Me), Rooms: wire.FromHeads(state.Rooms, by.User)}, nil
}

func (t *Table) listUsers(ctx context.Context, by chat.Session, in wire.ListRequest) (wire.UsersAnswer, error) {
	page, err := t.chat.ListUsers(ctx, by, chat.ListInput{Query: in.Query, Cursor: in.Cursor})
	if err != nil {
		return wire.UsersAnswer{}, err
	}
	return wire.UsersAnswer{Users: wire.FromUsers(page.Users), Cursor: page.Cursor}, nil
}
