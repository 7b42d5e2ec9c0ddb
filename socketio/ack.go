package socketio

import (
	"context"

	"parley/socketio/parser"
)

// EmitWithAck sends an event and waits for the client's acknowledgement, whose
// arguments it returns. It fails with ErrDisconnected as soon as the socket is
// disconnected, and with the error of ctx when that ends; give it a deadline.
func (s *Socket) EmitWithAck(ctx context.Context, event string, args ...any) (Args, error) {
	id, answer, err := s.await()
	if err != nil {
		return Args{}, err
	}
	defer s.stopAwaiting(id)
	if err := s.emit(0, parser.Packet{ID: id, HasID: true}, event, args); err != nil {
		return Args{}, err
	}
	select {
	case got, ok := <-answer:
		if !ok {
			return Args{}, ErrDisconnected
		}
		return got, nil
	case <-ctx.Done():
		return Args{}, ctx.Err()
	}
}

// Call is EmitWithAck for an acknowledgement of one argument, decoded into Out.
func Call[Out any](ctx context.Context, s *Socket, event string, args ...any) (Out, error) {
	var out Out
	answer, err := s.EmitWithAck(ctx, event, args...)
	if err != nil {
		return out, err
	}
	return out, answer.Scan(&out)
}

// await makes an acknowledgement one that is awaited. Its channel is closed
// when it will not come any more.
func (s *Socket) await() (id uint64, answer chan Args, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stage() == ended {
		return 0, nil, ErrDisconnected
	}
	x := s.extra()
	if x.acks == nil {
		x.acks = map[uint64]chan Args{}
	}
	x.lastAck++
	answer = make(chan Args, 1)
	x.acks[x.lastAck] = answer
	return x.lastAck, answer, nil
}

func (s *Socket) stopAwaiting(id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.extras.acks, id)
	if len(s.extras.acks) == 0 {
		s.extras.acks = nil
	}
}

// resolve hands an acknowledgement to who awaits it, if anybody does.
func (s *Socket) resolve(id uint64, args Args) {
	s.mu.Lock()
	var answer chan Args
	if s.extras != nil {
		answer = s.extras.acks[id]
		delete(s.extras.acks, id)
	}
	s.mu.Unlock()
	if answer != nil {
		answer <- args // has room for the only one that comes
	}
}
