package sqlite_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/internal/chat"
	"parley/internal/store/sqlite"
	"parley/internal/store/storetest"
)

// searchMessages is how many messages there are to search, in a hundred rooms.
const searchMessages = 100_000

// BenchmarkSearch: words that are in every message, in few, in none, and two that are never in the same one.
func BenchmarkSearch(b *testing.B) {
	store, err := sqlite.Open(b.Context(), b.TempDir(), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	people, rooms := populate(b, storetest.NewService(b, store, discard{}), 100, 100)
	fill(b, store, people, rooms)
	service := storetest.NewService(b, store, discard{}) // it indexes what is there
	for name, in := range map[string]chat.SearchInput{
		"in all":         {Query: "common"},
		"in all, phrase": {Query: `"a common word"`},
		"in few":         {Query: "rare7"},
		"in none":        {Query: "missing"},
		"never together": {Query: "even odd"},
		"of one room":    {Query: "common", Room: rooms[7]},
		"of one author":  {Query: "even", Author: people[8].User.String()},
		"last year":      {Query: "common", Before: time.Now().AddDate(-1, 0, 0)},
	} {
		b.Run(name, func(b *testing.B) {
			var times []time.Duration
			for range b.N {
				began := time.Now()
				if _, err := service.Search(b.Context(), people[0], in); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(began))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}

// fill stores messages past the service, as an import would.
func fill(b *testing.B, store *sqlite.Store, people []chat.Session, rooms []string) {
	const atOnce = 5000
	for first := 0; first < searchMessages; first += atOnce {
		err := store.Update(b.Context(), func(tx chat.Tx) error {
			for n := first; n < first+atOnce; n++ {
				room, _ := chat.ParseID(rooms[n%len(rooms)])
				seq, rev, err := tx.NextMessage(room)
				if err != nil {
					return err
				}
				_, err = tx.InsertMessage(chat.Message{
					ID: chat.ID(n + 1), Room: room, Seq: seq, Rev: rev, Author: chat.ShortUser{ID: people[n%len(people)].User},
					Kind: chat.KindText, CID: fmt.Sprint("fill ", n), CreatedAt: time.Now(),
					Body: fmt.Sprintf("a common word in %s message number %d, rare%d", [2]string{"even", "odd"}[n%2], n, n%(searchMessages/10)),
				}, 0, 0)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
