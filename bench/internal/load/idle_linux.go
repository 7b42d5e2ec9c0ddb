package load

import (
	"errors"
	"fmt"
	"math"
	"time"

	"golang.org/x/sys/unix"

	"parley/bench/internal/check"
	"parley/bench/internal/proc"
	"parley/bench/internal/protocol"
)

// idle is Idle: all clients are in, and the server's memory is read.
type idle struct {
	*generator
}

func (i *idle) begin() error {
	others := float64(i.spec.Clients - 1) // the first was in when memory was first read
	if others < 1 {
		return errors.New("too few clients to measure")
	}
	settled, err := i.steadyMemory()
	if err != nil {
		return err
	}
	i.result.Units = int64(i.spec.Clients)
	i.result.Settled = float64(settled-i.before) / others
	return i.readKept(i.spec.Clients - 1)
}

func (i *idle) pump() (time.Duration, error) { return i.now + time.Second, nil }

func (i *idle) hear(_ *conn, event protocol.Event) error {
	return fmt.Errorf("got %.60q: %w", event.Payload, check.ErrContent)
}

func (i *idle) left(*conn) error { return errLost }

func (i *idle) stop() error { return nil }

func (i *idle) outstanding() int64 { return 0 }

func (i *idle) settle() error { return nil }

// readKept puts into the result what each of n connections has left since before was read, after a collection.
func (g *generator) readKept(n int) error {
	after, err := g.collectedMemory()
	if err != nil {
		return err
	}
	g.result.Kept = float64(after-g.before) / float64(max(n, 1))
	return nil
}

// collectedMemory is the server's memory after it was asked to return what it does not need.
func (g *generator) collectedMemory() (int64, error) {
	if err := unix.Kill(g.spec.PID, unix.SIGUSR2); err != nil {
		return 0, fmt.Errorf("ask the server to collect: %w", err)
	}
	return g.steadyMemory()
}

// steadyMemory waits until three readings, a quarter of a second apart, agree to half a percent, for at most eight
// seconds, while clients go on answering heartbeats. It returns the last.
func (g *generator) steadyMemory() (int64, error) {
	const enough, gap, most = 3, 250 * time.Millisecond, 8 * time.Second
	last, agreed := int64(0), 0
	for end := g.clock() + most; ; {
		for next := g.clock() + gap; g.clock() < next; {
			if err := g.step(next); err != nil {
				return 0, err
			}
		}
		memory, err := proc.Memory(g.spec.PID)
		if err != nil {
			return 0, err
		}
		if math.Abs(float64(memory-last)) > 0.005*float64(last) {
			agreed = 0
		}
		if agreed++; agreed == enough || g.now > end {
			return memory, nil
		}
		last = memory
	}
}
