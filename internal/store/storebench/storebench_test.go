// Package storebench measures the stores with millions of messages in them: make bench-store.
package storebench

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/chat"
	"parley/internal/store/postgres"
	"parley/internal/store/postgres/pgtest"
	"parley/internal/store/sqlite"
	"parley/internal/store/storetest"
)

var (
	messages = flag.Int("messages", 2_000_000, "how many messages there are")
	sending  = flag.Duration("sending", 20*time.Second, "how long to send")
)

// closer is a store as its opener sees it.
type closer interface {
	chat.Store
	Close() error
}

// BenchmarkStore fills a store, asks it what clients ask, and sends. One round is a measurement: use -benchtime 1x.
func BenchmarkStore(b *testing.B) {
	all := newResults()
	b.Run("sqlite", func(b *testing.B) {
		store, err := sqlite.Open(b.Context(), b.TempDir(), nil)
		if err != nil {
			b.Fatal(err)
		}
		measure(b, store, all)
	})
	b.Run("postgres", func(b *testing.B) {
		server := pgtest.Start(b, "shared_buffers=512MB", "max_wal_size=4GB")
		address := server.Database()
		store, err := postgres.Open(b.Context(), address, nil)
		if err != nil {
			b.Fatal(err)
		}
		measure(b, store, all)
	})
	all.write(b)
}

// measure is the whole of a measurement of one store.
func measure(b *testing.B, store closer, all *results) {
	defer store.Close()
	tell("%s, load %s", b.Name(), load())
	h := found(b, store)
	h.results, h.name = all, b.Name()[strings.LastIndex(b.Name(), "/")+1:]
	all.stores = append(all.stores, h.name)
	h.fill(b)
	h.index(b)
	h.reads(b)
	h.searches(b)
	h.sends(b)
}

type discard struct{}

func (discard) Publish(chat.Event) {}

// house is a chat with people and rooms. Everybody is in each room, so that each may search in all.
type house struct {
	store   chat.Store
	service *chat.Service
	people  []chat.Session
	rooms   []chat.ID

	results *results
	name    string // of the store
}

// Sizes of a house. The first room gets half of all messages.
const (
	people = 64
	rooms  = 200
)

func found(b *testing.B, store chat.Store) *house {
	h := &house{store: store, service: storetest.NewService(b, store, discard{})}
	for i := range people {
		h.people = append(h.people, storetest.Login(b, h.service, fmt.Sprintf("person-%d", i)))
	}
	for i := range rooms {
		room, err := h.service.CreateRoom(b.Context(), h.people[0], chat.CreateRoomInput{Name: fmt.Sprintf("room %d", i)})
		if err != nil {
			b.Fatal(err)
		}
		h.rooms = append(h.rooms, room.ID)
	}
	var all sync.WaitGroup
	for _, person := range h.people[1:] {
		all.Go(func() {
			for _, room := range h.rooms {
				if _, err := h.service.JoinRoom(b.Context(), person, room.String()); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	return h
}

// fill stores messages past the service, as an import would.
func (h *house) fill(b *testing.B) {
	const atOnce = 200 // SQLite takes longer for each the more one function writes
	progress := startProgress("stored", *messages)
	for first := 0; first < *messages; first += atOnce {
		last := min(first+atOnce, *messages)
		err := h.store.Update(b.Context(), func(tx chat.Tx) error {
			for n := first; n < last; n++ {
				if err := h.insert(tx, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		progress.at(last)
	}
}

func (h *house) insert(tx chat.Tx, n int) error {
	room := h.rooms[0]
	if n%2 == 1 {
		room = h.rooms[n/2%len(h.rooms)]
	}
	found, err := tx.Room(room)
	if err != nil {
		return err
	}
	seq, rev, err := tx.NextMessage(found)
	if err != nil {
		return err
	}
	return tx.InsertMessage(chat.Message{
		ID: chat.ID(n + 1), Room: room, Seq: seq, Rev: rev, Author: chat.ShortUser{ID: h.people[n%people].User},
		Kind: chat.KindText, CID: fmt.Sprint("fill ", n), CreatedAt: time.Now(), Body: body(n),
	}, 0, 0)
}

// body is a text of usual length. "common" is in all, "even" and "odd" in half of them each and never together, "rare" with
// a number in few.
func body(n int) string {
	words := []string{"meeting", "tomorrow", "release", "coffee", "问题", "broken", "ship", "review", "日本語", "lunch", "thanks"}
	return fmt.Sprintf("a common %s word in %s message number %d about %s and %s, rare%d",
		[2]string{"even", "odd"}[n/2%2], words[n%len(words)], n, words[n/7%len(words)], words[n/77%len(words)], n%100_000)
}

// index opens the chat anew, which tells the search index of all messages.
func (h *house) index(b *testing.B) {
	tell("indexing")
	began := time.Now()
	h.service = storetest.NewService(b, h.store, discard{})
	took := time.Since(began)
	tell("indexed %d messages in %v, %.0f/s", *messages, took.Round(time.Second), float64(*messages)/took.Seconds())
}

// progress tells how far something is, every few seconds.
type progress struct {
	what       string
	all        int
	began, now time.Time
}

func startProgress(what string, all int) *progress {
	return &progress{what: what, all: all, began: time.Now(), now: time.Now()}
}

func (p *progress) at(done int) {
	if time.Since(p.now) < 5*time.Second && done < p.all {
		return
	}
	p.now = time.Now()
	tell("%s %d of %d, %.0f/s", p.what, done, p.all, float64(done)/time.Since(p.began).Seconds())
}

func tell(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// load is the load average of the machine, where it tells one.
func load() string {
	text, err := os.ReadFile(filepath.Join("/proc", "loadavg"))
	if err != nil {
		return "unknown"
	}
	fields := strings.Fields(string(text))
	return strings.Join(fields[:min(3, len(fields))], " ")
}
