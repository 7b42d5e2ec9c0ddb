package main

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/e2e/chaos/internal/history"
	"parley/e2e/chaos/internal/person"
)

// valve is a network connection that can be made to pass nothing on.
type valve struct {
	mu   sync.Mutex // guards open
	open chan struct{}
}

// valved is a connection behind a valve.
type valved struct {
	net.Conn
	valve *valve
}

// Read implements net.Conn.
func (c *valved) Read(b []byte) (int, error) {
	c.valve.mu.Lock()
	open := c.valve.open
	c.valve.mu.Unlock()
	if open != nil {
		<-open
	}
	return c.Conn.Read(b)
}

// shut lets nothing through any more.
func (v *valve) shut() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.open = make(chan struct{})
}

// reopen lets everything through again.
func (v *valve) reopen() {
	v.mu.Lock()
	defer v.mu.Unlock()
	close(v.open)
	v.open = nil
}

func (v *valve) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &valved{Conn: c, valve: v}, nil
}

func TestSlowConsumer_IsCutAndNobodyElseWaitsAndCatchesUp(t *testing.T) {
	w, err := newWorld(t.Context(), plan{binary: binary, data: t.TempDir(), guests: 1, eyes: closed, log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	w.guests[0].Stop() // the slow one takes their place
	var v valve
	citizen := w.town.People[regulars]
	slow := person.Start(t.Context(), person.Options{
		Name: citizen.Name, Token: citizen.Token, URL: w.server.URL(), Record: w.record, Dial: v.dial,
	})
	defer slow.Stop()
	if err := slow.Online(t.Context()); err != nil {
		t.Fatal(err)
	}

	const few, many = 400, 4000
	before := w.flood(t, few, func() bool { return false })
	v.shut()
	cut := func() bool { return strings.Contains(w.server.Log(), "write queue full") }
	during := w.flood(t, many, cut)
	if !cut() {
		t.Fatalf("%d messages later the one who does not read is not cut\n%s", many, w.server.Log())
	}
	const noise = 200 * time.Millisecond // what a busy machine may add; one who blocks others costs seconds
	t.Logf("99 of 100 answers came within %v before, %v beside the slow one", p99(before), p99(during))
	if p99(during) > 3*p99(before)+noise {
		t.Errorf("others waited %v, before it was %v", p99(during), p99(before))
	}

	v.reopen()
	rev, err := w.fresh.LastRev(t.Context(), w.rooms[0])
	if err != nil {
		t.Fatal(err)
	}
	patience, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := slow.Reach(patience, w.rooms[0], rev); err != nil {
		t.Errorf("the slow one never caught up: %v", err)
	}
	if err := w.fresh.ReadAll(t.Context(), w.rooms[0], w.authors); err != nil {
		t.Fatal(err)
	}
	if found := history.Check(w.record.Events()); len(found) > 0 {
		t.Errorf("%d violations, such as %v", len(found), found[0])
	}
}

// flood makes everybody send long messages to one room, so many in all or until something is so, and returns how long
// the answers took.
func (w *world) flood(t *testing.T, count int, until func() bool) []time.Duration {
	t.Helper()
	words := strings.Repeat("a long story ", 500)
	var mu sync.Mutex
	var took []time.Duration
	var senders sync.WaitGroup
	for _, one := range w.people {
		senders.Go(func() {
			for range count / len(w.people) {
				if until() {
					return
				}
				d, err := one.Send(t.Context(), w.rooms[0].String(), w.newCID(one), words)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				took = append(took, d)
				mu.Unlock()
			}
		})
	}
	senders.Wait()
	return took
}

func p99(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)*99/100]
}
