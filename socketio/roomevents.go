package socketio

// RoomEventType says what has happened to a room.
type RoomEventType string

// Types of room events, in the words of the reference server.
const (
	RoomCreated RoomEventType = "create-room"
	RoomDeleted RoomEventType = "delete-room"
	RoomJoined  RoomEventType = "join-room"
	RoomLeft    RoomEventType = "leave-room"
)

// RoomEvent is a change to a room of this server. Every socket has a room of
// its own, too.
type RoomEvent struct {
	Type      RoomEventType
	Namespace *Namespace
	Room      string
	Socket    *Socket // that has joined or left, nil if the room was created or deleted

	own bool // the room is that of one socket
}

// OnRoomEvent adds a function that hears of all changes to the rooms of the
// namespace, in their order and one at a time, soon after they have happened,
// on the goroutine of somebody who changes rooms. It must not wait; it may
// change rooms.
func (n *Namespace) OnRoomEvent(f func(e RoomEvent)) {
	n.table.change(func() { n.table.onRoom = append(n.table.onRoom, f) })
}

// RoomWatcher is an Adapter that wants to know which rooms have sockets on this
// server, so that it receives no messages for others. Calls are in order and
// one at a time, and must not wait. own says that the room is the one of a
// single socket, named as its id; an ordinary room of that name counts by
// itself. Messages that name no rooms are for all servers.
type RoomWatcher interface {
	Adapter
	RoomOpened(namespace, room string, own bool)
	RoomClosed(namespace, room string, own bool)
}

// roomEvents are changes that nobody has been told of yet. roomIndex.mu guards
// it.
type roomEvents struct {
	ns      *Namespace
	watcher RoomWatcher // or nil
	waiting []RoomEvent
	telling bool // somebody tells of one
}

// newRoomEvents returns nil if nobody wants to know.
func newRoomEvents(n *Namespace) *roomEvents {
	watcher, _ := n.server.opts.Adapter.(RoomWatcher)
	if watcher == nil && len(n.table.onRoom) == 0 {
		return nil
	}
	return &roomEvents{ns: n, watcher: watcher}
}

// note remembers a change. r may be nil. x.mu is held.
func (r *roomEvents) note(t RoomEventType, room string, s *Socket) {
	if r != nil {
		r.waiting = append(r.waiting, RoomEvent{Type: t, Namespace: r.ns, Room: room, Socket: s})
	}
}

// noteOwn remembers that the room of a single socket has come or gone.
func (r *roomEvents) noteOwn(first, second RoomEventType, s *Socket) {
	if r == nil {
		return
	}
	for _, t := range []RoomEventType{first, second} {
		e := RoomEvent{Type: t, Namespace: r.ns, Room: s.id, own: true}
		if t == RoomJoined || t == RoomLeft {
			e.Socket = s
		}
		r.waiting = append(r.waiting, e)
	}
}

// tell tells of the changes that wait, unless somebody does already. x.mu is
// not held.
func (x *roomIndex) tell() {
	if x.events == nil {
		return
	}
	for x.tellNext() {
	}
}

func (x *roomIndex) tellNext() bool {
	r := x.events
	x.mu.Lock()
	if r.telling || len(r.waiting) == 0 {
		x.mu.Unlock()
		return false
	}
	e := r.waiting[0]
	r.waiting[0] = RoomEvent{}
	if r.waiting = r.waiting[1:]; len(r.waiting) == 0 {
		r.waiting = nil
	}
	r.telling = true
	x.mu.Unlock()
	defer func() { // also if a function has ended the goroutine
		x.mu.Lock()
		r.telling = false
		x.mu.Unlock()
	}()
	r.hand(e)
	return true
}

// hand gives a change to whoever wants to know.
func (r *roomEvents) hand(e RoomEvent) {
	switch {
	case r.watcher == nil:
	case e.Type == RoomCreated:
		r.watcher.RoomOpened(r.ns.name, e.Room, e.own)
	case e.Type == RoomDeleted:
		r.watcher.RoomClosed(r.ns.name, e.Room, e.own)
	}
	for _, f := range r.ns.table.onRoom {
		err := guard(func() error {
			f(e)
			return nil
		})
		if err != nil {
			r.ns.server.opts.Logger.Error("room function failed", "room", e.Room, "error", err)
		}
	}
}
