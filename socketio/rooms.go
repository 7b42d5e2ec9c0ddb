package socketio

import (
	"maps"
	"slices"
	"sync"
)

// roomIndex knows which sockets of a namespace are in which rooms. Its lock is
// never held while sending.
//
// Lists of members are lent to broadcasts instead of being copied: a list that
// has been lent is only ever appended to, which its borrowers do not see, and
// is copied before anything in it changes.
type roomIndex struct {
	mu    sync.Mutex // guards the fields below and those of Socket.place
	byID  map[string]*Socket
	all   room
	rooms map[string]*room
	stamp uint64 // of the last selection that looked for duplicates

	events   *roomEvents // nil if nobody wants to hear of changes; set once, before the first socket
	recovery *recovery   // the namespace's, or nil

	lists sync.Pool // of *[]*Socket, for such selections
}

// room is a set of sockets. Each of them knows its position in members.
type room struct {
	name    string
	members []*Socket
	lent    bool
}

// place is the part of a Socket that belongs to the index.
type place struct {
	rooms []membership
	stamp uint64 // of the last selection that has looked at the socket
	pos   int32  // in roomIndex.all, valid if in byID
	left  bool   // the socket is gone and must not join any more
}

// membership is one room that a socket is in.
type membership struct {
	room *room
	pos  int32
}

// add makes a socket one of those that are connected. The caller sees to it
// that tell is called when it holds no lock.
func (x *roomIndex) add(s *Socket) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.byID == nil {
		x.byID = map[string]*Socket{}
	}
	x.byID[s.id] = s
	s.place.pos = x.all.add(s)
	x.recovery.entered(s)
	x.events.noteOwn(RoomCreated, RoomJoined, s)
}

// remove takes a socket out of everything, for good.
func (x *roomIndex) remove(s *Socket) {
	defer x.tell()
	x.mu.Lock()
	defer x.mu.Unlock()
	s.place.left = true
	for len(s.place.rooms) > 0 {
		x.leave(s, len(s.place.rooms)-1)
	}
	s.place.rooms = nil
	_ = x.recovery.left(s) // park has seen to who waits
	if x.byID[s.id] != s {
		return
	}
	delete(x.byID, s.id)
	x.events.noteOwn(RoomLeft, RoomDeleted, s)
	if moved := x.all.remove(s.place.pos); moved != nil {
		moved.place.pos = s.place.pos
	}
}

// join puts a socket into rooms and reports false, and does nothing, if it is
// gone.
func (x *roomIndex) join(s *Socket, names []string) bool {
	defer x.tell()
	x.mu.Lock()
	defer x.mu.Unlock()
	if s.place.left {
		return false
	}
	for _, name := range names {
		if name == s.id || s.place.find(x.rooms[name]) >= 0 {
			continue
		}
		x.enter(s, name)
		x.recovery.joined(s, name)
	}
	return true
}

// enter begins one membership of a socket. x.mu is held.
func (x *roomIndex) enter(s *Socket, name string) {
	r := x.rooms[name]
	if r == nil {
		r = x.newRoom(name)
		x.events.note(RoomCreated, name, nil)
	}
	s.place.rooms = append(s.place.rooms, membership{r, r.add(s)})
	x.events.note(RoomJoined, name, s)
}

func (x *roomIndex) newRoom(name string) *room {
	if x.rooms == nil {
		x.rooms = map[string]*room{}
	}
	r := &room{name: name}
	x.rooms[name] = r
	return r
}

// leaveRooms takes a socket out of rooms.
func (x *roomIndex) leaveRooms(s *Socket, names []string) {
	defer x.tell()
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, name := range names {
		if i := s.place.find(x.rooms[name]); i >= 0 {
			x.leave(s, i)
			x.recovery.exited(s, name)
		}
	}
}

// leave ends one membership of a socket. x.mu is held.
func (x *roomIndex) leave(s *Socket, i int) {
	m := s.place.rooms[i]
	s.place.rooms = slices.Delete(s.place.rooms, i, i+1)
	if moved := m.room.remove(m.pos); moved != nil {
		moved.place.rooms[moved.place.find(m.room)].pos = m.pos
	}
	x.events.note(RoomLeft, m.room.name, s)
	if len(m.room.members) == 0 {
		delete(x.rooms, m.room.name)
		x.events.note(RoomDeleted, m.room.name, nil)
	}
}

// find returns which of its memberships a socket has in a room, or -1.
func (p *place) find(r *room) int {
	if r == nil {
		return -1
	}
	return slices.IndexFunc(p.rooms, func(m membership) bool { return m.room == r })
}

func (r *room) add(s *Socket) (pos int32) {
	r.members = append(r.members, s)
	return int32(len(r.members) - 1)
}

// remove fills the gap at pos with the last member and returns it, or nil if
// there was no gap.
func (r *room) remove(pos int32) (moved *Socket) {
	const sparse = 4
	if r.lent || len(r.members) < cap(r.members)/sparse {
		r.members = slices.Clone(r.members)
		r.lent = false
	}
	last := len(r.members) - 1
	if int(pos) != last {
		moved = r.members[last]
		r.members[pos] = moved
	}
	r.members[last] = nil
	r.members = r.members[:last]
	return moved
}

func (x *roomIndex) socket(id string) *Socket {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.byID[id]
}

func (x *roomIndex) len() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.byID)
}

func (x *roomIndex) lenOf(name string) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	if r := x.rooms[name]; r != nil {
		return len(r.members)
	}
	if x.byID[name] != nil {
		return 1
	}
	return 0
}

func (x *roomIndex) names() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Collect(maps.Keys(x.rooms))
}

func (x *roomIndex) roomsOf(s *Socket) []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	names := make([]string, 0, 1+len(s.place.rooms))
	if !s.place.left {
		names = append(names, s.id)
	}
	for _, m := range s.place.rooms {
		names = append(names, m.room.name)
	}
	return names
}

func (x *roomIndex) joined(s *Socket, name string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return !s.place.left && (name == s.id || s.place.find(x.rooms[name]) >= 0)
}
