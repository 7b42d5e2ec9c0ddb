package adminui

import (
	"context"
	"errors"

	"parley/socketio"
)

// instrument has a namespace tell of its sockets.
func (a *admin) instrument(n *socketio.Namespace) {
	n.OnConnect(a.appear)
	n.OnRoomEvent(a.roomChanged)
	if n != a.ns {
		n.UseEvent(a.overhear)
	}
}

// appear tells of a socket that has connected, and sees to it that its end is
// told.
func (a *admin) appear(_ context.Context, s *socketio.Socket) error {
	namespace, id := s.Namespace(), s.ID()
	s.OnDisconnect(func(reason socketio.Reason) {
		a.forget(namespace.Name(), id)
		if a.isWatched() {
			a.publish(eventDisconnected, namespace.Name(), id, reason, now())
		}
	})
	if namespace != a.ns {
		s.OnAnyOutgoing(func(name string, args socketio.Args) { a.tellEvent(eventSent, s, name, args) })
	}
	if a.isWatched() {
		d := s.Describe()
		a.remember(namespace.Name(), &d)
		a.publish(eventConnected, shown(&d, namespace.Name()), now())
	}
	return nil
}

// roomChanged tells who has joined or left a room.
func (a *admin) roomChanged(e socketio.RoomEvent) {
	if e.Socket == nil || !a.isWatched() {
		return
	}
	event := eventJoined
	if e.Type == socketio.RoomLeft {
		event = eventLeft
	}
	a.publish(event, e.Namespace.Name(), e.Room, e.Socket.ID(), now())
}

// tellAll tells a page of all sockets, on all servers. What happens to those of
// this server meanwhile is told once more: the page forgets what it has heard
// before.
func (a *admin) tellAll(ctx context.Context, page *socketio.Socket) error {
	all := []socket{}
	told := map[string]bool{}
	for n := range a.io.Namespaces() {
		list, err := n.FetchSockets(ctx)
		if incomplete, ok := errors.AsType[*socketio.IncompleteError](err); ok {
			a.opts.Logger.Warn("not all servers have told of their sockets", "namespace", n.Name(), "error", incomplete)
		} else if err != nil {
			return err
		}
		for _, d := range list {
			a.remember(n.Name(), &d)
			all = append(all, shown(&d, n.Name()))
			if d.Server == a.io.ID() {
				told[keyOf(n.Name(), d.ID)] = true
			}
		}
	}
	if err := page.Emit(eventAll, all); err != nil {
		return err
	}
	return a.tellMissed(page, told)
}

// tellMissed tells a page how this server's sockets differ from those that it
// was told of.
func (a *admin) tellMissed(page *socketio.Socket, told map[string]bool) error {
	var failed error
	for n := range a.io.Namespaces() {
		for s := range n.Sockets() {
			key := keyOf(n.Name(), s.ID())
			if !told[key] {
				d := s.Describe()
				failed = errors.Join(failed, page.Emit(eventConnected, shown(&d, n.Name()), now()))
			}
			delete(told, key)
		}
	}
	for key := range told {
		namespace, id := splitKey(key)
		failed = errors.Join(failed, page.Emit(eventDisconnected, namespace, id, "", now()))
	}
	return failed
}

// tellChanges tells which of this server's sockets have other data or another
// transport than the pages know.
func (a *admin) tellChanges() {
	for n := range a.io.Namespaces() {
		for s := range n.Sockets() {
			d := s.Describe()
			if a.remember(n.Name(), &d) {
				a.publish(eventUpdated, update{ID: d.ID, Namespace: n.Name(), Transport: d.Transport, Data: shownData(d.Data)})
			}
		}
	}
}
