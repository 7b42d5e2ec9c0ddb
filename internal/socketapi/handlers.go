package socketapi

import (
	"context"

	"parley/internal/chat"
	"parley/internal/wire"
	"parley/socketio"
)

// register names every event and who handles it.
func (a *API) register() {
	a.io.HandleFunc(wire.AuthLogin, a.handleLogin)
	a.io.HandleFunc(wire.AuthLogout, a.handleLogout)
	a.io.HandleUnknown(socketio.HandlerFunc(a.unknown))

	on(a, wire.Sync, a.sync)
	on(a, wire.MessageSend, a.send)
	on(a, wire.RoomHistory, a.history)
	on(a, wire.RoomChanges, a.changes)
	on(a, wire.RoomList, a.listRooms)
	on(a, wire.RoomCreate, a.createRoom)
	on(a, wire.RoomJoin, a.joinRoom)
	on(a, wire.RoomLeave, a.leaveRoom)
	on(a, wire.RoomInvite, a.invite)
	on(a, wire.RoomMembers, a.members)
	on(a, wire.ReadSet, a.setRead)
	on(a, wire.UserList, a.listUsers)
	on(a, wire.Typing, a.typing)
	on(a, wire.PresenceSet, a.setPresence)
	onSocket(a, wire.PresenceWatch, a.watchPresence)
}

func (a *API) sync(ctx context.Context, by chat.Session, _ wire.Empty) (wire.SyncAnswer, error) {
	state, err := a.chat.Sync(ctx, by)
	if err != nil {
		return wire.SyncAnswer{}, err
	}
	return wire.SyncAnswer{Me: wire.FromUser(state.Me), Rooms: wire.FromHeads(state.Rooms, by.User)}, nil
}

func (a *API) send(ctx context.Context, by chat.Session, in wire.SendRequest) (wire.SendAnswer, error) {
	files := make([]string, len(in.Files))
	for i, id := range in.Files {
		files[i] = id.String()
	}
	sent, err := a.chat.Send(ctx, by, chat.SendInput{
		Room: string(in.Room), To: in.To, CID: in.CID, Body: in.Body, ReplyTo: in.ReplyTo, Files: files,
	})
	if err != nil {
		return wire.SendAnswer{}, err
	}
	return wire.SendAnswer{Message: wire.FromMessage(sent.Message, by.User), Duplicate: sent.Duplicate}, nil
}

func (a *API) history(ctx context.Context, by chat.Session, in wire.HistoryRequest) (wire.HistoryAnswer, error) {
	page, err := a.chat.History(ctx, by, chat.HistoryInput{
		Room: in.Room, Before: in.Before, After: in.After, Around: in.Around, Limit: in.Limit,
	})
	if err != nil {
		return wire.HistoryAnswer{}, err
	}
	return wire.HistoryAnswer{Messages: wire.FromMessages(page.Messages, by.User), First: page.First, Last: page.Last}, nil
}

func (a *API) changes(ctx context.Context, by chat.Session, in wire.ChangesRequest) (wire.ChangesAnswer, error) {
	if in.Since == nil {
		return wire.ChangesAnswer{}, &wire.FieldError{Field: "since", Want: "a whole number"}
	}
	page, err := a.chat.Changes(ctx, by, chat.ChangesInput{Room: in.Room, Since: *in.Since, Limit: in.Limit})
	if err != nil {
		return wire.ChangesAnswer{}, err
	}
	answer := wire.ChangesAnswer{
		Messages:       wire.FromMessages(page.Messages, by.User),
		ToRev:          page.ToRev,
		More:           page.More,
		MembersChanged: page.MembersChanged,
		Reset:          page.Reset,
	}
	if page.Room != nil {
		room := wire.FromRoom(*page.Room)
		answer.Room = &room
	}
	return answer, nil
}

func (a *API) listRooms(ctx context.Context, by chat.Session, in wire.ListRequest) (wire.RoomsAnswer, error) {
	page, err := a.chat.ListRooms(ctx, by, chat.ListInput{Query: in.Query, Cursor: in.Cursor})
	if err != nil {
		return wire.RoomsAnswer{}, err
	}
	return wire.RoomsAnswer{Rooms: wire.FromListedRooms(page.Rooms), Cursor: page.Cursor}, nil
}

func (a *API) createRoom(ctx context.Context, by chat.Session, in wire.CreateRoomRequest) (wire.RoomAnswer, error) {
	return roomAnswer(a.chat.CreateRoom(ctx, by, chat.CreateRoomInput{
		Name: in.Name, Topic: in.Topic, Private: in.Private, Members: in.Members,
	}))
}

func (a *API) joinRoom(ctx context.Context, by chat.Session, in wire.RoomRequest) (wire.RoomAnswer, error) {
	return roomAnswer(a.chat.JoinRoom(ctx, by, in.Room))
}

func (a *API) leaveRoom(ctx context.Context, by chat.Session, in wire.RoomRequest) (wire.RoomAnswer, error) {
	return roomAnswer(a.chat.LeaveRoom(ctx, by, in.Room))
}

func (a *API) invite(ctx context.Context, by chat.Session, in wire.InviteRequest) (wire.RoomAnswer, error) {
	return roomAnswer(a.chat.Invite(ctx, by, in.Room, in.Users))
}

func roomAnswer(room chat.Room, err error) (wire.RoomAnswer, error) {
	if err != nil {
		return wire.RoomAnswer{}, err
	}
	return wire.RoomAnswer{Room: wire.FromRoom(room)}, nil
}

func (a *API) members(ctx context.Context, by chat.Session, in wire.MembersRequest) (wire.MembersAnswer, error) {
	page, err := a.chat.Members(ctx, by, in.Room, in.Cursor)
	if err != nil {
		return wire.MembersAnswer{}, err
	}
	return wire.MembersAnswer{Members: wire.FromMembers(page.Members), Cursor: page.Cursor}, nil
}

func (a *API) setRead(ctx context.Context, by chat.Session, in wire.ReadRequest) (wire.ReadAnswer, error) {
	if in.Seq == nil {
		return wire.ReadAnswer{}, &wire.FieldError{Field: "seq", Want: "a whole number"}
	}
	mark, err := a.chat.SetRead(ctx, by, chat.SetReadInput{Room: in.Room, Seq: *in.Seq, Unread: in.Unread})
	if err != nil {
		return wire.ReadAnswer{}, err
	}
	return wire.ReadAnswer{ReadSeq: mark.ReadSeq, Unread: mark.Unread}, nil
}

func (a *API) listUsers(ctx context.Context, by chat.Session, in wire.ListRequest) (wire.UsersAnswer, error) {
	page, err := a.chat.ListUsers(ctx, by, chat.ListInput{Query: in.Query, Cursor: in.Cursor})
	if err != nil {
		return wire.UsersAnswer{}, err
	}
	return wire.UsersAnswer{Users: wire.FromUsers(page.Users), Cursor: page.Cursor}, nil
}

// typing tells a room that someone writes in it, all but their own sockets, if
// it was not told a moment ago.
func (a *API) typing(ctx context.Context, by chat.Session, in wire.TypingRequest) (wire.Accepted, error) {
	typing, err := a.chat.TypingIn(ctx, by, string(in.Room), in.To)
	if err != nil {
		return wire.Accepted{}, err
	}
	if typing.Room == 0 || a.limits.typing.Take(typist{user: by.User, room: typing.Room}) > 0 {
		return wire.Accepted{}, nil
	}
	return wire.Accepted{}, a.io.To(chatRoom(typing.Room)).Except(userRoom(by.User)).Volatile().Emit(wire.Typing, wire.TypingPush{
		Room:  wire.ID(typing.Room),
		User:  wire.FromShortUser(typing.User),
		TTLMS: typingTTL.Milliseconds(),
	})
}

func (a *API) setPresence(_ context.Context, by chat.Session, in wire.PresenceRequest) (wire.Accepted, error) {
	switch in.State {
	case stateOnline, stateAway, stateDND:
		a.presence.set(by.User, in.State)
		return wire.Accepted{}, nil
	}
	return wire.Accepted{}, &wire.FieldError{Field: "state", Want: "online, away or dnd"}
}

// watchPresence replaces the people whose presence the socket is told of.
func (a *API) watchPresence(ctx context.Context, c *conn, in wire.WatchRequest) (wire.WatchAnswer, error) {
	if len(in.Users) == 0 {
		return wire.WatchAnswer{States: a.presence.watch(c, nil)}, nil
	}
	users, err := a.chat.Users(ctx, c.session, in.Users)
	if err != nil {
		return wire.WatchAnswer{}, err
	}
	return wire.WatchAnswer{States: a.presence.watch(c, users)}, nil
}
