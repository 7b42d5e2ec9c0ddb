// Package storetest is the contract that every chat.Store passes, and what tests of a chat on a real store need.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"parley/internal/chat"
)

// Run checks a store. Open makes an empty one, which is closed when the test ends.
func Run(t *testing.T, open func(t *testing.T) chat.Store) {
	for name, test := range map[string]func(*testing.T, chat.Store){
		"a refused function keeps nothing, its neighbours keep everything": refusedKeepsNothing,
		"what is registered runs once, after the commit, in commit order":  hooksRun,
		"a read sees one state and does not wait for the writer":           readsAreConsistent,
		"a read cannot write":                               readsCannotWrite,
		"a context that has ended begins nothing":           endedContext,
		"a panic reaches its caller and nobody else":        panics,
		"what is not there is ErrNotFound":                  notFound,
		"what must be unique and is not is ErrExists":       exists,
		"counters rise by one for each of many at once":     countersAreGapless,
		"a membership comes back with what it is put with":  memberships,
		"what a member has seen never goes back":            seenMarks,
		"a message comes back as it was inserted":           messages,
		"a message comes back as it was changed":            changedMessages,
		"a thread is read by its beginning, pins by time":   threadsAndPins,
		"what a message said is kept up to a number":        edits,
		"the search index finds what it was told":           search,
		"files are there until they are dropped":            files,
		"invitations are found by the hash of their code":   invitations,
		"blocks hold both ways among a room's members":      blocks,
		"what is over is dropped in batches":                sweep,
		"sessions are found by their token until the end":   sessions,
		"unread is what a count of all messages says":       unread,
		"names that differ in case only are found by a key": roomNames,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

var errRefused = errors.New("refused by a rule")

func refusedKeepsNothing(t *testing.T, s chat.Store) {
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			err := s.Update(t.Context(), func(tx chat.Tx) error {
				if err := tx.SetSetting(fmt.Sprintf("key-%d", i), "value"); err != nil {
					return err
				}
				if i%3 == 0 {
					return errRefused
				}
				return nil
			})
			if (i%3 == 0) != errors.Is(err, errRefused) {
				t.Errorf("function %d: %v", i, err)
			}
		})
	}
	all.Wait()
	view(t, s, func(tx chat.Tx) error {
		for i := range 64 {
			_, err := tx.Setting(fmt.Sprintf("key-%d", i))
			if (i%3 == 0) != errors.Is(err, chat.ErrNotFound) {
				t.Errorf("what function %d wrote: %v", i, err)
			}
		}
		return nil
	})
}

func hooksRun(t *testing.T, s chat.Store) {
	insertRoom(t, s, 1)
	var all sync.WaitGroup
	var told []int64 // only the hooks touch it, one at a time
	for i := range 200 {
		all.Go(func() {
			err := s.Update(t.Context(), func(tx chat.Tx) error {
				_, rev, err := next(tx, 1)
				if err != nil {
					return err
				}
				tx.AfterCommit(func() { told = append(told, rev) })
				if i%4 == 0 {
					return errRefused
				}
				return nil
			})
			if err != nil && !errors.Is(err, errRefused) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	done := make(chan struct{})
	update(t, s, func(tx chat.Tx) error {
		tx.AfterCommit(func() { close(done) })
		return nil
	})
	<-done
	if len(told) != 150 {
		t.Errorf("%d functions ran, wanted 150", len(told))
	}
	for i, rev := range told {
		if rev != int64(i)+2 {
			t.Fatalf("the order of revs is %v", told)
		}
	}
}

func readsAreConsistent(t *testing.T, s chat.Store) {
	insertRoom(t, s, 1)
	view(t, s, func(reader chat.Tx) error {
		before, err := reader.Room(1)
		if err != nil {
			return err
		}
		update(t, s, func(tx chat.Tx) error {
			_, _, err := next(tx, 1)
			return err
		})
		after, err := reader.Room(1)
		if err != nil {
			return err
		}
		if before.LastRev != after.LastRev {
			t.Errorf("rev %d became %d while one read ran", before.LastRev, after.LastRev)
		}
		return nil
	})
	view(t, s, func(tx chat.Tx) error {
		room, err := tx.Room(1)
		if err == nil && room.LastRev != 2 {
			t.Errorf("a later read sees rev %d", room.LastRev)
		}
		return err
	})
}

func readsCannotWrite(t *testing.T, s chat.Store) {
	if err := s.View(t.Context(), func(tx chat.Tx) error { return tx.SetSetting("key", "value") }); err == nil {
		t.Error("a read has written")
	}
}

func endedContext(t *testing.T, s chat.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	never := func(chat.Tx) error {
		t.Error("the function ran")
		return nil
	}
	if err := s.Update(ctx, never); !errors.Is(err, context.Canceled) {
		t.Errorf("update: %v", err)
	}
	if err := s.View(ctx, never); !errors.Is(err, context.Canceled) {
		t.Errorf("view: %v", err)
	}

	// While one function runs, another that waits behind it can be called off; the one that runs cannot.
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	running, finish := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- s.Update(ctx, func(tx chat.Tx) error {
			close(running)
			<-finish
			return tx.SetSetting("key", "value")
		})
	}()
	<-running
	cancel()
	if err := s.Update(ctx, never); !errors.Is(err, context.Canceled) {
		t.Errorf("called off while waiting: %v", err)
	}
	close(finish)
	if err := <-first; err != nil {
		t.Errorf("a function that had begun: %v", err)
	}
	view(t, s, func(tx chat.Tx) error {
		_, err := tx.Setting("key")
		return err
	})
}

func panics(t *testing.T, s chat.Store) {
	func() {
		defer func() {
			if got := recover(); got != "oh" {
				t.Errorf("recovered %v", got)
			}
		}()
		_ = s.Update(t.Context(), func(tx chat.Tx) error {
			if err := tx.SetSetting("key", "value"); err != nil {
				return err
			}
			panic("oh")
		})
	}()
	view(t, s, func(tx chat.Tx) error {
		if _, err := tx.Setting("key"); !errors.Is(err, chat.ErrNotFound) {
			t.Errorf("what was written before the panic: %v", err)
		}
		return nil
	})
}

func notFound(t *testing.T, s chat.Store) {
	update(t, s, func(tx chat.Tx) error {
		for what, ask := range map[string]func() error{
			"setting":     func() error { _, err := tx.Setting("x"); return err },
			"user":        func() error { _, err := tx.User(1); return err },
			"name":        func() error { _, err := tx.UserByName("x"); return err },
			"credentials": func() error { _, _, err := tx.Credentials("x"); return err },
			"look-alike":  func() error { _, err := tx.LookAlike("x"); return err },
			"session":     func() error { _, _, err := tx.SessionByToken([]byte("x")); return err },
			"actor":       func() error { _, err := tx.Actor(1); return err },
			"room":        func() error { _, err := tx.Room(1); return err },
			"open room":   func() error { _, err := tx.OpenRoomByName("x"); return err },
			"private":     func() error { _, err := tx.PrivateRoomByName(1, "x"); return err },
			"dm":          func() error { _, err := tx.DMRoom("1:2"); return err },
			"room for":    func() error { _, _, err := tx.RoomFor(1, 1); return err },
			"member":      func() error { _, err := tx.MemberByName(1, "x"); return err },
			"counter":     func() error { _, _, err := tx.NextMessage(chat.Room{ID: 1}); return err },
			"change":      func() error { _, err := tx.NextChange(1); return err },
			"update":      func() error { return tx.UpdateMessage(chat.Message{Room: 1, Seq: 1}) },
			"mention":     func() error { return tx.DeleteMention(1, 1, 1) },
			"membership":  func() error { _, err := tx.NextMembership(1, 1); return err },
			"leaving":     func() error { return tx.SetLeft(1, 1, time.Now()) },
			"read mark":   func() error { return tx.SetReadSeq(1, 1, 1, time.Now()) },
			"delivery":    func() error { return tx.SetDelivered(1, 1, 1) },
			"password":    func() error { return tx.SetPasswordHash(1, "x") },
			"message":     func() error { _, err := tx.MessageAt(1, 1); return err },
			"file":        func() error { _, err := tx.File(1); return err },
			"to index":    func() error { return tx.Reindex(1, 1, "x") },
			"first sent":  func() error { _, err := tx.FirstSent(1, "x"); return err },
		} {
			if err := ask(); !errors.Is(err, chat.ErrNotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		return nil
	})
}

func exists(t *testing.T, s chat.Store) {
	insertUser(t, s, 1, "ann")
	insertRoom(t, s, 1)
	update(t, s, func(tx chat.Tx) error { return tx.InsertMessage(message(1, 1, 1, "c"), 0, 0) })
	for what, insert := range map[string]func(chat.Tx) error{
		"a user's id":       func(tx chat.Tx) error { return tx.InsertUser(user(1, "bob")) },
		"a user's name":     func(tx chat.Tx) error { return tx.InsertUser(user(2, "ann")) },
		"a room's name":     func(tx chat.Tx) error { return tx.InsertRoom(chat.NewRoom{Room: room(2), NameKey: "room 1"}) },
		"a message's seq":   func(tx chat.Tx) error { return tx.InsertMessage(message(2, 1, 2, "d"), 0, 0) },
		"a message's rev":   func(tx chat.Tx) error { return tx.InsertMessage(message(2, 2, 1, "d"), 0, 0) },
		"an author and cid": func(tx chat.Tx) error { return tx.InsertMessage(message(2, 2, 2, "c"), 0, 0) },
	} {
		if err := s.Update(t.Context(), insert); !errors.Is(err, chat.ErrExists) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func countersAreGapless(t *testing.T, s chat.Store) {
	insertRoom(t, s, 1)
	var all sync.WaitGroup
	seen := make([]int64, 300)
	for i := range seen {
		all.Go(func() {
			err := s.Update(t.Context(), func(tx chat.Tx) (err error) {
				seen[i], _, err = next(tx, 1)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	got := make(map[int64]bool)
	for _, seq := range seen {
		got[seq] = true
	}
	for seq := int64(1); seq <= 300; seq++ {
		if !got[seq] {
			t.Errorf("nobody got seq %d", seq)
		}
	}
}
