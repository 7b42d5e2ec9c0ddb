package sqlite_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/chat"
	"parley/internal/store/sqlite"
	"parley/internal/store/storetest"
)

type discard struct{}

func (discard) Publish(chat.Event) {}

// BenchmarkSend: 64 people, each waiting for the answer before the next message, in many rooms and in one.
func BenchmarkSend(b *testing.B) {
	const senders = 64
	for _, rooms := range []int{64, 8, 1} {
		b.Run(fmt.Sprintf("rooms=%d", rooms), func(b *testing.B) {
			store, err := sqlite.Open(b.Context(), b.TempDir(), nil)
			if err != nil {
				b.Fatal(err)
			}
			defer store.Close()
			service := storetest.NewService(b, store, discard{})
			people, ids := populate(b, service, senders, rooms)

			var left atomic.Int64
			left.Store(int64(b.N))
			times := make([][]time.Duration, senders)
			var running sync.WaitGroup
			b.ResetTimer()
			for i := range senders {
				running.Go(func() {
					for n := left.Add(-1); n >= 0; n = left.Add(-1) {
						began := time.Now()
						_, err := service.Send(b.Context(), people[i], chat.SendInput{
							Room: ids[i%rooms], CID: fmt.Sprintf("%08x-%d-%d", uint32(n)*2654435761, i, n),
							Body: "a message of the usual length, as people write them",
						})
						if err != nil {
							b.Error(err)
							return
						}
						times[i] = append(times[i], time.Since(began))
					}
				})
			}
			running.Wait()
			b.StopTimer()
			report(b, slices.Concat(times...))
		})
	}
}

func populate(b *testing.B, service *chat.Service, senders, rooms int) ([]chat.Session, []string) {
	people := make([]chat.Session, senders)
	for i := range people {
		people[i] = storetest.Login(b, service, fmt.Sprintf("person-%d", i))
	}
	ids := make([]string, rooms)
	for i := range ids {
		room, err := service.CreateRoom(b.Context(), people[i], chat.CreateRoomInput{Name: fmt.Sprintf("room %d", i)})
		if err != nil {
			b.Fatal(err)
		}
		ids[i] = room.ID.String()
	}
	for i, person := range people {
		if _, err := service.JoinRoom(b.Context(), person, ids[i%rooms]); err != nil {
			b.Fatal(err)
		}
	}
	return people, ids
}

func report(b *testing.B, times []time.Duration) {
	slices.Sort(times)
	b.ReportMetric(float64(len(times))/b.Elapsed().Seconds(), "sends/s")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
}
