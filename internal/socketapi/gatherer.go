package socketapi

import (
	"sync"
	"time"
)

// gatherer gathers changes by what they are of, so that they are told at most
// once in a while however often they come.
type gatherer[K comparable, V any] struct {
	every time.Duration
	tell  func(map[K]V) // may wait

	mu      sync.Mutex // guards the fields below
	changed map[K]V
	told    time.Time // when tell last ended
	waiting bool      // a call of tell is on its way
}

func newGatherer[K comparable, V any](every time.Duration, tell func(map[K]V)) *gatherer[K, V] {
	return &gatherer[K, V]{every: every, tell: tell, changed: make(map[K]V)}
}

// put notes a change. merge makes what is to be told of what waits to be, which
// is the zero value for nothing.
func (g *gatherer[K, V]) put(key K, merge func(V) V) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.changed[key] = merge(g.changed[key])
	g.schedule()
}

func (g *gatherer[K, V]) schedule() {
	if g.waiting || len(g.changed) == 0 {
		return
	}
	g.waiting = true
	time.AfterFunc(max(0, time.Until(g.told.Add(g.every))), g.round)
}

func (g *gatherer[K, V]) round() {
	g.flush()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.told, g.waiting = time.Now(), false
	g.schedule()
}

// flush tells what waits now.
func (g *gatherer[K, V]) flush() {
	g.mu.Lock()
	changed := g.changed
	g.changed = make(map[K]V)
	g.mu.Unlock()
	if len(changed) > 0 {
		g.tell(changed)
	}
}
