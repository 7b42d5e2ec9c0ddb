package engineio

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestDrain_ClosesOneAfterTheOtherAndRefusesNewSessions(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		const count = 4
		for range count {
			c := s.openWebSocket()
			go func() {
				c.expectClose(1001)
				c.conn.Close()
			}()
		}
		const over = 200 * time.Millisecond
		began := time.Now()
		if err := s.Drain(context.Background(), over); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took < over*(count-1)/count {
			t.Errorf("took %v", took)
		}
		for range count {
			if got := s.handler().reason(t); got != ReasonServerShutdown {
				t.Errorf("reason %q", got)
			}
		}
		if status, _ := s.get(s.url("EIO=4&transport=polling")); status != 503 {
			t.Errorf("a handshake is answered %d", status)
		}
	})
}

func TestDrain_EndsWithItsContext(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		s.openPolling()
		s.openPolling()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		if err := s.Drain(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}
