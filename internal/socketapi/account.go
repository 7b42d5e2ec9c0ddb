package socketapi

import (
	"context"

	"parley/internal/chat"
	"parley/internal/wire"
	"parley/socketio"
)

// handleLogin is auth:login, the one event of a socket without an identity. Its
// answer comes before ready.
func (a *API) handleLogin(ctx context.Context, e *socketio.Event) error {
	c := connOf(e.Socket)
	var in wire.LoginRequest
	if err := a.read(e, &in); err != nil {
		return err
	}
	if c.loggedIn() {
		if err := a.table.Admit(c.session.User, e.Name); err != nil {
			return err
		}
		return chat.Errorf(chat.Conflict, "This connection is logged in already.")
	}
	return a.handle(ctx, func(ctx context.Context) error {
		result, err := a.logIn(ctx, c, in)
		if err != nil {
			return err
		}
		answer := wire.LoginAnswer{User: wire.FromUser(result.User), Token: result.Token, Created: result.Created}
		if err := unlessGone(e.Ack(answer)); err != nil {
			return err
		}
		return a.enter(ctx, c)
	})
}

// logIn gives a socket its session.
func (a *API) logIn(ctx context.Context, c *conn, in wire.LoginRequest) (chat.LoginResult, error) {
	result, err := a.login.Login(ctx, chat.LoginInput{
		Name:     in.Name,
		Password: in.Password,
		Invite:   in.Invite,
		AskNew:   in.AskNew,
		Client:   c.client,
		Address:  c.socket.Handshake().Address,
	}, "")
	if err != nil {
		return chat.LoginResult{}, err
	}
	if !a.limits.users.add(result.User.ID) {
		if err := a.chat.Logout(ctx, result.Session); err != nil {
			return chat.LoginResult{}, err
		}
		return chat.LoginResult{}, errTooManySockets
	}
	c.deadline.Stop()
	c.session, c.counted = result.Session, true
	return result, nil
}

// handleLogout is auth:logout. The other sockets of the session are cut by what
// the chat publishes; this one after it has its answer.
func (a *API) handleLogout(ctx context.Context, e *socketio.Event) error {
	c := connOf(e.Socket)
	if err := a.admit(c, e.Name); err != nil {
		return err
	}
	if err := a.read(e, new(wire.Empty)); err != nil {
		return err
	}
	return a.handle(ctx, func(ctx context.Context) error {
		c.exit.Store(leaving)
		if err := a.chat.Logout(ctx, c.session); err != nil {
			if !c.exit.CompareAndSwap(leaving, staying) {
				c.socket.Disconnect(true)
			}
			return err
		}
		if err := unlessGone(e.Ack(wire.Accepted{})); err != nil {
			return err
		}
		a.cut(c.socket, chat.RevokedLogout)
		return nil
	})
}

// answerFirst lets an event that may end the session it came from be answered
// before its socket is cut.
func (a *API) answerFirst(handle socketio.HandlerFunc) socketio.HandlerFunc {
	return func(ctx context.Context, e *socketio.Event) error {
		c := connOf(e.Socket)
		c.exit.Store(leaving)
		err := handle(ctx, e)
		if !c.exit.CompareAndSwap(leaving, staying) {
			a.cut(c.socket, chat.RevokedRemotely)
		}
		return err
	}
}

// cut tells a socket that its session is over, and disconnects it.
func (a *API) cut(s *socketio.Socket, reason chat.RevokeReason) {
	a.tell(s, wire.SessionRevoked, wire.RevokedPush{Reason: string(reason)})
	s.Disconnect(true)
}
