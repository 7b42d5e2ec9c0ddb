package socketio

import (
	"fmt"
	"time"
)

// Rate is how often a socket may do something: Burst times at once, and Events
// times Per again and again.
type Rate struct {
	Events int           // at least 1
	Per    time.Duration // default 1s
	Burst  int           // default Events
}

// interval is the time after which there is room for one event more.
func (r Rate) interval() time.Duration { return r.Per / time.Duration(r.Events) }

func (r Rate) withDefaults() Rate {
	if r.Events < 1 {
		panic("socketio: a rate without events")
	}
	if r.Per == 0 {
		r.Per = time.Second
	}
	if r.Burst == 0 {
		r.Burst = r.Events
	}
	return r
}

// limit is a rate and which of a socket's buckets counts it.
type limit struct {
	rate   Rate
	bucket int
}

// Limit bounds how often each socket's events of this name are handled. The
// empty name means the events of a socket together, those that nobody handles
// included; an event must keep within both. One that does not is handled by
// nobody, the event middleware included, and fails with a *RateError; see
// Options.ErrorReply. A second limit for the same name replaces the first.
func (n *Namespace) Limit(event string, rate Rate) {
	rate = rate.withDefaults()
	n.table.change(func() { n.table.limit(event, rate) })
}

// RateError says that a socket has sent more events than Namespace.Limit
// allows.
type RateError struct {
	Event      string        // that is limited; "" if all together are
	RetryAfter time.Duration // until there is room for one more
}

func (e *RateError) Error() string {
	return fmt.Sprintf("too many events, try again in %v", e.RetryAfter.Round(time.Millisecond))
}

func (t *table) limit(event string, rate Rate) {
	l, again := t.limits[event]
	if !again {
		l.bucket = len(t.limits)
	}
	if t.limits == nil {
		t.limits = map[string]limit{}
	}
	l.rate = rate
	t.limits[event] = l
}

// bucket counts events against a rate: full is when it will be empty again if
// nothing more comes, which grows by one interval with each event.
type bucket struct{ full time.Time }

// take counts an event, if there is room for it. Else it returns how long until
// there is.
func (b *bucket) take(r Rate, now time.Time) time.Duration {
	interval := r.interval()
	since := b.full
	if since.Before(now) {
		since = now
	}
	wait := since.Add(interval).Sub(now) - time.Duration(r.Burst)*interval
	if wait > 0 {
		return wait
	}
	b.full = since.Add(interval)
	return 0
}

// admit counts an event against the limits of its namespace. Only the
// goroutine that handles the socket's events calls it.
func (s *Socket) admit(name string) error {
	limits := s.ns.table.limits
	if limits == nil {
		return nil
	}
	now := time.Now()
	for _, limited := range []string{name, ""} {
		l, ok := limits[limited]
		if !ok {
			continue
		}
		if wait := s.bucket(l.bucket, len(limits)).take(l.rate, now); wait > 0 {
			return &RateError{Event: limited, RetryAfter: wait}
		}
		if name == "" {
			break
		}
	}
	return nil
}

func (s *Socket) bucket(index, count int) *bucket {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.extra()
	if x.buckets == nil {
		x.buckets = make([]bucket, count)
	}
	return &x.buckets[index]
}
