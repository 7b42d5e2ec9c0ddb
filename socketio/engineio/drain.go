package engineio

import (
	"context"
	"time"
)

// Drain refuses new handshakes and closes the sessions that there are with
// ReasonServerShutdown, one after the other in the time over, so that their
// clients do not all come back elsewhere at once. It returns when the last one
// was closed, or with the context's error. What holds for Close holds for each:
// what was queued is delivered. Shutdown releases the rest.
func (srv *Server) Drain(ctx context.Context, over time.Duration) error {
	sessions := srv.refuseNew()
	if len(sessions) == 0 {
		return ctx.Err()
	}
	began, step := time.Now(), over/time.Duration(len(sessions))
	timer := time.NewTimer(step)
	defer timer.Stop()
	for i, s := range sessions {
		timer.Reset(time.Until(began.Add(time.Duration(i) * step)))
		select {
		case <-timer.C:
			s.Close(ReasonServerShutdown)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
