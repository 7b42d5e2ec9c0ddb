package app

import (
	"context"
	"log/slog"
	"time"

	"parley/internal/chat"
)

// sweepEvery is the time between two looks for what nobody needs.
const sweepEvery = time.Hour

// sweeper calls chat.Service.Sweep. Nil is one that was not started.
type sweeper struct {
	cancel context.CancelFunc
	done   chan struct{}
}

func startSweeper(service *chat.Service, logger *slog.Logger) *sweeper {
	ctx, cancel := context.WithCancel(context.Background())
	s := &sweeper{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		tick := time.NewTicker(sweepEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if err := service.Sweep(ctx); err != nil && ctx.Err() == nil {
				logger.Warn("forget what nobody needs", "error", err)
			}
		}
	}()
	return s
}

func (s *sweeper) close() {
	if s == nil {
		return
	}
	s.cancel()
	<-s.done
}
