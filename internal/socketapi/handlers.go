package socketapi

import (
	"context"

	"parley/internal/api"
	"parley/internal/chat"
	"parley/internal/wire"
	"parley/socketio"
)

// register names every event and who handles it: those of the table, and those
// that are about sockets.
func (a *API) register() {
	a.table.Offer(wire.AuthLogin)
	a.io.HandleFunc(wire.AuthLogin, a.handleLogin)
	a.table.Offer(wire.AuthLogout)
	a.io.HandleFunc(wire.AuthLogout, a.handleLogout)
	a.io.HandleUnknown(socketio.HandlerFunc(a.unknown))

	api.On(a.table, wire.PresenceSet, a.setPresence)
	api.OnRead(a.table, wire.MessageRoute, a.route)
	for endpoint := range a.table.Endpoints() {
		handle := a.endpoint(endpoint)
		if endpoint.Event == wire.SessionRevoke {
			handle = a.answerFirst(handle)
		}
		a.io.Handle(endpoint.Event, handle)
	}
	on(a, wire.Typing, a.typing)
	on(a, wire.PresenceWatch, a.watchPresence)
	on(a, wire.RoomFocus, a.focusRoom)
	on(a, wire.RoomBlur, a.blurRoom)
	on(a, wire.WireOn, a.watchWire)
	on(a, wire.WireOff, a.leaveWire)
	on(a, wire.WireWave, a.wave)
}

// typing tells a room that someone writes in it, all but their own sockets and
// those who do not want to know, if it was not told a moment ago. Of those who do
// not show it nothing is told.
func (a *API) typing(ctx context.Context, c *conn, in wire.TypingRequest) (wire.Accepted, error) {
	by := c.session
	typing, err := a.chat.TypingIn(ctx, by, string(in.Room), in.To)
	if err != nil {
		return wire.Accepted{}, err
	}
	if typing.Room == 0 || typing.Hidden || a.limits.typing.Take(typist{user: by.User, room: typing.Room}) > 0 {
		return wire.Accepted{}, nil
	}
	others := a.members(typing.Room).but(userRoom(by.User), quietRoom)
	push := wire.TypingPush{
		Room:  wire.ID(typing.Room),
		User:  wire.FromShortUser(typing.User),
		TTLMS: typingTTL.Milliseconds(),
	}
	a.traces.emitted(others, aliasOf(c), wire.Typing, push)
	return wire.Accepted{}, a.sockets(others).Volatile().Emit(wire.Typing, push)
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
