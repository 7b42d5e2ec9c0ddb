package chat_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"parley/internal/chat"
	"parley/internal/store/sqlite"
	"parley/internal/store/storetest"
)

// house is a chat on a real database, with what it published.
type house struct {
	*chat.Service
	store  *sqlite.Store
	events *storetest.Recorder
	hasher *storetest.Hasher
	clock  *clock
}

// clock is what the house takes for the time; only the test moves it, between calls.
type clock struct {
	t      time.Time
	jumped time.Duration // of what t has moved, no time has passed
}

// jump sets the clock, which the process cannot tell from time that has passed but by its own.
func (c *clock) jump(by time.Duration) {
	c.t = c.t.Add(by)
	c.jumped += by
}

func newHouse(t *testing.T, change func(*chat.Options)) *house {
	t.Helper()
	store, err := sqlite.Open(t.Context(), t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &house{
		store: store, events: &storetest.Recorder{}, hasher: &storetest.Hasher{},
		clock: &clock{t: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)},
	}
	start := h.clock.t
	opts := &chat.Options{Hasher: h.hasher, Now: func() time.Time { return h.clock.t },
		Elapsed: func() time.Duration { return h.clock.t.Sub(start) - h.clock.jumped }}
	if change != nil {
		change(opts)
	}
	if h.Service, err = chat.New(t.Context(), store, h.events, opts); err != nil {
		t.Fatal(err)
	}
	return h
}

// login is the session of a user, registered if need be.
func (h *house) login(t *testing.T, name string) chat.Session {
	t.Helper()
	return storetest.Login(t, h.Service, name)
}

// crowd registers person-000 and so on, all at once.
func (h *house) crowd(t *testing.T, count int) {
	t.Helper()
	var all sync.WaitGroup
	for i := range count {
		all.Go(func() { h.login(t, fmt.Sprintf("person-%03d", i)) })
	}
	all.Wait()
}

// published waits for what was committed so far to be told, and answers the events of one type.
func published[E chat.Event](t *testing.T, h *house) []E {
	t.Helper()
	h.flush(t)
	var found []E
	for _, e := range h.events.Events() {
		if e, ok := e.(E); ok {
			found = append(found, e)
		}
	}
	return found
}

// flush waits until every function registered so far has run.
func (h *house) flush(t *testing.T) {
	t.Helper()
	done := make(chan struct{})
	err := h.store.Update(t.Context(), func(tx chat.Tx) error {
		tx.AfterCommit(func() { close(done) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	<-done
}

// room makes a room with members.
func (h *house) room(t *testing.T, by chat.Session, in chat.CreateRoomInput) chat.Room {
	t.Helper()
	room, err := h.CreateRoom(t.Context(), by, in)
	if err != nil {
		t.Fatal(err)
	}
	return room
}

// say sends a text to a room, Everyone if it is "".
func (h *house) say(t *testing.T, by chat.Session, room, body string) chat.Message {
	t.Helper()
	result, err := h.Send(t.Context(), by, chat.SendInput{Room: room, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return result.Message
}

// head is a user's head of a room.
func (h *house) head(t *testing.T, by chat.Session, room chat.ID) chat.Head {
	t.Helper()
	result, err := h.Sync(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	for _, head := range result.Rooms {
		if head.Room.ID == room {
			return head
		}
	}
	t.Fatalf("room %s is not in the heads", room)
	return chat.Head{}
}

func wantCode(t *testing.T, err error, code chat.Code) {
	t.Helper()
	if chat.CodeOf(err) != code {
		t.Errorf("got %v, wanted the code %q", err, code)
	}
}

func ptr[T any](v T) *T { return &v }
