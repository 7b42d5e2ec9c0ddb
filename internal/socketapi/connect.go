package socketapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/wire"
	"parley/socketio"
)

// connect is the middleware that decides who a new socket is. It runs before
// the client is told that it is connected.
func (a *API) connect(next socketio.ConnectFunc) socketio.ConnectFunc {
	return func(ctx context.Context, s *socketio.Socket) error {
		asking, cancel := context.WithTimeout(ctx, a.opts.EventTimeout)
		defer cancel()
		c, err := a.identify(asking, s)
		if err != nil {
			return a.connectError(err)
		}
		if err := a.count(c); err != nil {
			return a.connectError(err)
		}
		s.OnDisconnect(func(socketio.Reason) { a.release(c) })
		s.SetData(c)
		return next(ctx, s)
	}
}

// identify finds the session of a new socket: of its token, else of its
// cookie. One with neither, or with a cookie that is stale, has none yet.
func (a *API) identify(ctx context.Context, s *socketio.Socket) (*conn, error) {
	handshake := s.Handshake()
	var in wire.Handshake
	if handshake.Auth != nil {
		if err := wire.Decode(handshake.Auth, &in); err != nil {
			return nil, err
		}
	}
	if in.Proto != nil && *in.Proto != wire.Proto {
		return nil, chat.Errorf(chat.Invalid, "This server speaks protocol %d.", wire.Proto)
	}
	switch in.Delivery {
	case "", "all", "focus":
	default:
		return nil, chat.Errorf(chat.Invalid, "The field delivery must be all or focus.")
	}
	c := &conn{socket: s, address: auth.AddressOf(handshake.Address), client: clientOf(in.Client, handshake.Headers), focus: in.Delivery == "focus"}
	if in.Token != "" {
		session, err := a.chat.Authenticate(ctx, in.Token)
		c.session = session
		return c, err
	}
	token := a.gate.token(s.Engine().ID(), handshake.Headers)
	if token == "" {
		return c, nil
	}
	session, err := a.chat.Authenticate(ctx, token)
	if err != nil && chat.CodeOf(err) != chat.Unauthorized {
		return nil, err
	}
	c.session = session
	return c, nil
}

// clientOf is what a client calls itself, cut to what is worth keeping for the
// life of a socket.
func clientOf(said string, headers http.Header) string {
	const most = 200 // bytes
	if said == "" {
		said = headers.Get("User-Agent")
	}
	if len(said) > most {
		said = strings.ToValidUTF8(said[:most], "")
	}
	return strings.Clone(said)
}

// count counts a socket for its address and, if it is known, its user.
func (a *API) count(c *conn) error {
	if !a.limits.addresses.add(c.address) {
		return errTooManySockets
	}
	if c.loggedIn() && !a.limits.users.add(c.session.User) {
		a.limits.addresses.remove(c.address)
		return errTooManySockets
	}
	c.counted = c.loggedIn()
	return nil
}

// release gives back what a socket has taken, at its end.
func (a *API) release(c *conn) {
	a.limits.addresses.remove(c.address)
	if c.counted {
		a.limits.users.remove(c.session.User)
	}
	if c.deadline != nil {
		c.deadline.Stop()
	}
	a.traces.remove(c)
	if c.present {
		a.presence.left(c, c.session.User)
	}
}

var errTooManySockets = &chat.Error{
	Code:    chat.RateLimited,
	Message: "Too many connections. Close some and try again.",
	Retry:   10 * time.Second,
}

// connectError is the refusal of a connection as the client sees it.
func (a *API) connectError(err error) error {
	answer, written := wire.Refuse(err)
	if !written {
		a.opts.Logger.Error("connect a socket", "error", err)
	}
	return &socketio.ConnectError{Message: answer.Error.Message, Data: wire.ConnectErrorData{Code: answer.Error.Code}}
}

// connected runs when the client knows that it is connected, before its first
// event.
func (a *API) connected(ctx context.Context, s *socketio.Socket) error {
	c := connOf(s)
	if !c.loggedIn() {
		c.deadline = time.AfterFunc(a.opts.LoginDeadline, func() { s.Disconnect(true) })
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, a.opts.EventTimeout)
	defer cancel()
	return a.enter(ctx, c)
}

// enter puts a socket that has a session into its rooms and sends it ready.
//
// The rooms of the user and the session come first: from then on whatever ends
// the session, or the membership of a room, reaches this socket, after the lock
// is free. What ready tells is read last: a message is either in it or is told.
func (a *API) enter(ctx context.Context, c *conn) error {
	var err error
	a.people.with(c.session.User, func() { err = a.enterLocked(ctx, c) })
	if err == nil || !c.socket.Connected() {
		return nil
	}
	if chat.CodeOf(err) == chat.Unauthorized { // revoked since it was looked up
		c.socket.Disconnect(true)
		return nil
	}
	// Without ready the socket is of no use; a lost connection makes the client try again.
	c.socket.Engine().Close("cannot enter")
	if errors.Is(err, context.DeadlineExceeded) || chat.CodeOf(err) == chat.Unavailable {
		a.opts.Logger.Warn("too busy to let a socket in", "user", c.session.User, "error", err)
		return nil
	}
	return fmt.Errorf("enter user %s: %w", c.session.User, err)
}

func (a *API) enterLocked(ctx context.Context, c *conn) error {
	if err := c.socket.Join(userRoom(c.session.User), sessionRoom(c.session.ID)); err != nil {
		return nil // gone already
	}
	member, err := a.chat.RoomsOf(ctx, c.session.User)
	if err != nil {
		return err
	}
	if err := c.socket.Join(c.listening(member)...); err != nil {
		return nil
	}
	state, err := a.chat.Sync(ctx, c.session)
	if err != nil {
		return err
	}
	c.narrow(state.Rooms)
	c.showTyping(state.Me.Typing)
	if first := a.presence.arrived(c.session.User, state.Me.Presence); first {
		a.routes.returned(c.session.User)
	}
	c.present = true
	a.endInTime(c)
	if err := c.socket.Emit(wire.Ready, a.ready(state)); err != nil {
		return unlessGone(err)
	}
	a.deliveredHeads(c.session.User, state.Rooms)
	return nil
}

func (a *API) ready(state chat.SyncResult) wire.ReadyPush {
	return wire.ReadyPush{
		Me:     wire.FromMe(state.Me),
		Rooms:  wire.FromHeads(state.Rooms, state.Me.ID),
		Drafts: wire.FromDrafts(state.Drafts),
		Server: wire.Server{
			ServerSettings: wire.FromServer(state.Server),

			New:     state.Server.New && state.Me.Role == chat.RoleOwner,
			Version: a.opts.Version,
			Proto:   wire.Proto,
			Epoch:   a.chat.Epoch(),
			Limits: wire.Limits{
				Body: chat.MaxBody, Files: chat.MaxFiles, FileBytes: a.opts.FileBytes,
				History: chat.MaxHistory, Changes: chat.MaxChanges,
			},
		},
	}
}
