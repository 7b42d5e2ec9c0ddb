package socketapi

import (
	"testing"
	"time"
)

func TestTraces_CostNothingWhileNobodyWatches(t *testing.T) {
	quiet := newTraces(nil) // which would panic if it were asked for sockets
	var payload any = struct{}{}
	allocated := testing.AllocsPerRun(100, func() {
		quiet.emitted(audience{}, "", "message:new", payload)
		quiet.told(nil, "room:head", payload)
		quiet.asked(nil, "sync", 2, time.Millisecond, true)
	})
	if allocated != 0 {
		t.Errorf("%v allocations for each event", allocated)
	}
}
