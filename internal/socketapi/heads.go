package socketapi

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"parley/internal/chat"
	"parley/internal/wire"
	"parley/socketio"
)

// heads gathers the rooms whose heads have changed, so that each is told at most
// once in a while however much happens in it.
type heads struct {
	every time.Duration
	tell  func([]chat.ID) // may wait

	mu      sync.Mutex // guards the fields below
	changed map[chat.ID]struct{}
	told    time.Time // when tell last ended
	waiting bool      // a call of tell is on its way
}

func newHeads(every time.Duration, tell func([]chat.ID)) *heads {
	return &heads{every: every, tell: tell, changed: make(map[chat.ID]struct{})}
}

// touch notes that the head of a room has changed.
func (h *heads) touch(room chat.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.changed[room] = struct{}{}
	h.schedule()
}

func (h *heads) schedule() {
	if h.waiting || len(h.changed) == 0 {
		return
	}
	h.waiting = true
	time.AfterFunc(max(0, time.Until(h.told.Add(h.every))), h.flush)
}

func (h *heads) flush() {
	h.mu.Lock()
	rooms := slices.Collect(maps.Keys(h.changed))
	clear(h.changed)
	h.mu.Unlock()
	h.tell(rooms)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told, h.waiting = time.Now(), false
	h.schedule()
}

// tellHeads sends the heads of rooms to the sockets that see no more of them.
func (a *API) tellHeads(rooms []chat.ID) {
	a.tasks.do(func() {
		for _, room := range rooms {
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

// headNeeded reports whether somebody sees the head of a room only.
func (a *API) headNeeded(room chat.ID) bool {
	for range a.io.In(headRoom(room)).Sockets() {
		return true
	}
	return false
}
