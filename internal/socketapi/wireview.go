package socketapi

import (
	"context"

	"parley/internal/chat"
	"parley/internal/wire"
)

// watchWire shows the socket what reaches whom from now on.
func (a *API) watchWire(ctx context.Context, c *conn, _ wire.Empty) (wire.Accepted, error) {
	if _, err := a.viewer(ctx, c); err != nil {
		return wire.Accepted{}, err
	}
	a.traces.add(c)
	return wire.Accepted{}, nil
}

func (a *API) leaveWire(_ context.Context, c *conn, _ wire.Empty) (wire.Accepted, error) {
	a.traces.remove(c)
	return wire.Accepted{}, nil
}

// wave sends an event that changes nothing, so that the wire view has something
// to show. It may be lost.
func (a *API) wave(ctx context.Context, c *conn, in wire.WaveRequest) (wire.Accepted, error) {
	me, err := a.viewer(ctx, c)
	if err != nil {
		return wire.Accepted{}, err
	}
	to, err := a.waveTo(ctx, c, in)
	if err != nil {
		return wire.Accepted{}, err
	}
	push := wire.WavePush{User: wire.FromShortUser(me.Short())}
	a.traces.emitted(to, aliasOf(c), wire.WireWave, push)
	return wire.Accepted{}, a.sockets(to).Volatile().Emit(wire.WireWave, push)
}

// waveTo is whom a wave reaches. But me means but this socket: a second device
// of the same person is another one.
func (a *API) waveTo(ctx context.Context, c *conn, in wire.WaveRequest) (audience, error) {
	own := c.socket.ID()
	switch in.Scope {
	case wire.ScopeSelf:
		return audience{scope: wire.ScopeSelf, user: c.session.User, rooms: []string{own}}, nil
	case wire.ScopeAll:
		return a.members(a.chat.Everyone()), nil
	case wire.ScopeAllButMe:
		return a.members(a.chat.Everyone()).but(own), nil
	case wire.ScopeRoom, wire.ScopeRoomButMe:
	default:
		return audience{}, &wire.FieldError{Field: "scope", Want: "self, room, room_but_me, all_but_me or all"}
	}
	found, err := a.chat.TypingIn(ctx, c.session, string(in.Room), nil) // whoever may tell it of typing may wave
	if err != nil {
		return audience{}, err
	}
	to := a.members(found.Room)
	if in.Scope == wire.ScopeRoomButMe {
		to = to.but(own)
	}
	return to, nil
}

// viewer is the user of a socket, if the server shows them the wire view. Error:
// Forbidden.
func (a *API) viewer(ctx context.Context, c *conn) (chat.User, error) {
	me, err := a.chat.Me(ctx, c.session)
	if err != nil {
		return chat.User{}, err
	}
	return me, mayWatch(a.opts.WireView, me.Role)
}
