package socketio

import (
	"context"

	"parley/socketio/engineio"
	"parley/socketio/parser"
)

// Call is EmitWithAck for an acknowledgement of one argument, decoded into Out.
func Call[Out any](ctx context.Context, s *Socket, event string, args ...any) (Out, error) {
	var out Out
	answer, err := s.EmitWithAck(ctx, event, args...)
	if err != nil {
		return out, err
	}
	return out, answer.Scan(&out)
}

// awaiter waits for an acknowledgement. It hears once of each socket that it
// waits for, and must not wait itself.
type awaiter interface {
	answered(s *Socket, args Args)
	gone(s *Socket) // it will not answer any more
}

// answer awaits one acknowledgement. It is closed if that will not come.
type answer chan Args

func (a answer) answered(_ *Socket, args Args) { a <- args } // has room for the only one that comes
func (a answer) gone(*Socket)                  { close(a) }

// emitWithAck sends an event and waits for the acknowledgement.
func (s *Socket) emitWithAck(ctx context.Context, flags engineio.Flags, event string, args []any) (Args, error) {
	got := make(answer, 1)
	id, err := s.await(got)
	if err != nil {
		return Args{}, err
	}
	defer s.stopAwaiting(id)
	if err := s.emit(flags, parser.Packet{ID: id, HasID: true}, event, args); err != nil {
		return Args{}, err
	}
	select {
	case args, ok := <-got:
		if !ok {
			return Args{}, ErrDisconnected
		}
		return args, nil
	case <-ctx.Done():
		return Args{}, ctx.Err()
	}
}

// await makes somebody wait for an acknowledgement with an id that is new to
// the socket.
func (s *Socket) await(a awaiter) (id uint64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id = s.extra().lastAck + 1
	if !s.awaitLocked(id, a) {
		return 0, ErrDisconnected
	}
	s.extras.lastAck = id
	return id, nil
}

// awaitID makes somebody wait for the acknowledgement with this id. It reports
// false if the socket has ended.
func (s *Socket) awaitID(id uint64, a awaiter) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.awaitLocked(id, a)
}

func (s *Socket) awaitLocked(id uint64, a awaiter) bool {
	if s.stage() == ended {
		return false
	}
	x := s.extra()
	if x.acks == nil {
		x.acks = map[uint64]awaiter{}
	}
	x.acks[id] = a
	return true
}

// stopAwaiting forgets an acknowledgement and reports whether it was awaited
// still.
func (s *Socket) stopAwaiting(id uint64) bool {
	return s.takeAwaiter(id) != nil
}

// resolve hands an acknowledgement to who awaits it, if anybody does.
func (s *Socket) resolve(id uint64, args Args) {
	if a := s.takeAwaiter(id); a != nil {
		a.answered(s, args)
	}
}

// takeAwaiter removes who awaits an acknowledgement and returns it, or nil.
func (s *Socket) takeAwaiter(id uint64) awaiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.extras
	if x == nil {
		return nil
	}
	a := x.acks[id]
	delete(x.acks, id)
	if len(x.acks) == 0 {
		x.acks = nil
	}
	return a
}
