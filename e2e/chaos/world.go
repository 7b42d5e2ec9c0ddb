package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"parley/e2e/chaos/internal/history"
	"parley/e2e/chaos/internal/person"
	"parley/e2e/stage"
	"parley/internal/wire"
)

// The people of a run. The first regular owns the rooms; guests are put out of them, one after the other.
const (
	regulars  = 8
	roomCount = 3
)

// plan is a run of the harness.
type plan struct {
	binary string        // of parley
	data   string        // an empty directory
	seed   uint64        // decides what the nemesis does
	length time.Duration // how long; 0 = until rounds are done
	rounds int           // how many faults; 0 = until length is over
	only   string        // one kind of fault; empty = all kinds
	guests int           // people who are put out of a room or of their session meanwhile
	eyes   eyes          // how people look at what they are told
	env    []string      // further variables of the server's environment

	database string    // URL of a PostgreSQL; default SQLite
	log      io.Writer // what happens, for people
}

// eyes are how people look at what they are told.
type eyes byte

const (
	open   eyes = iota // as a good client does
	naive              // person.Options.Naive
	closed             // person.Options.Blind
)

// world is a server with people around it.
type world struct {
	plan
	server  *stage.Server
	record  *history.Recorder
	town    stage.Town
	people  []*person.Person // regulars
	guests  []*person.Person // those who are not out yet
	fresh   *person.Person   // shows nothing, and reads all at the end
	authors map[wire.ID]string

	rooms     []wire.ID
	stopping  atomic.Bool // senders finish what they have begun
	senders   sync.WaitGroup
	messages  atomic.Int64 // made so far, for cids
	lastSends sync.Map     // name → a send that was acknowledged
}

// serveFlags let a few clients do the work of many.
var serveFlags = []string{
	"--registration=open", "--sends-per-second=1000000", "--send-burst=1000000", "--sockets-per-user=100000",
	"--sockets-per-address=100000", "--log-level=warn",
}

// newWorld builds the town, starts the server and connects everybody.
func newWorld(ctx context.Context, p plan) (*world, error) {
	w := &world{plan: p, record: new(history.Recorder), authors: map[wire.ID]string{}}
	var everybody []int
	for i := range regulars + p.guests + 1 {
		everybody = append(everybody, i)
	}
	town := stage.Plan{People: len(everybody), Database: p.database}
	for i := range roomCount {
		town.Rooms = append(town.Rooms, stage.RoomPlan{Name: fmt.Sprint("room", i), Private: true, People: everybody})
	}
	var err error
	if w.town, err = town.Build(ctx, p.data); err != nil {
		return nil, err
	}
	for _, room := range w.town.Rooms {
		id, err := strconv.ParseInt(room, 10, 64)
		if err != nil {
			return nil, err
		}
		w.rooms = append(w.rooms, wire.ID(id))
	}
	w.server = &stage.Server{Binary: p.binary, Data: p.data, Args: serveFlags, Env: p.env}
	if p.database != "" {
		w.server.Args = append(slices.Clone(serveFlags), "--database="+p.database)
	}
	if _, err := w.server.Start(ctx); err != nil {
		return nil, err
	}
	for i, citizen := range w.town.People {
		look := p.eyes
		if i == len(everybody)-1 {
			look = closed
		}
		one := w.arrive(ctx, citizen, look)
		switch {
		case i < regulars:
			w.people = append(w.people, one)
		case i < regulars+p.guests:
			w.guests = append(w.guests, one)
		default:
			w.fresh = one
		}
	}
	for _, one := range w.everybody() {
		if err := one.Online(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("connect %s: %w", one.Name(), err), w.close())
		}
	}
	return w, nil
}

func (w *world) arrive(ctx context.Context, citizen stage.Citizen, look eyes) *person.Person {
	id, err := strconv.ParseInt(citizen.ID, 10, 64)
	if err != nil {
		panic(err) // the stage has made it
	}
	w.authors[wire.ID(id)] = citizen.Name
	return person.Start(ctx, person.Options{
		Name: citizen.Name, Token: citizen.Token, URL: w.server.URL(), Record: w.record,
		Blind: look == closed, Naive: look == naive,
	})
}

// close ends everything.
func (w *world) close() error {
	for _, one := range append(w.everybody(), w.fresh) {
		one.Stop()
	}
	return w.server.Kill()
}

// everybody are those who send.
func (w *world) everybody() []*person.Person { return slices.Concat(w.people, w.guests) }

// load makes everybody send until stopping.
func (w *world) load(ctx context.Context) {
	for _, one := range w.everybody() {
		w.senders.Go(func() { w.chatter(ctx, one) })
	}
}

// chatter sends one message after the other, as an impatient person does. Somebody who is refused goes on trying; whose
// session is over is gone.
func (w *world) chatter(ctx context.Context, one *person.Person) {
	const longestPause = 30 * time.Millisecond
	for !w.stopping.Load() {
		m := message{room: w.rooms[rand.IntN(len(w.rooms))].String(), cid: w.newCID(one), words: someWords()}
		_, err := one.Send(ctx, m.room, m.cid, m.words)
		var refusal *person.Refusal
		switch {
		case err == nil:
			w.lastSends.LoadOrStore(one.Name()+m.room, m)
		case !errors.As(err, &refusal):
			return
		}
		time.Sleep(time.Duration(rand.Int64N(int64(longestPause)))) // people do not type faster
	}
}

// message is one that was sent.
type message struct{ room, cid, words string }

func (w *world) newCID(one *person.Person) string {
	return fmt.Sprintf("%s-%d", one.Name(), w.messages.Add(1))
}

func someWords() string {
	const text = "the quick brown fox jumps over the lazy dog and comes back to jump once more "
	return text[rand.IntN(len(text)/2):]
}

// settle ends the load, sends old messages once more, waits until everybody shows everything, reads what is kept and
// returns what is wrong.
func (w *world) settle(ctx context.Context) ([]history.Violation, error) {
	w.stopping.Store(true)
	w.senders.Wait()
	if err := w.sendAgain(ctx); err != nil {
		return nil, err
	}
	for _, room := range w.rooms {
		if err := w.settleRoom(ctx, room); err != nil {
			return nil, err
		}
	}
	return history.Check(w.record.Events()), nil
}

// sendAgain sends the first message of everybody in each room again, as a phone does that was in a drawer.
func (w *world) sendAgain(ctx context.Context) error {
	for _, one := range w.people {
		for _, room := range w.rooms {
			first, ok := w.lastSends.Load(one.Name() + room.String())
			if !ok {
				continue
			}
			m := first.(message)
			if _, err := one.Send(ctx, m.room, m.cid, m.words); err != nil {
				return fmt.Errorf("send %s again: %w", m.cid, err)
			}
		}
	}
	return nil
}

func (w *world) settleRoom(ctx context.Context, room wire.ID) error {
	const enough = 60 * time.Second
	rev, err := w.fresh.LastRev(ctx, room)
	if err != nil {
		return fmt.Errorf("read the last rev: %w", err)
	}
	if w.eyes != open {
		return w.fresh.ReadAll(ctx, room, w.authors)
	}
	waiting, cancel := context.WithTimeout(ctx, enough)
	defer cancel()
	for _, one := range w.people {
		if err := one.Reach(waiting, room, rev); err != nil && ctx.Err() != nil {
			return err
		}
	}
	return w.fresh.ReadAll(ctx, room, w.authors)
}
