package socketapi

import (
	"slices"
	"time"

	"parley/internal/chat"
	"parley/internal/wire"
	"parley/socketio"
)

// Publish sends what the chat has committed to the sockets that may see it. It
// is called in commit order, one event at a time, which keeps the revs of a room
// in order on every connection.
func (a *API) Publish(event chat.Event) {
	switch e := event.(type) {
	case chat.MessageCreated:
		a.message(wire.MessageNew, e.Message)
	case chat.MessageChanged:
		a.message(wire.MessageChanged, e.Message)
	case chat.RoomChanged:
		a.emit(wire.RoomChanged, wire.RoomPush{Rev: e.Rev, Room: wire.FromRoom(e.Room)}, chatRoom(e.Room.ID), "")
	case chat.RoomCreated:
		for _, member := range e.Heads {
			a.memberEntered(member.User, member.Head, e.Rev)
		}
	case chat.MemberJoined:
		a.memberEntered(e.User.ID, e.Head, e.Rev)
		a.emit(wire.MemberChanged, wire.MemberPush{
			Room: wire.ID(e.Head.Room.ID), Rev: e.Rev, User: wire.FromShortUser(e.User), Role: string(e.Role),
		}, chatRoom(e.Head.Room.ID), userRoom(e.User.ID))
	case chat.MemberChanged:
		a.emit(wire.MemberChanged, wire.MemberPush{
			Room: wire.ID(e.Room), Rev: e.Rev, User: wire.FromShortUser(e.User), Role: string(e.Role),
		}, chatRoom(e.Room), "")
	case chat.MemberLeft:
		a.memberLeft(e)
	case chat.HeadChanged:
		a.emit(wire.RoomHead, wire.FromHead(e.Head, e.User), userRoom(e.User), "")
	case chat.DraftChanged:
		a.emit(wire.DraftChanged, wire.FromDraft(e.Draft), userRoom(e.User), sessionRoom(e.Session))
	case chat.ReadMoved:
		a.readMoved(e)
	case chat.SessionsRevoked:
		a.people.with(e.User, func() { a.revoke(e) })
	case chat.UserChanged:
		a.userChanged(e)
	}
}

// emit sends an event to a room but for the sockets in another, if one is named.
func (a *API) emit(event string, payload any, room, except string) {
	target := a.io.To(room)
	if except != "" {
		target = target.Except(except)
	}
	if err := target.Emit(event, payload); err != nil {
		a.opts.Logger.Error("publish", "event", event, "error", err)
	}
}

// message sends a message twice: with its cid to the author's sockets that are
// in the room, without it to all others there. An author may have left.
func (a *API) message(event string, m chat.Message) {
	room, author := chatRoom(m.Room), userRoom(m.Author.ID)
	push := wire.MessagePush{Room: wire.ID(m.Room), Rev: m.Rev, Message: wire.FromMessage(m, 0)}
	a.emit(event, push, room, author)
	push.Message = wire.FromMessage(m, m.Author.ID)
	for s := range a.io.In(author).Sockets() {
		if slices.Contains(s.Rooms(), room) {
			a.tell(s, event, push)
		}
	}
}

// tell sends an event to one socket.
func (a *API) tell(s *socketio.Socket, event string, payload any) {
	if err := unlessGone(s.Emit(event, payload)); err != nil {
		a.opts.Logger.Warn("send to a socket", "event", event, "error", err)
	}
}

func (a *API) memberEntered(user chat.ID, head chat.Head, rev int64) {
	a.people.with(user, func() {
		if err := a.io.In(userRoom(user)).SocketsJoin(chatRoom(head.Room.ID)); err != nil {
			a.opts.Logger.Error("join a room", "error", err)
		}
		a.emit(wire.RoomNew, wire.RoomNewPush{Head: wire.FromHead(head, user), Rev: rev}, userRoom(user), "")
	})
}

func (a *API) memberLeft(e chat.MemberLeft) {
	room, user := chatRoom(e.Room), userRoom(e.User.ID)
	a.people.with(e.User.ID, func() {
		if err := a.io.In(user).SocketsLeave(room); err != nil {
			a.opts.Logger.Error("leave a room", "error", err)
		}
		a.emit(wire.RoomRemoved, wire.RemovedPush{Room: wire.ID(e.Room), Reason: string(e.Reason)}, user, "")
	})
	a.emit(wire.MemberChanged, wire.MemberPush{
		Room: wire.ID(e.Room), Rev: e.Rev, User: wire.FromShortUser(e.User), Left: true,
	}, room, "")
}

func (a *API) readMoved(e chat.ReadMoved) {
	push := wire.ReadPush{Room: wire.ID(e.Room), User: wire.ID(e.User), Seq: e.Seq}
	a.emit(wire.ReadChanged, push, userRoom(e.User), sessionRoom(e.Session))
	for _, peer := range e.Peers {
		a.emit(wire.ReadChanged, push, userRoom(peer), "")
	}
}

// userChanged shows a person to everybody, and with what is theirs alone to
// their own devices.
func (a *API) userChanged(e chat.UserChanged) {
	if e.Viewer != 0 {
		a.emit(wire.UserChanged, wire.UserPush{User: wire.FromUser(e.User)}, userRoom(e.Viewer), "")
		return
	}
	own := userRoom(e.User.ID)
	a.emit(wire.UserChanged, wire.UserPush{User: wire.FromUser(e.User)}, chatRoom(a.chat.Everyone()), own)
	a.emit(wire.UserChanged, wire.MePush{User: wire.FromMe(e.User)}, own, "")
}

// revoke cuts the sockets of sessions that are over, but for one that is in the
// middle of its own logout and cuts itself.
func (a *API) revoke(e chat.SessionsRevoked) {
	room := userRoom(e.User)
	if e.Session != 0 {
		room = sessionRoom(e.Session)
	}
	for s := range a.io.In(room).Sockets() {
		if !connOf(s).exit.CompareAndSwap(leaving, passed) {
			a.cut(s, e.Reason)
		}
	}
}

// announceDrain tells every socket to come back, each at a different time, so
// that they do not all come at once.
func (a *API) announceDrain() {
	const soonest = 500 * time.Millisecond
	count := a.io.Len()
	spread := max(time.Second, time.Duration(count)*time.Millisecond)
	retry := soonest
	for s := range a.io.Sockets() {
		retry += spread / time.Duration(max(count, 1))
		if err := unlessGone(s.Emit(wire.ServerDraining, wire.DrainingPush{RetryMS: retry.Milliseconds()})); err != nil {
			a.opts.Logger.Debug("announce the drain", "error", err)
		}
	}
}
