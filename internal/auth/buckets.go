package auth

import (
	"sync"
	"time"
)

// Rate is what a token bucket allows: one more every Every, Burst at once.
type Rate struct {
	Every time.Duration
	Burst int
}

// Buckets are token buckets by key. A bucket is one time: the moment at which
// it will be full again. At most max keys are kept; above it, those nearest to
// being full are forgotten first, which can only err in favour of the caller.
type Buckets[K comparable] struct {
	rate Rate
	max  int

	mu   sync.Mutex // guards full
	full map[K]time.Time
}

// NewBuckets returns buckets that all start full. max bounds the memory.
func NewBuckets[K comparable](rate Rate, max int) *Buckets[K] {
	return &Buckets[K]{rate: rate, max: max, full: make(map[K]time.Time)}
}

// Take takes one token. It returns 0 when there was one, else how long until
// there will be; nothing is taken then.
func (b *Buckets[K]) Take(key K) (retry time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	full, known := b.full[key]
	if full.Before(now) {
		full = now
	}
	full = full.Add(b.rate.Every)
	if wait := full.Sub(now) - time.Duration(b.rate.Burst)*b.rate.Every; wait > 0 {
		return wait
	}
	if !known && len(b.full) >= b.max {
		b.forgetSome(now)
	}
	b.full[key] = full
	return 0
}

// Return gives back a token that was taken.
func (b *Buckets[K]) Return(key K) {
	b.mu.Lock()
	defer b.mu.Unlock()
	full, known := b.full[key]
	if !known {
		return
	}
	full = full.Add(-b.rate.Every)
	if full.After(time.Now()) {
		b.full[key] = full
		return
	}
	delete(b.full, key)
}

// forgetSome makes room for one key: of a few arbitrary ones it forgets all
// that are full, or else the one that is nearest to it.
func (b *Buckets[K]) forgetSome(now time.Time) {
	const looked = 16
	var nearest K
	var nearestFull time.Time
	seen := 0
	for key, full := range b.full {
		if !full.After(now) {
			delete(b.full, key)
		}
		if seen == 0 || full.Before(nearestFull) {
			nearest, nearestFull = key, full
		}
		if seen++; seen == looked {
			break
		}
	}
	delete(b.full, nearest)
}
