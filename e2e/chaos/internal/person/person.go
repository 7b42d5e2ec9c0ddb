// Package person is a client of the chat as docs/protocol.md asks clients to be: it comes back when its connection is
// lost, applies what it is told by rev, asks for what a gap hides, and sends again what had no answer. It notes
// everything it does and shows.
package person

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley/e2e/chaos/internal/history"
	"parley/internal/wire"
	"parley/socketio/socketiotest"
)

// Options are who a person is and how they see the world.
type Options struct {
	Name   string // in the history; unique
	Token  string
	URL    string
	Record *history.Recorder

	Blind bool // shows nothing, so that it promises nothing about what it is told
	Naive bool // shows what message:new brings, as it comes, and asks for nothing: a client of thirty lines

	Patience time.Duration                                                        // for an answer, before it counts as unknown; default 5s
	Backoff  time.Duration                                                        // the longest time between two attempts to connect, each a random part of it; default 200ms
	Dial     func(ctx context.Context, network, address string) (net.Conn, error) // default net.Dialer's
}

// ErrOver means that the person will not be connected any more: their session has ended, or they were stopped.
var ErrOver = errors.New("the session is over")

// Refusal is an error answer.
type Refusal wire.Error

func (r *Refusal) Error() string { return string(r.Code) + ": " + r.Message }

// Person is one client. Its methods may be called from any goroutine.
type Person struct {
	opts Options
	http *http.Client
	stop context.CancelFunc
	done chan struct{}

	mu       sync.Mutex           // guards the fields below
	client   *socketiotest.Client // nil while there is no connection that is ready
	rooms    map[wire.ID]*room
	over     bool          // will not be connected any more
	connects int           // how often it was ready
	lastAway time.Duration // how long the last loss of its connection was
	lostAt   time.Time     // zero while it is connected
	told     time.Duration // after which time the server said to come back, before it stopped; 0 = it did not say
	backAt   time.Time     // and when that is; zero = any time
	changed  chan struct{} // closed at the next change
}

// room is what a person knows of a room. They show all of its history.
type room struct {
	rev int64 // what it has applied
	seq int64 // of the last message shown
}

// Start connects a person and keeps them connected until Stop.
func Start(ctx context.Context, opts Options) *Person {
	if opts.Patience == 0 {
		opts.Patience = 5 * time.Second
	}
	if opts.Backoff == 0 {
		opts.Backoff = 200 * time.Millisecond
	}
	if opts.Dial == nil {
		opts.Dial = new(net.Dialer).DialContext
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &Person{
		opts: opts, http: &http.Client{Transport: &http.Transport{DialContext: opts.Dial}}, stop: cancel,
		done: make(chan struct{}), rooms: map[wire.ID]*room{}, changed: make(chan struct{}),
	}
	go p.run(ctx)
	return p
}

// Stop ends the person's connection and waits until all is released.
func (p *Person) Stop() {
	p.stop()
	<-p.done
	p.http.CloseIdleConnections()
}

// Name is what the person is called in the history.
func (p *Person) Name() string { return p.opts.Name }

// Cut breaks the connection without a word, as a lost network does. The person comes back.
func (p *Person) Cut() {
	p.mu.Lock()
	client := p.client
	p.mu.Unlock()
	if client != nil {
		client.Close()
	}
}

// Away tells whether the person is connected, how often they were, and how long they were not the last time.
func (p *Person) Away() (online bool, connects int, last time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.client != nil, p.connects, p.lastAway
}

// Told is after which time the server, before it stopped, said that the person shall come back; 0 if it did not say.
func (p *Person) Told() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.told
}

// run connects, listens and comes back.
func (p *Person) run(ctx context.Context) {
	defer close(p.done)
	defer p.update(func() { p.client, p.over = nil, true })
	for ctx.Err() == nil {
		client, err := p.connect(ctx)
		var refusal *socketiotest.ConnectError
		switch {
		case err == nil:
			p.listen(ctx, client)
			client.Close()
			p.lost()
		case errors.As(err, &refusal) && strings.Contains(string(refusal.Data), "unauthorized"):
			return
		}
		wait := time.NewTimer(p.pause())
		select {
		case <-ctx.Done():
		case <-wait.C:
		}
		wait.Stop()
	}
}

// pause is how long to wait before the next attempt: as the server said, or a random part of Backoff.
func (p *Person) pause() (pause time.Duration) {
	p.update(func() { pause, p.backAt = time.Until(p.backAt), time.Time{} })
	if pause > 0 {
		return pause
	}
	return time.Duration(rand.Int64N(int64(p.opts.Backoff)))
}

func (p *Person) connect(ctx context.Context) (*socketiotest.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, p.opts.Patience)
	defer cancel()
	return socketiotest.Dial(ctx, p.opts.URL, &socketiotest.Options{
		HTTPClient: p.http, Auth: map[string]any{"token": p.opts.Token, "client": "chaos/1"},
	})
}

func (p *Person) listen(ctx context.Context, client *socketiotest.Client) {
	for {
		event, err := client.Next(ctx)
		if err != nil {
			return
		}
		if err := p.take(ctx, client, event); err != nil {
			return
		}
	}
}

func (p *Person) lost() {
	p.update(func() {
		p.client = nil
		if p.lostAt.IsZero() {
			p.lostAt = time.Now()
		}
	})
}

// ready makes the connection one to send on.
func (p *Person) ready(client *socketiotest.Client) {
	p.update(func() {
		p.client = client
		p.connects++
		if !p.lostAt.IsZero() {
			p.lastAway, p.lostAt = time.Since(p.lostAt), time.Time{}
		}
	})
}

// update changes what the lock guards and wakes whoever waits for a change.
func (p *Person) update(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	close(p.changed)
	p.changed = make(chan struct{})
}

// wait waits until a condition on what the lock guards is true.
func (p *Person) wait(ctx context.Context, is func() bool) error {
	for {
		p.mu.Lock()
		met, over, changed := is(), p.over, p.changed
		p.mu.Unlock()
		if met {
			return nil
		}
		if over {
			return ErrOver
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}
