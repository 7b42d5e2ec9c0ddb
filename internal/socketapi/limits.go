package socketapi

import (
	"sync"

	"parley/internal/auth"
	"parley/internal/chat"
)

// limits count what one user and one address have and do.
type limits struct {
	typing *auth.Buckets[typist]

	users     *counter[chat.ID]
	addresses *counter[auth.Address]
}

// typist is one user in one room.
type typist struct{ user, room chat.ID }

// limitKeys bounds how many typists are remembered.
const limitKeys = 1 << 16

func newLimits(o Options) *limits {
	return &limits{
		typing:    auth.NewBuckets[typist](o.Typing, limitKeys),
		users:     newCounter[chat.ID](o.SocketsPerUser),
		addresses: newCounter[auth.Address](o.SocketsPerAddress),
	}
}

// counter counts things that exist by key, up to max for each.
type counter[K comparable] struct {
	max int

	mu    sync.Mutex // guards count
	count map[K]int
}

func newCounter[K comparable](max int) *counter[K] {
	return &counter[K]{max: max, count: make(map[K]int)}
}

// add counts one more and reports whether there was room for it.
func (c *counter[K]) add(key K) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count[key] >= c.max {
		return false
	}
	c.count[key]++
	return true
}

// remove takes back what add has counted.
func (c *counter[K]) remove(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count[key]--; c.count[key] == 0 {
		delete(c.count, key)
	}
}
