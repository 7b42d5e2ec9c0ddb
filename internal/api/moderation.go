package api

import (
	"context"

	"parley/internal/chat"
	"parley/internal/wire"
)

func (t *Table) kick(ctx context.Context, by chat.Session, in wire.KickRequest) (wire.RoomAnswer, error) {
	return roomAnswer(t.chat.Kick(ctx, by, in.Room, in.User))
}

func (t *Table) setRole(ctx context.Context, by chat.Session, in wire.RoleRequest) (wire.RoomAnswer, error) {
	return roomAnswer(t.chat.SetRole(ctx, by, in.Room, in.User, chat.MemberRole(in.Role)))
}

func (t *Table) updateRoom(ctx context.Context, by chat.Session, in wire.UpdateRoomRequest) (wire.RoomAnswer, error) {
	return roomAnswer(t.chat.UpdateRoom(ctx, by, chat.UpdateRoomInput{
		Room:          in.Room,
		Name:          in.Name,
		Topic:         in.Topic,
		PostPolicy:    (*chat.PostPolicy)(in.PostPolicy),
		RetentionDays: in.RetentionDays,
		Archived:      in.Archived,
	}))
}
