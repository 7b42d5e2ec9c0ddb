package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"parley/e2e/chaos/internal/history"
	"parley/e2e/chaos/internal/person"
	"parley/internal/wire"
)

// fault is one kind of what the nemesis does.
type fault struct {
	name   string
	weight int
	strike func(*nemesis, context.Context) error
}

func faults() []fault {
	return []fault{
		{"kill", 6, (*nemesis).kill},
		{"pause", 2, (*nemesis).pause},
		{"cut", 2, (*nemesis).cut},
		{"put-out", 2, (*nemesis).putOut},
	}
}

// nemesis makes faults, of which a seed decides.
type nemesis struct {
	*world
	rand   *rand.Rand
	faults []fault
	struck map[string]int
	starts []time.Duration // from the start of the process until it served, after each kill
}

func newNemesis(w *world) *nemesis {
	n := &nemesis{world: w, rand: rand.New(rand.NewPCG(w.seed, 0)), struck: map[string]int{}}
	for _, f := range faults() {
		if w.only != "" && w.only != f.name {
			continue
		}
		for range f.weight {
			n.faults = append(n.faults, f)
		}
	}
	return n
}

// rage makes one fault after the other, each under load, until the plan is fulfilled.
func (n *nemesis) rage(ctx context.Context) error {
	began := time.Now()
	for round := 1; n.rounds == 0 || round <= n.rounds; round++ {
		if n.length > 0 && time.Since(began) > n.length {
			return nil
		}
		if err := n.underLoad(ctx); err != nil {
			return err
		}
		f := n.faults[n.rand.IntN(len(n.faults))]
		if err := f.strike(n, ctx); err != nil {
			return fmt.Errorf("round %d, %s: %w", round, f.name, err)
		}
		n.struck[f.name]++
	}
	return nil
}

// underLoad waits until messages are acknowledged again, and then a random time of 5 to 500 ms.
func (n *nemesis) underLoad(ctx context.Context) error {
	const some, patience = 5, 60 * time.Second
	wait := time.Duration(5+n.rand.IntN(496)) * time.Millisecond
	deadline := time.Now().Add(patience)
	for before := n.record.Count(history.Acked); n.record.Count(history.Acked) < before+some; {
		if time.Now().After(deadline) {
			return fmt.Errorf("nothing was acknowledged for %v\n%s", patience, n.server.Log())
		}
		time.Sleep(5 * time.Millisecond)
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// kill is kill -9, and the start of the server after it.
func (n *nemesis) kill(ctx context.Context) error {
	if err := n.server.Kill(); err != nil {
		return err
	}
	took, err := n.server.Start(ctx)
	n.starts = append(n.starts, took)
	return err
}

// pause stops the server for a while. Half of the time somebody is put out meanwhile, which takes effect when it goes on.
func (n *nemesis) pause(ctx context.Context) error {
	length := time.Duration(200+n.rand.IntN(1300)) * time.Millisecond
	if err := n.server.Pause(); err != nil {
		return err
	}
	resumed := make(chan error, 1)
	time.AfterFunc(length, func() { resumed <- n.server.Resume() })
	var err error
	if n.rand.IntN(2) == 0 {
		err = n.putOut(ctx)
	}
	return errors.Join(err, <-resumed)
}

// cut breaks the connections of some people.
func (n *nemesis) cut(context.Context) error {
	for _, one := range n.people {
		if n.rand.IntN(2) == 0 {
			one.Cut()
		}
	}
	return nil
}

// putOut removes a guest from a room, or ends their session. They go on trying.
func (n *nemesis) putOut(ctx context.Context) error {
	if len(n.guests) == 0 {
		return nil
	}
	guest := n.guests[0]
	if n.rand.IntN(4) == 0 {
		n.guests = n.guests[1:]
		return n.logOut(ctx, guest)
	}
	room := n.rooms[n.rand.IntN(len(n.rooms))]
	err := n.insist(ctx, n.people[0], wire.RoomKick, map[string]any{"room": room, "user": guest.Name()})
	if err != nil {
		return err
	}
	n.record.Add(history.Event{Kind: history.Revoked, Who: guest.Name(), Room: room.String()})
	return nil
}

func (n *nemesis) logOut(ctx context.Context, guest *person.Person) error {
	defer guest.Stop()
	if err := n.insist(ctx, guest, wire.AuthLogout, map[string]any{}); err != nil && !errors.Is(err, person.ErrOver) {
		return err
	}
	n.record.Add(history.Event{Kind: history.Revoked, Who: guest.Name()})
	return nil
}

// insist asks until there is an answer. That somebody is not there any more is as good as having put them out.
func (n *nemesis) insist(ctx context.Context, by *person.Person, event string, payload any) error {
	for {
		err := by.Ask(ctx, event, payload)
		var refusal *person.Refusal
		if err == nil || errors.As(err, &refusal) && refusal.Code == "not_found" {
			return nil
		}
		if refusal != nil || errors.Is(err, person.ErrOver) || ctx.Err() != nil {
			return err
		}
	}
}

// summary tells what was done.
func (n *nemesis) summary() string {
	var done []string
	for _, f := range faults() {
		done = append(done, fmt.Sprintf("%s %d", f.name, n.struck[f.name]))
	}
	slices.Sort(n.starts)
	line := fmt.Sprintf("seed %d: %s; %d acknowledged, %d unknown, %d refused, %d shown", n.seed, strings.Join(done, ", "),
		n.record.Count(history.Acked), n.record.Count(history.Unknown), n.record.Count(history.Refused), n.record.Count(history.Shown))
	if len(n.starts) > 0 {
		line += fmt.Sprintf("; serving again after %v (median), %v (longest)",
			n.starts[len(n.starts)/2].Round(time.Millisecond), n.starts[len(n.starts)-1].Round(time.Millisecond))
	}
	return line
}
