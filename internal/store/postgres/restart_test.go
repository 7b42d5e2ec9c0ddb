package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"parley/internal/chat"
	"parley/internal/store/postgres"
	"parley/internal/store/postgres/pgtest"
	"parley/internal/store/storetest"
)

// ledger is what senders were answered.
type ledger struct {
	mu      sync.Mutex // guards the maps
	kept    map[string]int64
	refused map[string]bool
}

// sendUntil sends from a goroutine that has its own names, until the context ends.
func (l *ledger) sendUntil(ctx context.Context, t *testing.T, service *chat.Service, by chat.Session, name string) {
	for n := 0; ctx.Err() == nil; n++ {
		cid := fmt.Sprintf("%s-%d", name, n)
		result, err := service.Send(context.Background(), by, chat.SendInput{CID: cid, Body: "body of " + cid})
		var refusal *chat.Error
		if err != nil && (!errors.As(err, &refusal) || refusal.Code != chat.Unavailable || refusal.Retry <= 0) {
			t.Errorf("%s: %v", cid, err)
			return
		}
		l.mu.Lock()
		if err == nil {
			l.kept[cid] = result.Message.Seq
		} else {
			l.refused[cid] = true
		}
		l.mu.Unlock()
		if err != nil { // as a client does, but sooner
			select {
			case <-ctx.Done():
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
}

// audit checks that the history is gapless and has what was answered, at its place, and nothing that was refused.
func (l *ledger) audit(t *testing.T, store chat.Store, room chat.ID) {
	t.Helper()
	found := make(map[string]int64)
	for after := int64(0); ; {
		var page []chat.Message
		err := store.View(t.Context(), func(tx chat.Tx) (err error) {
			page, err = tx.Messages(room, chat.Span{After: after, Before: 1 << 60, Limit: 1000})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, m := range page {
			after++
			if m.Seq != after || m.Body != "body of "+m.CID || found[m.CID] != 0 {
				t.Fatalf("at place %d: %+v", after, m)
			}
			found[m.CID] = m.Seq
		}
	}
	for cid, seq := range l.kept {
		if found[cid] != seq {
			t.Errorf("%s was answered with seq %d and is at %d", cid, seq, found[cid])
		}
	}
	for cid := range l.refused {
		if found[cid] != 0 {
			t.Errorf("%s was refused and is stored", cid)
		}
	}
	t.Logf("%d kept, %d refused", len(l.kept), len(l.refused))
}

func TestRestart_OfTheDatabaseUnderLoadIsToldAtOnceAndOverSoon(t *testing.T) {
	server := pgtest.Start(t)
	store, err := postgres.Open(t.Context(), server.Database(), &postgres.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	service := storetest.NewService(t, store, &storetest.Recorder{})
	ann := storetest.Login(t, service, "ann")
	l := &ledger{kept: make(map[string]int64), refused: make(map[string]bool)}
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() { l.sendUntil(ctx, t, service, ann, fmt.Sprint("sender-", i)) })
	}
	for range 4 {
		loaded := l.count() + 200
		await(t, "there is load", func() bool { return l.count() > loaded })
		server.Stop()
		began := time.Now()
		err := store.View(t.Context(), func(chat.Tx) error { return nil })
		if chat.CodeOf(err) != chat.Unavailable || time.Since(began) > 2*time.Second {
			t.Errorf("a read while the database is down: %v, after %v", err, time.Since(began))
		}
		await(t, "the store says that it is down", func() bool { return store.Health() != nil })
		server.Run()
		began = time.Now()
		before := l.count()
		await(t, "messages are taken again", func() bool { return l.count() > before })
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("it took %v", took)
		}
		if err := store.View(t.Context(), func(chat.Tx) error { return nil }); err != nil {
			t.Errorf("a read after the restart: %v", err)
		}
	}
	cancel()
	all.Wait()
	if err := store.Health(); err != nil {
		t.Error(err)
	}
	l.audit(t, store, service.Everyone())
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

func (l *ledger) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.kept)
}

func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !is() {
		if time.Now().After(deadline) {
			t.Fatalf("it did not come true: %s", what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}
