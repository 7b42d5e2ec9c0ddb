package engineio

import (
	"context"
	"maps"
	"slices"
)

// Shutdown refuses new handshakes, closes every session with
// ReasonServerShutdown, delivering what is queued, and waits until all
// goroutines and connections of the server are released. When ctx ends first,
// it drops the connections, still waits for their release, and returns the
// context's error. Call it before net/http's, which does not know upgraded
// connections and waits for polls. A second call only waits.
func (srv *Server) Shutdown(ctx context.Context) error {
	for _, s := range srv.refuseNew() {
		s.Close(ReasonServerShutdown)
		if s.abandoned() {
			s.drop()
		}
	}
	var err error
	select {
	case <-srv.idle:
	case <-ctx.Done():
		err = ctx.Err()
		srv.dropAll()
	}
	srv.driver.Shutdown()
	<-srv.idle
	srv.timers.Shutdown()
	return err
}

// refuseNew marks the server as shut down and returns the sessions it has.
func (srv *Server) refuseNew() []*Session {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if !srv.down {
		srv.down = true
		if srv.holds == 0 {
			close(srv.idle)
		}
	}
	return slices.Collect(maps.Values(srv.sessions))
}

// dropAll ends what is still delivering.
func (srv *Server) dropAll() {
	srv.mu.Lock()
	sessions := slices.Collect(maps.Values(srv.sessions))
	srv.mu.Unlock()
	for _, s := range sessions {
		s.drop()
	}
}

// hold makes Shutdown wait for a release. It reports false when there is
// nothing to hold any more.
func (srv *Server) hold() bool {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if srv.down && srv.holds == 0 {
		return false
	}
	srv.holds++
	return true
}

func (srv *Server) release() {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	srv.holds--
	if srv.down && srv.holds == 0 {
		close(srv.idle)
	}
}
