package socketapi

import (
	"parley/internal/chat"
	"parley/internal/wire"
	"parley/socketio"
)

// audience is who an event is for.
type audience struct {
	scope  string  // as the wire view shows it
	room   chat.ID // whose members they are; 0 = none
	user   chat.ID // whose devices they are; 0 = nobody's in particular
	rooms  []string
	except []string
}

// user means all devices of a person.
func (a *API) user(id chat.ID) audience {
	return audience{scope: wire.ScopeOne, user: id, rooms: []string{userRoom(id)}}
}

// members means all devices of the members of a room, whether they look at it
// or not.
func (a *API) members(room chat.ID) audience {
	return audience{scope: a.scopeOf(room), room: room, rooms: []string{chatRoom(room), headRoom(room)}}
}

// lookers means the devices of members that are told all of a room.
func (a *API) lookers(room chat.ID) audience {
	return audience{scope: a.scopeOf(room), room: room, rooms: []string{chatRoom(room)}}
}

// scopeOf is how a room counts: the one that everybody belongs to is everybody.
func (a *API) scopeOf(room chat.ID) string {
	if room == a.chat.Everyone() {
		return wire.ScopeAll
	}
	return wire.ScopeRoom
}

// but leaves out people, or one session of theirs.
func (x audience) but(rooms ...string) audience {
	x.except = rooms
	switch x.scope {
	case wire.ScopeAll:
		x.scope = wire.ScopeAllButMe
	case wire.ScopeRoom:
		x.scope = wire.ScopeRoomButMe
	}
	return x
}

// sockets are those of an audience that are connected.
func (a *API) sockets(x audience) socketio.BroadcastOperator {
	return a.io.To(x.rooms...).Except(x.except...)
}

// emit sends an event to an audience.
func (a *API) emit(to audience, event string, payload any) {
	if err := a.sockets(to).Emit(event, payload); err != nil {
		a.opts.Logger.Error("publish", "event", event, "error", err)
	}
	a.traces.emitted(to, "", event, payload)
}

// tell sends an event to one socket.
func (a *API) tell(s *socketio.Socket, event string, payload any) {
	if err := unlessGone(s.Emit(event, payload)); err != nil {
		a.opts.Logger.Warn("send to a socket", "event", event, "error", err)
	}
	a.traces.told(s, event, payload)
}
