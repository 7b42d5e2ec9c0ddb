package socketio

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
)

// RemoteSocket describes a socket of any server, as it was when it was asked
// for.
type RemoteSocket struct {
	ID        string          `json:"id"`
	Server    string          `json:"server"` // id of the server that it is connected to
	Client    string          `json:"client"` // names the connection, which sockets of several namespaces may share; no secret
	Transport string          `json:"transport"`
	Handshake *Handshake      `json:"handshake"`
	Rooms     []string        `json:"rooms"`          // its own first
	Data      json.RawMessage `json:"data,omitempty"` // what Socket.Data encodes to, nil if it does not

	ns *Namespace
}

// FetchSockets describes the sockets, on all servers. Socket.Data of each is
// encoded as JSON while the socket lives: data that changes needs a
// MarshalJSON that locks, and secrets do not belong into it. If a server has
// not answered when ctx ends, the error is an *IncompleteError and the others'
// sockets are returned beside it. Without a deadline in ctx,
// Options.RequestTimeout is the limit.
func (b BroadcastOperator) FetchSockets(ctx context.Context) ([]RemoteSocket, error) {
	io := b.ns.server
	ctx, cancel := io.within(ctx)
	defer cancel()
	var all []RemoteSocket
	var failed error
	for _, n := range b.ns.actual() {
		g := newGathering()
		if c := io.cluster; c != nil && !b.local {
			m := &Message{Operation: OpFetch}
			b.address(n, m)
			forget, err := c.ask(ctx, g, m)
			defer forget()
			failed = errors.Join(failed, err)
		}
		failed = errors.Join(failed, g.wait(ctx))
		for _, s := range append(n.describe(b.sel), g.sockets...) {
			s.ns = n
			all = append(all, s)
		}
	}
	return all, failed
}

// describe describes a selection of this server's sockets.
func (n *Namespace) describe(sel selection) []RemoteSocket {
	var list []RemoteSocket
	for s := range n.sockets(sel) {
		if s.Connected() {
			list = append(list, s.Describe())
		}
	}
	return list
}

// Describe describes the socket as [BroadcastOperator.FetchSockets] does.
func (s *Socket) Describe() RemoteSocket {
	d := RemoteSocket{
		ID: s.id, Server: s.ns.server.ID(), Client: clientOf(s.session.ID()), Transport: s.session.Transport(),
		Handshake: s.Handshake(), Rooms: s.Rooms(), ns: s.ns,
	}
	err := guard(func() (err error) {
		d.Data, err = json.Marshal(s.Data())
		return err
	})
	if err != nil || string(d.Data) == "null" {
		d.Data = nil
	}
	return d
}

// clientOf names a session without telling its id.
func clientOf(session string) string {
	const length = 9 // bytes, which 12 characters hold
	sum := sha256.Sum256([]byte(session))
	return base64.RawURLEncoding.EncodeToString(sum[:length])
}

// Emit sends the socket an event; see [Socket.Emit]. That it has gone is no
// error.
func (r *RemoteSocket) Emit(event string, args ...any) error {
	return r.operator().Emit(event, args...)
}

// EmitWithAck sends the socket an event and waits for the acknowledgement. It
// fails with ErrDisconnected if the socket has gone.
func (r *RemoteSocket) EmitWithAck(ctx context.Context, event string, args ...any) (Args, error) {
	answers, err := r.operator().EmitWithAck(ctx, event, args...)
	switch {
	case len(answers) > 0:
		return answers[0].Args, nil
	case err != nil:
		return Args{}, err
	default:
		return Args{}, ErrDisconnected
	}
}

// Join puts the socket into rooms.
func (r *RemoteSocket) Join(rooms ...string) error { return r.operator().SocketsJoin(rooms...) }

// Leave takes the socket out of rooms.
func (r *RemoteSocket) Leave(rooms ...string) error { return r.operator().SocketsLeave(rooms...) }

// Disconnect disconnects the socket; see [Socket.Disconnect].
func (r *RemoteSocket) Disconnect(closeConn bool) error {
	return r.operator().DisconnectSockets(closeConn)
}

func (r *RemoteSocket) operator() BroadcastOperator { return r.ns.To(r.ID) }
