package socketapi

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestCounter_CountsUpToItsMostAndForgetsWhatIsGone(t *testing.T) {
	c := newCounter[string](2)
	for i, want := range []bool{true, true, false} {
		if got := c.add("ann"); got != want {
			t.Errorf("place %d: %v", i+1, got)
		}
	}
	if !c.add("bob") {
		t.Error("another key has no place")
	}
	c.remove("ann")
	if !c.add("ann") {
		t.Error("a place that became free was not given away")
	}
	c.remove("bob")
	if len(c.count) != 1 {
		t.Errorf("%d keys are kept", len(c.count))
	}
}

func TestGauge_WaitsForAllThatIsBeingDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gauge
		if err := g.wait(t.Context()); err != nil {
			t.Errorf("nothing is being done: %v", err)
		}
		g.enter()
		g.enter()
		time.AfterFunc(time.Second, g.leave)
		time.AfterFunc(2*time.Second, g.leave)
		began := time.Now()
		if err := g.wait(t.Context()); err != nil || time.Since(began) != 2*time.Second {
			t.Errorf("waited %v, %v", time.Since(began), err)
		}
		g.enter()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := g.wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}
