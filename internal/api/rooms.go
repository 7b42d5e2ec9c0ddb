package api

import (
	"context"

	"parley/internal/chat"
	"parley/internal/wire"
)

func (t *Table) listRooms(ctx context.Context, by chat.Session, in wire.ListRequest) (wire.RoomsAnswer, error) {
	page, err := t.chat.ListRooms(ctx, by, chat.ListInput{Query: in.Query, Cursor: in.Cursor})
	if err != nil {
		return wire.RoomsAnswer{}, err
	}
	return wire.RoomsAnswer{Rooms: wire.FromListedRooms(page.Rooms), Cursor: page.Cursor}, nil
}

func (t *Table) createRoom(ctx context.Context, by chat.Session, in wire.CreateRoomRequest) (wire.RoomAnswer, error) {
	return roomAnswer(t.chat.CreateRoom(ctx, by, chat.CreateRoomInput{
		Name: in.Name, Topic: in.Topic, Private: in.Private, Members: in.Members,
	}))
}

func (t *Table) joinRoom(ctx context.Context, by chat.Session, in wire.RoomRequest) (wire.RoomAnswer, error) {
	return roomAnswer(t.chat.JoinRoom(ctx, by, in.Room))
}

func (t *Table) leaveRoom(ctx context.Context, by chat.Session, in wire.RoomRequest) (wire.RoomAnswer, error) {
	return roomAnswer(t.chat.LeaveRoom(ctx, by, in.Room))
}

func (t *Table) invite(ctx context.Context, by chat.Session, in wire.InviteRequest) (wire.RoomAnswer, error) {
	return roomAnswer(t.chat.Invite(ctx, by, in.Room, in.Users))
}

func (t *Table) members(ctx context.Context, by chat.Session, in wire.MembersRequest) (wire.MembersAnswer, error) {
	page, err := t.chat.Members(ctx, by, in.Room, in.Cursor)
	if err != nil {
		return wire.MembersAnswer{}, err
	}
	return wire.MembersAnswer{Members: wire.FromMembers(page.Members), Cursor: page.Cursor}, nil
}

func roomAnswer(room chat.Room, err error) (wire.RoomAnswer, error) {
	if err != nil {
		return wire.RoomAnswer{}, err
	}
	return wire.RoomAnswer{Room: wire.FromRoom(room)}, nil
}
