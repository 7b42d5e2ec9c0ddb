package stage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/store/postgres"
	"parley/internal/store/sqlite"
)

// Plan says who lives in a town and which rooms they share.
type Plan struct {
	People int
	Rooms  []RoomPlan

	Database string // URL of a PostgreSQL; default SQLite in the data directory
}

// RoomPlan is a room of a town. People are numbers from 0; the first is its owner.
type RoomPlan struct {
	Name    string
	Private bool
	People  []int
}

// Town is what a data directory was filled with.
type Town struct {
	People []Citizen
	Rooms  []string // ids, as planned
}

// Citizen is somebody who is logged in.
type Citizen struct {
	ID       string
	Name     string
	Password string
	Token    string
}

const (
	atOnce      = 64  // people who register at the same time
	invitedOnce = 500 // people invited to a room by one request
)

// Build fills the data directory of a server that does not run. Passwords are hashed so cheaply that thousands of people
// can come; the server does it anew when one logs in.
func (p Plan) Build(ctx context.Context, dir string) (Town, error) {
	store, err := p.open(ctx, dir)
	if err != nil {
		return Town{}, err
	}
	b := &builder{town: Town{People: make([]Citizen, p.People)}, sessions: make([]chat.Session, p.People)}
	if err := b.build(ctx, store, p); err != nil {
		store.Close()
		return Town{}, err
	}
	return b.town, store.Close()
}

// database is a chat.Store that can be closed.
type database interface {
	chat.Store
	Close() error
}

func (p Plan) open(ctx context.Context, dir string) (database, error) {
	if p.Database != "" {
		return postgres.Open(ctx, p.Database, nil)
	}
	return sqlite.Open(ctx, dir, nil)
}

type builder struct {
	chat     *chat.Service
	town     Town
	sessions []chat.Session
}

func (b *builder) build(ctx context.Context, store chat.Store, p Plan) error {
	hasher := auth.NewHasher(&auth.HasherOptions{Memory: 64})
	var err error
	b.chat, err = chat.New(ctx, store, nobody{}, &chat.Options{Hasher: hasher, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if err := b.register(ctx); err != nil {
		return err
	}
	for _, room := range p.Rooms {
		if err := b.found(ctx, room); err != nil {
			return err
		}
	}
	return nil
}

// register makes all people, in any order.
func (b *builder) register(ctx context.Context) error {
	errs := make([]error, atOnce)
	var workers sync.WaitGroup
	for w := range atOnce {
		workers.Go(func() {
			for i := w; i < len(b.town.People) && errs[w] == nil; i += atOnce {
				errs[w] = b.come(ctx, i)
			}
		})
	}
	workers.Wait()
	return errors.Join(errs...)
}

func (b *builder) come(ctx context.Context, i int) error {
	c := Citizen{Name: fmt.Sprintf("person%d", i), Password: fmt.Sprintf("the passphrase of person%d", i)}
	in, err := b.chat.Login(ctx, chat.LoginInput{Name: c.Name, Password: c.Password, Client: "stage"})
	if err != nil {
		return fmt.Errorf("register %s: %w", c.Name, err)
	}
	c.ID, c.Token = in.User.ID.String(), in.Token
	b.town.People[i], b.sessions[i] = c, in.Session
	return nil
}

func (b *builder) found(ctx context.Context, plan RoomPlan) error {
	owner := b.sessions[plan.People[0]]
	room, err := b.chat.CreateRoom(ctx, owner, chat.CreateRoomInput{Name: plan.Name, Private: plan.Private})
	if err != nil {
		return fmt.Errorf("found the room %s: %w", plan.Name, err)
	}
	var ids []string
	for _, i := range plan.People[1:] {
		ids = append(ids, b.town.People[i].ID)
	}
	for some := range slices.Chunk(ids, invitedOnce) {
		if _, err := b.chat.Invite(ctx, owner, room.ID.String(), some); err != nil {
			return fmt.Errorf("invite to the room %s: %w", plan.Name, err)
		}
	}
	b.town.Rooms = append(b.town.Rooms, room.ID.String())
	return nil
}

// nobody is told what happens while a town is built.
type nobody struct{}

// Publish implements chat.Publisher.
func (nobody) Publish(chat.Event) {}
