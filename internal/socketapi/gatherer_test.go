package socketapi

import (
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/chat"
)

func TestGatherer_TellsAtOnceAndThenAtMostOnceInAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		type call struct {
			at    time.Duration
			rooms []chat.ID
		}
		var calls []call
		h := newGatherer(time.Second, func(rooms map[chat.ID]int) {
			calls = append(calls, call{time.Since(began), slices.Sorted(maps.Keys(rooms))})
		})
		next := func(n int) int { return n + 1 }
		for i := range 25 { // 2.5 s of a busy room, and one change of another
			h.put(7, next)
			time.Sleep(100 * time.Millisecond)
			if i == 3 {
				h.put(9, next)
			}
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(calls) != 4 {
			t.Fatalf("got %v", calls)
		}
		for i, got := range calls {
			if want := time.Duration(i) * time.Second; got.at != want || !slices.Contains(got.rooms, 7) {
				t.Errorf("call %d: %v, want at %v", i, got, want)
			}
		}
		if !slices.Equal(calls[1].rooms, []chat.ID{7, 9}) {
			t.Errorf("got %v", calls[1].rooms)
		}
	})
}
