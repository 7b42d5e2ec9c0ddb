package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/bench/internal/check"
	"parley/bench/internal/protocol"
	"parley/bench/internal/stats"
	"parley/bench/internal/ws"
)

const (
	dialAtOnce = 128              // connections under way while clients gather
	patience   = 60 * time.Second // for clients to gather, and for outstanding work to end
)

// ErrOverload means that the server did not finish its work in time.
var ErrOverload = errors.New("overloaded")

// workload is what the clients of one kind of run do.
type workload interface {
	// begin is called once, when all clients are in.
	begin() error
	// pump sends what is due and says when something will be due next. It is called after each round of events.
	pump() (next time.Duration, err error)
	// hear handles a delivery or an ack.
	hear(*conn, protocol.Event) error
	// left handles the end of a connection that was told goodbye.
	left(*conn) error
	// stop is called once: no new work starts after it.
	stop() error
	// outstanding is how much work is under way.
	outstanding() int64
	// settle says what is missing when no more will come.
	settle() error
}

// generator runs one Spec.
type generator struct {
	*loop
	ctx     context.Context
	spec    Spec
	load    workload
	text    check.Text
	scratch []byte
	clients []*conn // who stay, by id
	ready   int     // how many of them are in
	replied int     // acks while everybody is asked at once
	before  int64   // bytes of server memory before the load

	meter   meter
	units   int64
	latency []int32 // microseconds
	result  Result
}

// Run carries out a Spec. An error means that the run says nothing about the server's speed: it refused or lost a
// connection, lost, doubled, reordered or damaged a message, or (ErrOverload) did not keep up.
func Run(ctx context.Context, spec Spec) (Result, error) {
	p, err := protocol.Named(spec.Protocol)
	if err != nil {
		return Result{}, err
	}
	l, err := newLoop(spec.Address, p)
	if err != nil {
		return Result{}, err
	}
	defer l.close()
	if spec.Silence == 0 {
		spec.Silence = 10 * time.Second
	}
	g := &generator{loop: l, ctx: ctx, spec: spec, text: check.NewText(spec.Payload)}
	g.load, err = newWorkload(g)
	if err != nil {
		return Result{}, err
	}
	g.loop.hear, g.loop.leave = g.hear, g.load.left
	err = g.run()
	return g.result, err
}

func newWorkload(g *generator) (workload, error) {
	switch g.spec.Kind {
	case Flood, Rate, Rooms, Churn:
		return newBroadcast(g)
	case Echo:
		return &echo{generator: g}, nil
	case Connect:
		return &connect{generator: g}, nil
	case Idle:
		return &idle{generator: g}, nil
	}
	return nil, fmt.Errorf("no kind of load %q", g.spec.Kind)
}

func (g *generator) run() error {
	if err := g.gather(); err != nil {
		return fmt.Errorf("gather: %w", err)
	}
	if err := g.load.begin(); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := g.pumpFor(g.spec.Warmup); err != nil {
		return fmt.Errorf("warm up: %w", err)
	}
	if err := g.measure(); err != nil {
		return fmt.Errorf("measure: %w", err)
	}
	if err := g.drain(); err != nil {
		return fmt.Errorf("drain: %w", err)
	}
	slices.Sort(g.latency)
	g.result.P50 = time.Duration(stats.Percentile(g.latency, 0.50)) * time.Microsecond
	g.result.P99 = time.Duration(stats.Percentile(g.latency, 0.99)) * time.Microsecond
	return g.load.settle()
}

// gather connects all clients who stay. The first comes alone: Idle reads the server's memory after it.
func (g *generator) gather() error {
	for len(g.clients) < g.spec.Clients {
		c, err := g.dial(len(g.clients))
		if err != nil {
			return err
		}
		g.clients = append(g.clients, c)
		if len(g.clients) == 1 {
			if err := g.until(func() bool { return g.ready == 1 }); err != nil {
				return err
			}
		}
		if len(g.clients) == 1 && g.spec.Kind == Idle {
			if g.before, err = g.steadyMemory(); err != nil {
				return err
			}
		}
		if err := g.until(func() bool { return len(g.clients)-g.ready < dialAtOnce }); err != nil {
			return err
		}
	}
	return g.until(func() bool { return g.ready == g.spec.Clients })
}

// until handles events until the condition holds, at most as long as patience lasts.
func (g *generator) until(done func() bool) error {
	end := g.clock() + patience
	for !done() {
		if g.clock() > end {
			return ErrOverload
		}
		if err := g.step(min(end, g.now+100*time.Millisecond)); err != nil {
			return err
		}
		if err := g.ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (g *generator) pumpFor(d time.Duration) error {
	end := g.clock() + d
	for g.clock() < end {
		next, err := g.load.pump()
		if err != nil {
			return err
		}
		if err := g.step(min(end, next)); err != nil {
			return err
		}
		if err := g.ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (g *generator) measure() error {
	if g.spec.Measure <= 0 {
		return nil
	}
	if err := g.meter.open(g.spec.PID, g.units, g.clock()); err != nil {
		return err
	}
	if err := g.pumpFor(g.spec.Measure); err != nil {
		return err
	}
	return g.meter.close(&g.result, g.units, g.clock())
}

// drain waits for the work that is under way. Then everybody asks for an echo: what a server still had queued for a
// client, such as a second copy of a message, comes before the answer.
func (g *generator) drain() error {
	if err := g.load.stop(); err != nil {
		return err
	}
	units, moved := g.units, g.clock()
	err := g.until(func() bool {
		if g.units != units {
			units, moved = g.units, g.now
		}
		return g.load.outstanding() == 0 || g.now-moved > g.spec.Silence
	})
	if err != nil {
		return fmt.Errorf("%d outstanding: %w", g.load.outstanding(), err)
	}
	if g.load.outstanding() > 0 {
		return g.load.settle()
	}
	return g.everybody(func(c *conn) []byte {
		g.scratch = g.text.Append(g.scratch[:0], 0, 0)
		return g.protocol.AppendEcho(nil, barrier, g.scratch)
	})
}

// barrier is the id of the requests of everybody, which no echo of a workload reaches; centrifuge wants 32 bits.
const barrier = 1 << 31

// everybody sends a request from each client and waits for all the acks.
func (g *generator) everybody(request func(*conn) []byte) error {
	g.replied = 0
	for i, c := range g.clients {
		c.waiting = true
		if err := g.send(c, ws.Text, request(c)); err != nil {
			return err
		}
		if err := g.until(func() bool { return i+1-g.replied < dialAtOnce }); err != nil {
			return err
		}
	}
	return g.until(func() bool { return g.replied == len(g.clients) })
}

func (g *generator) hear(c *conn, event protocol.Event) error {
	switch {
	case event.Kind == protocol.Ready && c.id < g.spec.Clients:
		g.ready++
		return nil
	case event.Kind == protocol.Ack && event.ID == barrier:
		if !c.waiting {
			return fmt.Errorf("a second answer to one request: %w", check.ErrDoubled)
		}
		c.waiting = false
		g.replied++
		return nil
	}
	return g.load.hear(c, event)
}

// sample notes how long a message took that was due at the given time, if that was inside the timed window.
func (g *generator) sample(due time.Duration) {
	if g.meter.covers(due, g.spec.Measure) {
		g.latency = append(g.latency, int32((g.now - due).Microseconds()))
	}
}
