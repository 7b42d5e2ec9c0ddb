package api

import (
	"context"

	"parley/internal/chat"
	"parley/internal/wire"
)

func (t *Table) updateServer(ctx context.Context, by chat.Session, in wire.UpdateServerRequest) (wire.ServerAnswer, error) {
	server, err := t.chat.UpdateServer(ctx, by, chat.UpdateServerInput{
		Name: in.Name, Registration: (*chat.Registration)(in.Registration), SetUp: in.SetUp,
	})
	if err != nil {
		return wire.ServerAnswer{}, err
	}
	return wire.ServerAnswer{Server: wire.FromServer(server)}, nil
}
