package adminui

import (
	"context"
	"fmt"

	"parley/socketio"
)

// registerCommands registers what the page may ask for. Each command names a
// namespace and, at the end or not at all, the room or socket that it is for;
// without one it is for all sockets of the namespace.
func (a *admin) registerCommands() {
	a.ns.HandleFunc("emit", a.emit)
	a.ns.HandleFunc("join", func(_ context.Context, e *socketio.Event) error {
		return a.move(e, socketio.BroadcastOperator.SocketsJoin)
	})
	a.ns.HandleFunc("leave", func(_ context.Context, e *socketio.Event) error {
		return a.move(e, socketio.BroadcastOperator.SocketsLeave)
	})
	a.ns.HandleFunc("_disconnect", a.disconnect)
}

// emit is emit(namespace, filter or nothing, event, …arguments).
func (a *admin) emit(_ context.Context, e *socketio.Event) error {
	const fixed = 3
	var namespace, filter, event string
	if err := e.Args.Scan(&namespace, &filter, &event); err != nil {
		return err
	}
	to, err := a.target(e, namespace, filter)
	if err != nil {
		return err
	}
	return to.Emit(event, e.Args.Values()[fixed:]...)
}

// move is join or leave(namespace, room, filter).
func (a *admin) move(e *socketio.Event, do func(socketio.BroadcastOperator, ...string) error) error {
	var namespace, room string
	if err := e.Args.Scan(&namespace, &room); err != nil {
		return err
	}
	filter, err := filterOf(e)
	if err != nil {
		return err
	}
	to, err := a.target(e, namespace, filter)
	if err != nil {
		return err
	}
	return do(to, room)
}

// disconnect is _disconnect(namespace, close, filter).
func (a *admin) disconnect(_ context.Context, e *socketio.Event) error {
	var namespace string
	var closeConn bool
	if err := e.Args.Scan(&namespace, &closeConn); err != nil {
		return err
	}
	filter, err := filterOf(e)
	if err != nil {
		return err
	}
	to, err := a.target(e, namespace, filter)
	if err != nil {
		return err
	}
	return to.DisconnectSockets(closeConn)
}

// filterOf returns the third argument, which may be missing.
func filterOf(e *socketio.Event) (string, error) {
	const place = 2
	if e.Args.Len() <= place {
		return "", nil
	}
	var filter string
	err := e.Args.Scan(nil, nil, &filter)
	return filter, err
}

// target returns the sockets that a command is for. Namespaces are not made for
// it.
func (a *admin) target(e *socketio.Event, namespace, filter string) (socketio.BroadcastOperator, error) {
	a.opts.Logger.Info("admin command", "command", e.Name, "namespace", namespace, "filter", filter, "socket", e.Socket.ID())
	for n := range a.io.Namespaces() {
		switch {
		case n.Name() != namespace:
		case filter != "":
			return n.In(filter), nil
		default:
			return n.Except(), nil
		}
	}
	return socketio.BroadcastOperator{}, fmt.Errorf("no namespace %q", namespace)
}
