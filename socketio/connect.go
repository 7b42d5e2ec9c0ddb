package socketio

import (
	"context"
	"errors"

	"parley/socketio/engineio"
	"parley/socketio/parser"
)

// connectData is the payload of the answer to CONNECT.
type connectData struct {
	SID string `json:"sid"`
	PID string `json:"pid,omitempty"` // with which a client may go on later
}

// connectErrorData is the payload of CONNECT_ERROR.
type connectErrorData struct {
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

// open runs the middleware, answers the client and runs the functions that
// want to know of the connection.
func (s *Socket) open(ctx context.Context) {
	var err error
	if !s.recovered || !s.ns.recovery.opts.SkipMiddleware {
		err = guard(func() error { return s.ns.table.accept(ctx, s) })
	}
	if err == nil {
		err = s.accept()
	}
	switch {
	case err == errForgotten: // the client connects again by itself, as a new one
		s.session.Close(engineio.ReasonForcedClose)
		return
	case err != nil:
		s.refuse(err)
		return
	}
	for _, f := range s.ns.table.onConnect {
		err := guard(func() error { return f(ctx, s) })
		if s.hasGone(err) {
			return
		}
		if err != nil {
			s.ns.server.opts.Logger.Error("connect handler failed", "namespace", s.ns.name, "socket", s.id, "error", err)
			s.Disconnect(false)
			return
		}
	}
}

// accept tells the client that it is connected. It fails if the socket has
// ended meanwhile. What others broadcast from now on waits for the answer to
// be on its way; see deliver.
func (s *Socket) accept() error {
	defer s.ns.index.tell()
	r := s.ns.recovery
	if r != nil {
		r.order.Lock()
		defer r.order.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stage() != connecting {
		return ErrDisconnected
	}
	s.progress.Store(answering)
	s.conn.accepted()
	s.ns.index.add(s)
	data := connectData{SID: s.id, PID: r.pid(s)}
	if s.recovered {
		var from *restored
		from, s.extras.restored = s.extras.restored, nil
		if err := r.resume(s, from); err != nil {
			return err
		}
	}
	payload, err := parser.Object(data)
	if err != nil {
		return err
	}
	if s.conn.isV2() {
		payload = nil
	}
	answer := parser.Packet{Type: parser.Connect, Namespace: s.ns.name, Payload: parser.Value{JSON: payload}}
	s.conn.send(engineio.Deferred, answer) // what OnConnect sends leaves in the same write
	s.progress.Store(connected)
	return nil
}

// refuse tells the client that it is not connected.
func (s *Socket) refuse(err error) {
	data := connectErrorData{Message: "internal error"}
	var refusal *ConnectError
	switch {
	case errors.As(err, &refusal):
		data = connectErrorData{Message: refusal.Message, Data: refusal.Data}
	case s.stage() == ended:
		data.Message = "disconnected"
	default:
		s.ns.server.opts.Logger.Error("connect middleware failed", "namespace", s.ns.name, "error", err)
	}
	s.end(reasonRefused)
	s.conn.refuse(s.ns.name, data)
}

// Handshake tells how the client connected.
func (s *Socket) Handshake() *Handshake {
	h := s.conn.origin.handshake()
	h.Address = s.session.RemoteAddr()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.extras != nil {
		h.Auth = s.extras.auth
	}
	return h
}
