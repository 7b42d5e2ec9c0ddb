package socketapi

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"parley/internal/chat"
	"parley/internal/wire"
)

// What is shown of a person.
const (
	stateOnline  = "online"
	stateAway    = "away"
	stateDND     = "dnd"
	stateOffline = "offline"
)

// presence knows who is here. A person is offline a while after their last
// socket has ended. Watchers hear of changes in batches; no timer runs while
// nothing changes that somebody watches.
type presence struct {
	grace time.Duration
	batch time.Duration
	gone  func(chat.ID) // told once for everyone who becomes offline; may wait
	tasks sync.WaitGroup

	mu       sync.Mutex // guards the fields below
	closed   bool
	people   map[chat.ID]*person
	watching map[*conn][]chat.ID
	watchers map[chat.ID]map[*conn]struct{} // the same, by who is watched
	changed  map[chat.ID]change             // watched and changed since the last batch
	flush    *time.Timer                    // not nil while changed has somebody
}

// person is somebody with a socket, or who had one within the grace.
type person struct {
	sockets int
	state   string
	hidden  bool        // they do not show it, and see it of nobody
	offline *time.Timer // runs while there is no socket
}

// change is what is to be told of somebody.
type change struct {
	state  wire.PresenceState
	hidden bool // from all but their own devices
	turned bool // so that others are told that it is hidden now
}

func newPresence(grace, batch time.Duration, gone func(chat.ID)) *presence {
	return &presence{
		grace:    grace,
		batch:    batch,
		gone:     gone,
		people:   make(map[chat.ID]*person),
		watching: make(map[*conn][]chat.ID),
		watchers: make(map[chat.ID]map[*conn]struct{}),
		changed:  make(map[chat.ID]change),
	}
}

// arrived counts a socket of a user, who shows their presence or not; left takes
// it back. It reports whether the socket is the only one.
func (p *presence) arrived(user chat.ID, shown bool) (only bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	who := p.people[user]
	if who == nil {
		who = &person{state: stateOnline, hidden: !shown}
		p.people[user] = who
		p.note(who, stateOf(user, who))
	}
	if who.offline != nil {
		who.offline.Stop()
		who.offline = nil
	}
	who.sockets++
	return who.sockets == 1
}

// show sets whether somebody shows their presence, and so is shown that of
// others. They learn of the others when they watch them anew.
func (p *presence) show(user chat.ID, shown bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	who := p.people[user]
	if who == nil || who.hidden == !shown {
		return
	}
	who.hidden = !shown
	p.note(who, stateOf(user, who))
	if told, watched := p.changed[user]; watched && who.hidden {
		told.turned = true
		p.changed[user] = told
	}
}

func (p *presence) left(c *conn, user chat.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unwatch(c)
	who := p.people[user]
	if who.sockets--; who.sockets > 0 || p.closed {
		return
	}
	lastSeen := time.Now()
	who.offline = time.AfterFunc(p.grace, func() { p.depart(user, who, lastSeen) })
}

// depart makes a person offline unless they have come back.
func (p *presence) depart(user chat.ID, who *person, lastSeen time.Time) {
	p.mu.Lock()
	if p.closed || p.people[user] != who || who.sockets > 0 {
		p.mu.Unlock()
		return
	}
	delete(p.people, user)
	p.note(who, wire.PresenceState{User: wire.ID(user), State: stateOffline, LastSeen: wire.Time{Time: lastSeen}})
	p.tasks.Add(1)
	p.mu.Unlock()
	defer p.tasks.Done()
	p.gone(user)
}

// set changes what is shown of somebody who is here.
func (p *presence) set(user chat.ID, state string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	who := p.people[user]
	if who == nil || who.state == state {
		return
	}
	who.state = state
	p.note(who, stateOf(user, who))
}

// watch replaces the people that a socket watches, and tells how they are. It
// is called by handlers of the socket only, which left always follows.
func (p *presence) watch(c *conn, users []chat.User) []wire.PresenceState {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unwatch(c)
	states := make([]wire.PresenceState, 0, len(users))
	watched := make([]chat.ID, 0, len(users))
	for _, user := range users {
		if p.watchers[user.ID] == nil {
			p.watchers[user.ID] = make(map[*conn]struct{})
		}
		p.watchers[user.ID][c] = struct{}{}
		watched = append(watched, user.ID)
		states = append(states, p.seenBy(c, user))
	}
	if len(watched) > 0 {
		p.watching[c] = watched
	}
	return states
}

// seenBy is how somebody is as a socket may see it. p.mu is held.
func (p *presence) seenBy(c *conn, user chat.User) wire.PresenceState {
	who := p.people[user.ID]
	hidden := !user.Presence
	if who != nil {
		hidden = who.hidden
	}
	switch own := c.session.User == user.ID; {
	case !own && (hidden || p.hides(c)):
		return hiddenState(user.ID)
	case who != nil:
		return stateOf(user.ID, who)
	}
	return wire.PresenceState{User: wire.ID(user.ID), State: stateOffline, LastSeen: wire.Time{Time: user.LastSeenAt}}
}

// hides reports whether the user of a socket does not show their presence. p.mu
// is held.
func (p *presence) hides(c *conn) bool {
	who := p.people[c.session.User]
	return who != nil && who.hidden
}

func (p *presence) unwatch(c *conn) {
	for _, user := range p.watching[c] {
		delete(p.watchers[user], c)
		if len(p.watchers[user]) == 0 {
			delete(p.watchers, user)
		}
	}
	delete(p.watching, c)
}

// note remembers a change for the next batch if somebody watches. p.mu is held.
func (p *presence) note(who *person, state wire.PresenceState) {
	user := chat.ID(state.User)
	if len(p.watchers[user]) == 0 || p.closed {
		return
	}
	p.changed[user] = change{state: state, hidden: who.hidden, turned: who.hidden && p.changed[user].turned}
	if p.flush == nil {
		p.flush = time.AfterFunc(p.batch, p.send)
	}
}

// send tells every watcher what has changed of those they watch.
func (p *presence) send() {
	p.mu.Lock()
	batches := make(map[*conn][]wire.PresenceState)
	for user, told := range p.changed {
		for c := range p.watchers[user] {
			switch own := c.session.User == user; {
			case own || !told.hidden && !p.hides(c):
				batches[c] = append(batches[c], told.state)
			case told.turned && !p.hides(c):
				batches[c] = append(batches[c], hiddenState(user))
			}
		}
	}
	clear(p.changed)
	p.flush = nil
	p.mu.Unlock()
	for c, states := range batches {
		_ = c.socket.Emit(wire.Presence, states) // presence may be lost
	}
}

// close stops all timers and waits for what they have begun, or for ctx. It
// tells who was here until now.
func (p *presence) close(ctx context.Context) ([]chat.ID, error) {
	p.mu.Lock()
	p.closed = true
	here := slices.Collect(maps.Keys(p.people))
	for _, who := range p.people {
		if who.offline != nil {
			who.offline.Stop()
		}
	}
	if p.flush != nil {
		p.flush.Stop()
	}
	p.mu.Unlock()
	return here, waitFor(ctx, &p.tasks)
}

// hiddenState says nothing of somebody.
func hiddenState(user chat.ID) wire.PresenceState {
	return wire.PresenceState{User: wire.ID(user), State: stateOffline, Hidden: true}
}

func stateOf(user chat.ID, who *person) wire.PresenceState {
	return wire.PresenceState{User: wire.ID(user), State: who.state}
}
