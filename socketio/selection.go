package socketio

// selection says which sockets of a namespace are meant.
type selection struct {
	targeted bool     // only those in rooms; else all
	rooms    []string // socket ids are rooms
	except   []string
	sender   *Socket // left out by whoever walks over the result, or nil
}

// find returns the selected sockets, the sender perhaps among them. The list
// must not be changed, nor be used after done.
func (x *roomIndex) find(sel selection) (list []*Socket, done func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.findLocked(sel)
}

// findLocked is find. x.mu is held, and is not when done is called.
func (x *roomIndex) findLocked(sel selection) (list []*Socket, done func()) {
	if len(sel.except) == 0 && !sel.targeted {
		return x.all.lend(), func() {}
	}
	if len(sel.except) == 0 && len(sel.rooms) == 1 && x.byID[sel.rooms[0]] == nil {
		return x.rooms[sel.rooms[0]].lend(), func() {}
	}
	return x.collect(sel)
}

// lend returns the members of a room, which may be nil, as they are now.
func (r *room) lend() []*Socket {
	if r == nil {
		return nil
	}
	r.lent = true
	return r.members
}

// collect is find for a selection that needs each socket to be looked at. The
// stamp keeps those out that have been seen, or that are excepted. x.mu is
// held.
func (x *roomIndex) collect(sel selection) (list []*Socket, done func()) {
	pooled, ok := x.lists.Get().(*[]*Socket)
	if !ok {
		pooled = new([]*Socket)
	}
	x.stamp++
	for _, name := range sel.except {
		x.each(name, func(s *Socket) { s.place.stamp = x.stamp })
	}
	take := func(s *Socket) {
		if s.place.stamp != x.stamp {
			s.place.stamp = x.stamp
			list = append(list, s)
		}
	}
	list = (*pooled)[:0]
	if !sel.targeted {
		for _, s := range x.all.members {
			take(s)
		}
	}
	for _, name := range sel.rooms {
		x.each(name, take)
	}
	return list, func() {
		clear(list)
		*pooled = list[:0]
		x.lists.Put(pooled)
	}
}

// each visits the sockets of a room, or the one whose own room it is. x.mu is
// held.
func (x *roomIndex) each(name string, visit func(*Socket)) {
	if s := x.byID[name]; s != nil {
		visit(s)
	}
	if r := x.rooms[name]; r != nil {
		for _, s := range r.members {
			visit(s)
		}
	}
}
