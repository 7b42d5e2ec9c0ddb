package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"parley/bench/internal/proc"
	"parley/bench/internal/stats"
	"parley/e2e/stage"
)

// fanOut is one room of 1,032 people, of whom 32 send in turn: first with 32 messages outstanding, then at half that
// rate. A message is complete when the other thousand have it.
func (b *bench) fanOut(ctx context.Context) error {
	const readers, window, length = 1000, 32, 6 * time.Second
	t, err := b.settle(ctx, "fanout", stage.Plan{
		People: readers + window, Rooms: []stage.RoomPlan{{Name: "stadium", Private: true, People: numbers(readers + window)}},
	})
	if err != nil {
		return err
	}
	defer t.leave()
	s := newStadium(readers)
	for i := range readers + window {
		take := s.hear
		if i >= readers {
			take = func([]byte) {}
		}
		if _, err := t.come(ctx, i, take); err != nil {
			return err
		}
	}
	speakers := t.clients[readers:]
	if _, err := s.speak(t.Rooms[0], speakers, 0, time.Second); err != nil { // warms up
		return err
	}
	before, err := proc.CPU(t.server.PID())
	if err != nil {
		return err
	}
	began := time.Now()
	full, err := s.speak(t.Rooms[0], speakers, 0, length)
	if err != nil {
		return err
	}
	rate := float64(len(full)) / time.Since(began).Seconds()
	after, err := proc.CPU(t.server.PID())
	if err != nil {
		return err
	}
	b.report("complete messages to 1,000 in one room", "≥ 1,000/s", "%.0f/s, %.2f µs of the server a delivery", rate,
		float64((after-before).Microseconds())/float64(len(full)*readers))
	b.report("  99 of 100 complete within, 32 outstanding", "≤ 35 ms", "%v", p99(full))
	calm, err := s.speak(t.Rooms[0], speakers, time.Duration(float64(time.Second)/rate*2), length)
	if err != nil {
		return err
	}
	b.report("  the same at half that rate", "≤ 35 ms", "%v", p99(calm))
	return nil
}

func p99(all []time.Duration) time.Duration {
	slices.Sort(all)
	nanos := make([]int64, len(all))
	for i, d := range all {
		nanos[i] = int64(d)
	}
	return time.Duration(stats.Percentile(nanos, 0.99)).Round(100 * time.Microsecond)
}

// stadium counts who has which message.
type stadium struct {
	readers int32
	said    [1 << 18]speech // by the number in the body
	number  int
	wrong   atomic.Int64 // messages that nobody sent
}

// speech is one message.
type speech struct {
	at      time.Time
	missing atomic.Int32  // who has it not yet
	whole   chan struct{} // closed when all have it
	took    time.Duration // until then; valid after whole
}

func newStadium(readers int) *stadium { return &stadium{readers: int32(readers)} }

// mark stands before the number of a message in its body.
var mark = []byte(`"body":"number `)

// hear notes that one more has a message.
func (s *stadium) hear(text []byte) {
	at := bytes.Index(text, mark)
	if at < 0 || !bytes.HasPrefix(text, []byte(`42["message:new"`)) {
		return
	}
	digits := text[at+len(mark):]
	n, err := strconv.Atoi(string(digits[:bytes.IndexByte(digits, ' ')]))
	if err != nil || n >= len(s.said) {
		s.wrong.Add(1)
		return
	}
	one := &s.said[n]
	switch left := one.missing.Add(-1); {
	case left == 0:
		one.took = time.Since(one.at)
		close(one.whole)
	case left < 0:
		s.wrong.Add(1) // somebody has it twice
	}
}

// speak sends for a while, with a pause before each message. Every speaker has one outstanding: acknowledged is not
// enough, all must have it before the next, or the time that is told would be that of a queue without an end. It returns
// how long each took to be complete.
func (s *stadium) speak(room string, speakers []*client, pause, length time.Duration) ([]time.Duration, error) {
	places := make(chan *client, len(speakers)) // who is free to speak
	for _, one := range speakers {
		places <- one
	}
	var failed atomic.Pointer[error]
	var speeches sync.WaitGroup
	first, due := s.number, time.Now()
	for end := due.Add(length); time.Now().Before(end) && failed.Load() == nil; {
		due = due.Add(pause)
		time.Sleep(time.Until(due))
		by, n := <-places, s.number
		s.number++
		one := &s.said[n]
		one.missing.Store(s.readers)
		one.whole, one.at = make(chan struct{}), time.Now()
		speeches.Go(func() {
			if err := one.hold(room, by, n); err != nil {
				failed.Store(&err)
			}
			places <- by
		})
	}
	speeches.Wait()
	if err := failed.Load(); err != nil {
		return nil, *err
	}
	if wrong := s.wrong.Load(); wrong > 0 {
		return nil, fmt.Errorf("%d deliveries were not expected", wrong)
	}
	var took []time.Duration
	for n := first; n < s.number; n++ {
		took = append(took, s.said[n].took)
	}
	return took, nil
}

// hold sends a message and waits until it is acknowledged and all have it.
func (one *speech) hold(room string, by *client, n int) error {
	const patience = 30 * time.Second
	body := fmt.Sprintf("number %d of a long speech to everybody who is here", n)
	err := by.call("message:send", map[string]string{"room": room, "cid": strconv.Itoa(n), "body": body}, new(struct{}))
	if err != nil {
		return err
	}
	select {
	case <-one.whole:
		return nil
	case <-time.After(patience):
		return errors.New("a message never reached everybody")
	}
}
