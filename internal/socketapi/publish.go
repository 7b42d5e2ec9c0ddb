package socketapi

import (
	"time"

	"parley/internal/chat"
	"parley/internal/wire"
)

// Publish sends what the chat has committed to the sockets that may see it. It
// is called in commit order, one event at a time, which keeps the revs of a room
// in order on every connection.
func (a *API) Publish(event chat.Event) {
	switch e := event.(type) {
	case chat.MessageCreated:
		a.message(wire.MessageNew, e.Message)
		a.reached(e.Message, e.Kind)
	case chat.MessageChanged:
		a.message(wire.MessageChanged, e.Message)
	case chat.RoomChanged:
		a.emit(a.members(e.Room.ID), wire.RoomChanged, wire.RoomPush{Rev: e.Rev, Room: wire.FromRoom(e.Room)})
	case chat.RoomCreated:
		for _, member := range e.Heads {
			a.memberEntered(member.User, e.By, member.Head, e.Rev)
		}
	case chat.MemberJoined:
		a.memberEntered(e.User.ID, e.By, e.Head, e.Rev)
		a.emit(a.members(e.Head.Room.ID).but(userRoom(e.User.ID)), wire.MemberChanged, wire.MemberPush{
			Room: wire.ID(e.Head.Room.ID), Rev: e.Rev, User: wire.FromShortUser(e.User), Role: string(e.Role), Joined: true,
		})
	case chat.MemberChanged:
		a.emit(a.members(e.Room), wire.MemberChanged, wire.MemberPush{
			Room: wire.ID(e.Room), Rev: e.Rev, User: wire.FromShortUser(e.User), Role: string(e.Role),
		})
	case chat.MemberLeft:
		a.memberLeft(e)
	case chat.HeadChanged:
		a.emit(a.user(e.User), wire.RoomHead, wire.FromHead(e.Head, e.User))
	case chat.DraftChanged:
		a.emit(a.user(e.User).but(sessionRoom(e.Session)), wire.DraftChanged, wire.FromDraft(e.Draft))
	case chat.ReadMoved:
		a.readMoved(e)
	case chat.Delivered:
		push := wire.ReadPush{Room: wire.ID(e.Room), User: wire.ID(e.User), Seq: e.Seq}
		for _, peer := range e.Peers {
			a.emit(a.user(peer), wire.Delivered, push)
		}
	case chat.SessionsRevoked:
		a.people.with(e.User, func() { a.revoke(e) })
	case chat.UserChanged:
		a.userChanged(e)
	case chat.ServerChanged:
		a.emit(a.members(a.chat.Everyone()), wire.ServerChanged, wire.FromServer(e.Server))
	}
}

// message sends a message twice: with its cid to the author's sockets that are
// in the room, without it to all others there. An author may have left. Those who
// do not look at the room are told its head.
func (a *API) message(event string, m chat.Message) {
	lookers, author := a.lookers(m.Room), userRoom(m.Author.ID)
	push := wire.MessagePush{Room: wire.ID(m.Room), Rev: m.Rev, Message: wire.FromMessage(m, 0)}
	if err := a.sockets(lookers.but(author)).Emit(event, push); err != nil {
		a.opts.Logger.Error("publish", "event", event, "error", err)
	}
	if own := a.devicesIn(m.Author.ID, m.Room); len(own) > 0 {
		push.Message = wire.FromMessage(m, m.Author.ID)
		if err := a.io.To(own...).Emit(event, push); err != nil {
			a.opts.Logger.Error("publish to its author", "event", event, "error", err)
		}
	}
	a.traces.emitted(lookers, m.Author.ID.String(), event, push)
	a.headChanged(m.Room)
}

// devicesIn lists the sockets of a person that are told all of a room, by id. What is emitted to them as rooms, and not
// to each alone, waits for the loop's next round, where it leaves together with the acknowledgement of the send.
func (a *API) devicesIn(user, room chat.ID) []string {
	var ids []string
	lookers := chatRoom(room)
	for s := range a.io.In(userRoom(user)).Sockets() {
		if s.Joined(lookers) {
			ids = append(ids, s.ID())
		}
	}
	return ids
}

func (a *API) memberEntered(user chat.ID, by chat.ShortUser, head chat.Head, rev int64) {
	a.people.with(user, func() {
		for s := range a.sockets(a.user(user)).Sockets() {
			_ = s.Join(connOf(s).roomOf(head.Room)) // or it is gone
		}
		push := wire.RoomNewPush{Head: wire.FromHead(head, user), Rev: rev}
		if by.ID != user {
			short := wire.FromShortUser(by)
			push.By = &short
		}
		a.emit(a.user(user), wire.RoomNew, push)
	})
}

func (a *API) memberLeft(e chat.MemberLeft) {
	a.people.with(e.User.ID, func() {
		for s := range a.sockets(a.user(e.User.ID)).Sockets() {
			delete(connOf(s).focused, e.Room)
			s.Leave(chatRoom(e.Room), headRoom(e.Room))
		}
		a.emit(a.user(e.User.ID), wire.RoomRemoved, wire.RemovedPush{Room: wire.ID(e.Room), Reason: string(e.Reason)})
	})
	a.emit(a.members(e.Room), wire.MemberChanged, wire.MemberPush{
		Room: wire.ID(e.Room), Rev: e.Rev, User: wire.FromShortUser(e.User), Left: true,
	})
}

func (a *API) readMoved(e chat.ReadMoved) {
	push := wire.ReadPush{Room: wire.ID(e.Room), User: wire.ID(e.User), Seq: e.Seq}
	a.emit(a.user(e.User).but(sessionRoom(e.Session)), wire.ReadChanged, push)
	for _, peer := range e.Peers {
		a.emit(a.user(peer), wire.ReadChanged, push)
	}
}

// userChanged shows a person to everybody, and with what is theirs alone to
// their own devices. What they show of themselves changes with it.
func (a *API) userChanged(e chat.UserChanged) {
	switch e.Viewer {
	case 0:
		a.showUser(e.User, e.Blockers)
	case e.User.ID:
	default:
		a.emit(a.user(e.Viewer), wire.UserChanged, wire.UserPush{User: wire.FromUser(e.User)})
		return
	}
	a.people.with(e.User.ID, func() {
		a.presence.show(e.User.ID, e.User.Presence)
		for s := range a.io.In(userRoom(e.User.ID)).Sockets() {
			connOf(s).showTyping(e.User.Typing)
		}
	})
	a.emit(a.user(e.User.ID), wire.UserChanged, wire.MePush{User: wire.FromMe(e.User)})
}

// showUser shows a person to all others: as blocked to who has blocked them.
func (a *API) showUser(user chat.User, blockers []chat.ID) {
	special := []string{userRoom(user.ID)}
	for _, blocker := range blockers {
		special = append(special, userRoom(blocker))
	}
	a.emit(a.members(a.chat.Everyone()).but(special...), wire.UserChanged, wire.UserPush{User: wire.FromUser(user)})
	user.Blocked = true
	for _, blocker := range blockers {
		a.emit(a.user(blocker), wire.UserChanged, wire.UserPush{User: wire.FromUser(user)})
	}
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
