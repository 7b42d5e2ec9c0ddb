package load

import (
	"fmt"
	"time"

	"parley/bench/internal/check"
	"parley/bench/internal/protocol"
)

// connect is Connect: each of Window clients connects, is let in, says farewell, and starts again when the server has
// closed.
type connect struct {
	*generator
	here    int64
	stopped bool
}

func (c *connect) begin() error {
	for range c.spec.Window {
		if err := c.come(); err != nil {
			return err
		}
	}
	return nil
}

func (c *connect) come() error {
	guest, err := c.dial(c.spec.Clients + c.turns)
	if err != nil {
		return err
	}
	c.here++
	guest.asked = c.now
	return nil
}

func (c *connect) pump() (time.Duration, error) { return c.now + time.Second, nil }

func (c *connect) hear(guest *conn, event protocol.Event) error {
	if event.Kind != protocol.Ready {
		return fmt.Errorf("got %.60q: %w", event.Payload, check.ErrContent)
	}
	return c.bye(guest)
}

func (c *connect) left(guest *conn) error {
	c.units++
	c.here--
	c.sample(guest.asked)
	if c.stopped {
		return nil
	}
	return c.come()
}

func (c *connect) stop() error {
	c.stopped = true
	return nil
}

func (c *connect) outstanding() int64 { return c.here }

func (c *connect) settle() error { return unanswered(c.here) }
