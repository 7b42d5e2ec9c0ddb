package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"parley/e2e/stage"
)

// memory is 10,000 people who are connected and silent, each in five rooms.
func (b *bench) memory(ctx context.Context) error {
	const people, rooms, size = 10_000, 25, 1600 // beside the room of all: four each
	plan := stage.Plan{People: people}
	for i := range rooms {
		members := make([]int, size)
		for j := range members {
			members[j] = (i*people/rooms + j) % people
		}
		plan.Rooms = append(plan.Rooms, stage.RoomPlan{Name: fmt.Sprint("room", i), People: members})
	}
	t, err := b.settle(ctx, "memory", plan)
	if err != nil {
		return err
	}
	defer t.leave()
	before, err := t.settled()
	if err != nil {
		return err
	}
	if err := t.comeAll(ctx, func([]byte) {}); err != nil {
		return err
	}
	after, err := t.settled()
	if err != nil {
		return err
	}
	b.report("memory of a person, 10,000 in five rooms each", "≤ 8 KB", "%.2f KB (%.0f MB in all)", float64(after-before)/people/1e3, megabytes(after))
	return nil
}

// blackout is kill -9 with 1,000 people connected, who come back as the official client does.
func (b *bench) blackout(ctx context.Context) error {
	const people = 1000
	t, err := b.settle(ctx, "blackout", stage.Plan{
		People: people, Rooms: []stage.RoomPlan{{Name: "stadium", People: numbers(people)}},
	})
	if err != nil {
		return err
	}
	defer t.leave()
	if err := t.comeAll(ctx, func([]byte) {}); err != nil {
		return err
	}
	began := time.Now()
	if err := t.server.Kill(); err != nil {
		return err
	}
	away, errs := make([]time.Duration, people), make([]error, people)
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() { away[i], errs[i] = t.comeBack(ctx, i, began) })
	}
	started, err := t.server.Start(ctx)
	all.Wait()
	if err := errors.Join(append(errs, err)...); err != nil {
		return err
	}
	b.report("blackout of 1,000 people by kill -9", "≤ 3 s", "%v for 99 of 100 (the server served again after %v)", p99(away), started.Round(time.Millisecond))
	return nil
}

// comeBack connects again, first after half a second to one and a half, then after up to twice as long each time.
func (t *town) comeBack(ctx context.Context, who int, lost time.Time) (time.Duration, error) {
	for delay := time.Second; ; delay = min(2*delay, 5*time.Second) {
		time.Sleep(delay/2 + rand.N(delay))
		c, err := connect(ctx, t.server.Address(), t.People[who].Token, func([]byte) {})
		if err == nil {
			return time.Since(lost), c.conn.Close()
		}
		if time.Since(lost) > time.Minute {
			return 0, fmt.Errorf("person %d does not come back: %w", who, err)
		}
	}
}
