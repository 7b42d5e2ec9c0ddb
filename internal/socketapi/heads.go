package socketapi

import (
	"context"
	"maps"
	"slices"

	"parley/internal/chat"
	"parley/internal/wire"
	"parley/socketio"
)

// heads are the rooms whose heads have changed.
type heads = gatherer[chat.ID, struct{}]

// headChanged sees to it that those who do not look at a room are told its head.
func (a *API) headChanged(room chat.ID) {
	if a.io.RoomLen(headRoom(room)) > 0 {
		a.heads.put(room, func(struct{}) struct{} { return struct{}{} })
	}
}

// tellHeads sends the heads of rooms to the sockets that see no more of them.
func (a *API) tellHeads(rooms map[chat.ID]struct{}) {
	a.tasks.do(func() {
		for room := range rooms {
			a.tellHead(room)
		}
	})
}

func (a *API) tellHead(room chat.ID) {
	sockets := make(map[chat.ID][]*socketio.Socket) // by user
	for s := range a.io.In(headRoom(room)).Sockets() {
		user := connOf(s).session.User
		sockets[user] = append(sockets[user], s)
	}
	ctx, cancel := context.WithTimeout(context.Background(), a.opts.EventTimeout)
	defer cancel()
	heads, err := a.chat.HeadsOf(ctx, room, slices.Collect(maps.Keys(sockets)))
	if err != nil {
		a.opts.Logger.Warn("read the heads of a room", "room", room, "error", err)
		return
	}
	for _, head := range heads {
		for _, s := range sockets[head.User] {
			a.tell(s, wire.RoomHead, wire.FromHead(head.Head, head.User))
		}
	}
}
