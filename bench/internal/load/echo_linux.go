package load

import (
	"fmt"
	"time"

	"parley/bench/internal/check"
	"parley/bench/internal/protocol"
	"parley/bench/internal/ws"
)

// echo is Echo: each client sends a request, and the next one when it is answered.
type echo struct {
	*generator
	asked   []uint32 // requests of each client
	pending int64
	stopped bool
}

func (e *echo) begin() error {
	e.asked = make([]uint32, len(e.clients))
	for _, c := range e.clients {
		if err := e.ask(c); err != nil {
			return err
		}
	}
	return nil
}

func (e *echo) ask(c *conn) error {
	seq := e.asked[c.id]
	e.asked[c.id]++
	e.pending++
	e.scratch = e.text.Append(e.scratch[:0], c.id, seq)
	size := len(e.scratch)
	e.scratch = e.protocol.AppendEcho(e.scratch, uint64(seq), e.scratch[:size])
	c.asked = e.now
	return e.send(c, ws.Text, e.scratch[size:])
}

func (e *echo) pump() (time.Duration, error) { return e.now + time.Second, nil }

func (e *echo) hear(c *conn, event protocol.Event) error {
	sender, seq, err := e.text.Parse(event.Payload)
	if err != nil || event.Kind != protocol.Ack || sender != c.id {
		return fmt.Errorf("answer %.60q: %w", event.Payload, check.ErrContent)
	}
	if want := e.asked[c.id] - 1; seq != want || event.ID != uint64(want) {
		return fmt.Errorf("answer %d to request %d, expected %d: %w", seq, event.ID, want, check.ErrDoubled)
	}
	e.units++
	e.pending--
	e.sample(c.asked)
	if e.stopped {
		return nil
	}
	return e.ask(c)
}

func (e *echo) left(*conn) error { return errLost }

func (e *echo) stop() error {
	e.stopped = true
	return nil
}

func (e *echo) outstanding() int64 { return e.pending }

func (e *echo) settle() error { return unanswered(e.pending) }

func unanswered(n int64) error {
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%d requests without an answer: %w", n, check.ErrLost)
}
