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
	changed  map[wire.ID]wire.PresenceState // watched and changed since the last batch
	flush    *time.Timer                    // not nil while changed has somebody
}

// person is somebody with a socket, or who had one within the grace.
type person struct {
	sockets int
	state   string
	offline *time.Timer // runs while there is no socket
}

func newPresence(grace, batch time.Duration, gone func(chat.ID)) *presence {
	return &presence{
		grace:    grace,
		batch:    batch,
		gone:     gone,
		people:   make(map[chat.ID]*person),
		watching: make(map[*conn][]chat.ID),
		watchers: make(map[chat.ID]map[*conn]struct{}),
		changed:  make(map[wire.ID]wire.PresenceState),
	}
}

// arrived counts a socket of a user; left takes it back.
func (p *presence) arrived(user chat.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	who := p.people[user]
	if who == nil {
		who = &person{state: stateOnline}
		p.people[user] = who
		p.note(stateOf(user, who))
	}
	if who.offline != nil {
		who.offline.Stop()
		who.offline = nil
	}
	who.sockets++
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
	p.note(wire.PresenceState{User: wire.ID(user), State: stateOffline, LastSeen: wire.Time{Time: lastSeen}})
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
	p.note(stateOf(user, who))
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
		if who := p.people[user.ID]; who != nil {
			states = append(states, stateOf(user.ID, who))
			continue
		}
		states = append(states, wire.PresenceState{
			User: wire.ID(user.ID), State: stateOffline, LastSeen: wire.Time{Time: user.LastSeenAt},
		})
	}
	if len(watched) > 0 {
		p.watching[c] = watched
	}
	return states
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

// note remembers a change for the next batch if somebody watches.
func (p *presence) note(state wire.PresenceState) {
	if len(p.watchers[chat.ID(state.User)]) == 0 || p.closed {
		return
	}
	p.changed[state.User] = state
	if p.flush == nil {
		p.flush = time.AfterFunc(p.batch, p.send)
	}
}

// send tells every watcher what has changed of those they watch.
func (p *presence) send() {
	p.mu.Lock()
	batches := make(map[*conn][]wire.PresenceState)
	for user, state := range p.changed {
		for c := range p.watchers[chat.ID(user)] {
			batches[c] = append(batches[c], state)
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

func stateOf(user chat.ID, who *person) wire.PresenceState {
	return wire.PresenceState{User: wire.ID(user), State: who.state}
}
