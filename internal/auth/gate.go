package auth

import (
	"context"
	"net"

	"parley/internal/chat"
)

// Gate is the one way to log in, whatever the edge: it throttles, then asks
// the chat.
type Gate struct {
	Chat     *chat.Service
	Throttle *Throttle
}

// Login opens a session for the client at in.Address ("host:port"). shown is the
// session token that the client carries already, or ""; if it is live and of the
// account that logs in, wrong guesses of others do not slow the client down.
// Errors are those of chat.Service.Login and rate_limited.
func (g *Gate) Login(ctx context.Context, in chat.LoginInput, shown string) (chat.LoginResult, error) {
	name := chat.NameKey(in.Name)
	giveBack, err := g.Throttle.Attempt(AddressOf(in.Address), name, g.deviceOf(ctx, shown, name))
	if err != nil {
		return chat.LoginResult{}, err
	}
	if host, _, err := net.SplitHostPort(in.Address); err == nil {
		in.Address = host
	}
	result, err := g.Chat.Login(ctx, in)
	if code := chat.CodeOf(err); code == "" || code == chat.Unavailable {
		giveBack()
	}
	return result, err
}

// deviceOf is the live session of the account with this name whose token the
// client has shown, or 0.
func (g *Gate) deviceOf(ctx context.Context, shown, name string) chat.ID {
	if shown == "" {
		return 0
	}
	session, err := g.Chat.Authenticate(ctx, shown)
	if err != nil {
		return 0
	}
	me, err := g.Chat.Me(ctx, session)
	if err != nil || me.Name != name {
		return 0
	}
	return session.ID
}
