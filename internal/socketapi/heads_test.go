package socketapi

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/chat"
)

func TestHeads_AreToldAtOnceAndThenAtMostOnceInAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		type call struct {
			at    time.Duration
			rooms []chat.ID
		}
		var calls []call
		h := newHeads(time.Second, func(rooms []chat.ID) {
			slices.Sort(rooms)
			calls = append(calls, call{time.Since(began), rooms})
		})
		for i := range 25 { // 2.5 s of a busy room, and one change of another
			h.touch(7)
			time.Sleep(100 * time.Millisecond)
			if i == 3 {
				h.touch(9)
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
