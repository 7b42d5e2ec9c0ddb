package socketapi

import (
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/chat"
)

func TestRoutes_KeepTheLatestOnly(t *testing.T) {
	routes := newRoutes()
	for seq := range int64(routesKept + 10) {
		routes.keep(spot{1, seq}, route{of: int(seq)})
	}
	if _, _, known := routes.find(spot{1, 9}); known || len(routes.kept) != routesKept {
		t.Errorf("an old one is known: %t, of %d", known, len(routes.kept))
	}
	if r, _, known := routes.find(spot{1, 10}); !known || r.of != 10 {
		t.Errorf("the oldest that is kept: %+v, %t", r, known)
	}
}

func TestRoutes_KnowTheFirstComebackAndSayWhenTheyDoNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		routes := newRoutes()
		routes.returned(7)
		time.Sleep(time.Second)
		sent := time.Now()
		routes.keep(spot{1, 1}, route{at: sent})
		for range 2 {
			time.Sleep(time.Second)
			routes.returned(7)
		}
		_, backs, known := routes.find(spot{1, 1})
		if !known || len(backs) != 1 || !backs[7].Equal(sent.Add(time.Second)) {
			t.Errorf("%v, %t", backs, known)
		}
		for user := range returnsKept {
			time.Sleep(time.Millisecond)
			routes.returned(chat.ID(100 + user))
		}
		if _, _, known := routes.find(spot{1, 1}); known {
			t.Error("who came back is forgotten, and the route is said to be known")
		}
		routes.keep(spot{1, 2}, route{at: time.Now()})
		if _, backs, known := routes.find(spot{1, 2}); !known || len(backs) != 0 {
			t.Errorf("a new one: %v, %t", backs, known)
		}
	})
}
