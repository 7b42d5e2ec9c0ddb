package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/e2e/chaos/internal/history"
	"parley/e2e/chaos/internal/person"
	"parley/e2e/stage"
	"parley/internal/wire"
)

// marked is a text that a server with a fault is concerned by (fault.Mark).
const marked = "this one meets the fault"

// scene is a world whose server breaks a promise.
type scene struct {
	*testing.T
	*world
	room string
}

// stageScene sets up a world of a faulty server.
func stageScene(t *testing.T, faults string, look eyes) *scene {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	w, err := newWorld(t.Context(), plan{
		binary: faultyBinary, data: t.TempDir(), guests: 1, eyes: look, env: []string{"PARLEY_FAULT=" + faults}, log: t.Output(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	})
	if err := w.fresh.Online(ctx); err != nil {
		t.Fatal(err)
	}
	return &scene{t, w, w.rooms[0].String()}
}

// say sends a message and returns its cid. A refusal is an answer.
func (s *scene) say(by *person.Person, words string) message {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), time.Minute)
	defer cancel()
	m := message{s.room, s.newCID(by), words}
	s.send(ctx, by, m)
	return m
}

func (s *scene) send(ctx context.Context, by *person.Person, m message) {
	s.Helper()
	_, err := by.Send(ctx, m.room, m.cid, m.words)
	if refusal := (*person.Refusal)(nil); err != nil && !errors.As(err, &refusal) {
		s.Fatalf("send %s: %v", m.cid, err)
	}
}

// chat is a few messages, some of them concerned by the fault.
func chat(s *scene) {
	for i := range 8 {
		words := "an ordinary message"
		if i == 2 || i == 5 {
			words = marked
		}
		s.say(s.people[i%2], words)
	}
}

// removeGuest puts the guest out of the room.
func (s *scene) removeGuest() *person.Person {
	s.Helper()
	guest := s.guests[0]
	if err := s.people[0].Ask(s.Context(), wire.RoomKick, map[string]any{"room": s.room, "user": guest.Name()}); err != nil {
		s.Fatal(err)
	}
	s.record.Add(history.Event{Kind: history.Revoked, Who: guest.Name(), Room: s.room})
	return guest
}

// awaitShown waits until somebody has shown a message.
func (s *scene) awaitShown(who *person.Person, m message) {
	s.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if slices.ContainsFunc(s.record.Events(), func(e history.Event) bool {
			return e.Kind == history.Shown && e.Who == who.Name() && e.CID == m.cid
		}) {
			return
		}
		if time.Now().After(deadline) {
			s.Fatalf("%s never showed %s", who.Name(), m.cid)
		}
	}
}

// restart is kill -9 and a start.
func (s *scene) restart() {
	s.Helper()
	if err := s.server.Kill(); err != nil {
		s.Fatal(err)
	}
	if _, err := s.server.Start(s.Context()); err != nil {
		s.Fatal(err)
	}
}

func TestSeeded_EachBrokenPromiseIsFoundAndNoOther(t *testing.T) {
	tests := map[string]struct {
		faults string
		eyes   eyes
		play   func(*scene)
		want   []history.Rule
	}{
		"a send is answered before it is committed": {"ack-early", open, func(s *scene) {
			s.say(s.people[1], "an ordinary message")
			s.say(s.people[1], marked)
			s.restart()
		}, []history.Rule{history.Lost}},
		"a message is told before it is committed": {"publish-early", open, func(s *scene) {
			ctx, giveUp := context.WithCancel(s.Context())
			m := message{s.room, s.newCID(s.people[1]), marked}
			s.senders.Go(func() { _, _ = s.people[1].Send(ctx, m.room, m.cid, m.words) }) // it is never answered
			s.awaitShown(s.people[2], m)
			giveUp()
			s.restart()
		}, []history.Rule{history.ShownButAbsent}},
		"retries are known for a while only": {"forget-cids", open, func(s *scene) {
			m := s.say(s.people[1], marked)
			s.say(s.people[2], "an ordinary message")
			time.Sleep(200 * time.Millisecond) // longer than fault.Window
			s.send(s.Context(), s.people[1], m)
		}, []history.Rule{history.Duplicated}},
		"a message is hidden from everybody":   {"drop-fanout,hide-change", open, chat, []history.Rule{history.Missed}},
		"a lost event is repaired by rev":      {"drop-fanout", open, chat, nil},
		"a place stays empty":                  {"skip-seq", open, chat, []history.Rule{history.Gapped}},
		"another body is stored":               {"alter", open, chat, []history.Rule{history.Altered}},
		"the later message gets the old place": {"swap", closed, chat, []history.Rule{history.Reordered}},
		"a retry is answered with another place": {"move", open, func(s *scene) {
			m := s.say(s.people[1], "an ordinary message")
			s.say(s.people[2], "an ordinary message")
			s.send(s.Context(), s.people[1], m)
		}, []history.Rule{history.Moved}},
		"an event comes twice":               {"repeat", naive, chat, []history.Rule{history.ShownTwice}},
		"a good client ignores the second":   {"repeat", open, chat, nil},
		"a message appears that nobody sent": {"ghost", open, chat, []history.Rule{history.Phantom}},
		"a stored message is refused":        {"refuse-stored", open, chat, []history.Rule{history.RefusedButStored}},
		"who was removed may send": {"send-after-out", open, func(s *scene) {
			s.say(s.removeGuest(), "here I am again")
		}, []history.Rule{history.SentAfter}},
		"who was removed is told": {"show-after-out", naive, func(s *scene) {
			guest := s.removeGuest()
			s.awaitShown(guest, s.say(s.people[1], "between us"))
		}, []history.Rule{history.ShownAfter}},
		"nothing is broken": {"", open, func(s *scene) {
			chat(s)
			s.restart()
			chat(s)
			s.say(s.removeGuest(), "here I am again")
		}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stageScene(t, test.faults, test.eyes)
			test.play(s)
			found, err := s.settle(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := history.Rules(found); !slices.Equal(got, test.want) {
				t.Errorf("found %v, want %v: %v", got, test.want, found)
			}
		})
	}
}

func TestSeeded_TheStartRefusesADatabaseThatDoesNotWaitForTheDisk(t *testing.T) {
	s := stage.Server{Binary: faultyBinary, Data: t.TempDir(), Env: []string{"PARLEY_FAULT=flush-less"}}
	if _, err := s.Start(t.Context()); err == nil || !strings.Contains(err.Error(), "synchronous setting is 1, not 2 (full)") {
		t.Errorf("got %v", err)
		_ = s.Kill()
	}
}
