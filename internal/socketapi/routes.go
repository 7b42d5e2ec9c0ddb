package socketapi

import (
	"context"
	"slices"
	"sync"
	"time"

	"parley/internal/chat"
	"parley/internal/wire"
)

// What routes remembers. All of it is in memory and ends with the process.
const (
	routesKept  = 1024
	returnsKept = 4096
	fewSockets  = 64 // of a room, up to which it is noted whose they are
)

// routes remembers of the latest messages how many sockets they were sent to, and
// who came back of late, so that authors can be told what became of theirs.
type routes struct {
	mu      sync.Mutex // guards the fields below
	kept    map[spot]route
	order   []spot     // of kept, a ring
	oldest  int        // in order
	returns []comeback // a ring
	first   int        // in returns
}

// spot is where a message is.
type spot struct {
	room chat.ID
	seq  int64
}

// route is what a message met when it was new: members had so many sockets, and
// so many of them were sent it.
type route struct {
	at      time.Time
	reached int
	of      int
	named   bool // people are those who had a socket
	people  []present
}

// present is somebody who had sockets.
type present struct {
	user    chat.ID
	reached int
	of      int
}

// comeback is somebody's first socket after a while without one.
type comeback struct {
	user chat.ID
	at   time.Time
}

func newRoutes() *routes { return &routes{kept: make(map[spot]route)} }

// reached notes to whom a new message was sent. In large rooms that costs the
// same for any number of members.
func (a *API) reached(m chat.Message, kind chat.RoomKind) {
	full, head := chatRoom(m.Room), headRoom(m.Room)
	r := route{at: time.Now(), reached: a.io.RoomLen(full)}
	r.of = r.reached + a.io.RoomLen(head)
	if r.named = kind == chat.KindDM || r.of <= fewSockets; r.named {
		r.reached, r.of = 0, 0
		for s := range a.io.In(full).Sockets() {
			r.add(connOf(s).session.User, 1)
		}
		for s := range a.io.In(head).Except(full).Sockets() {
			r.add(connOf(s).session.User, 0)
		}
	}
	a.routes.keep(spot{m.Room, m.Seq}, r)
	if kind != chat.KindDM {
		return
	}
	for _, who := range r.people {
		if who.user != m.Author.ID {
			a.delivered(m.Room, who.user, m.Seq)
		}
	}
}

func (r *route) add(user chat.ID, reached int) {
	i := slices.IndexFunc(r.people, func(p present) bool { return p.user == user })
	if i < 0 {
		i = len(r.people)
		r.people = append(r.people, present{user: user})
	}
	r.people[i].of++
	r.people[i].reached += reached
	r.of++
	r.reached += reached
}

func (t *routes) keep(at spot, r route) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept[at] = r
	if len(t.order) < routesKept {
		t.order = append(t.order, at)
		return
	}
	delete(t.kept, t.order[t.oldest])
	t.order[t.oldest] = at
	t.oldest = (t.oldest + 1) % routesKept
}

// returned notes that somebody has a socket again.
func (t *routes) returned(user chat.ID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	back := comeback{user, time.Now()}
	if len(t.returns) < returnsKept {
		t.returns = append(t.returns, back)
		return
	}
	t.returns[t.first] = back
	t.first = (t.first + 1) % returnsKept
}

// find answers a route, and of everyone who has come back since then when they
// first did. It is not known if some of that is forgotten.
func (t *routes) find(at spot) (r route, backs map[chat.ID]time.Time, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r, known = t.kept[at]
	if !known || len(t.returns) == returnsKept && t.returns[t.first].at.After(r.at) {
		return route{}, nil, false
	}
	backs = make(map[chat.ID]time.Time)
	for i := range t.returns {
		back := t.returns[(t.first+i)%len(t.returns)]
		if _, earlier := backs[back.user]; !earlier && back.at.After(r.at) {
			backs[back.user] = back.at
		}
	}
	return r, backs, true
}

// route tells an author what became of a message. In small rooms it counts only
// people who show the author that, and whom the author shows it.
func (a *API) route(ctx context.Context, by chat.Session, in wire.PlaceRequest) (wire.RouteAnswer, error) {
	if in.Seq == nil {
		return wire.RouteAnswer{}, &wire.FieldError{Field: "seq", Want: "a whole number"}
	}
	audience, err := a.chat.AudienceOf(ctx, by, in.Room, *in.Seq)
	if err != nil {
		return wire.RouteAnswer{}, err
	}
	r, backs, known := a.routes.find(spot{audience.Message.Room, audience.Message.Seq})
	if !known || audience.Small && !r.named {
		return wire.RouteAnswer{}, nil
	}
	answer := wire.RouteAnswer{At: wire.Time{Time: r.at}, Reached: r.reached, Of: r.of, Hidden: audience.Hidden}
	if audience.Small {
		r.count(&answer, by.User, audience.People, backs)
	}
	return answer, nil
}

// count makes an answer of the author's own sockets and of some people alone.
func (r route) count(answer *wire.RouteAnswer, author chat.ID, people []chat.ID, backs map[chat.ID]time.Time) {
	answer.Reached, answer.Of = 0, 0
	here := make(map[chat.ID]bool, len(r.people))
	for _, who := range r.people {
		here[who.user] = true
		if who.user == author || slices.Contains(people, who.user) {
			answer.Reached += who.reached
			answer.Of += who.of
		}
	}
	for _, user := range people {
		if here[user] {
			continue
		}
		answer.Away++
		if back, ok := backs[user]; ok {
			answer.Back++
			if back.After(answer.BackAt.Time) {
				answer.BackAt.Time = back
			}
		}
	}
}
