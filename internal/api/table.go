package api

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/wire"
)

// Options configures a Table. The zero value of a field means its default.
type Options struct {
	Sends  auth.Rate // message:send and wire:wave of one user, default 10 a second, 50 at once
	Events auth.Rate // all other events of one user, default 50 a second, 500 at once
}

// Table is every event that needs no more than who asks. It is filled before
// the first request and only read from then on.
type Table struct {
	chat      *chat.Service
	sends     *auth.Buckets[chat.ID]
	events    *auth.Buckets[chat.ID]
	endpoints []*Endpoint

	rules   map[string]chat.Rule
	unruled []string // what is offered and has no rule
}

// Endpoint is one event and how it is answered.
type Endpoint struct {
	Event string
	Reads bool // changes nothing, so that a GET may ask it

	// Answer is what a session is answered that was admitted. Errors are those
	// of wire.Refuse.
	Answer func(ctx context.Context, by chat.Session, read Reader) (any, error)
}

// Reader reads a request into the struct that in points to, as wire.Decode does.
type Reader func(in any) error

// limitKeys bounds how many users each kind of limit remembers.
const limitKeys = 1 << 16

// New returns the table of all events that the chat alone can answer.
func New(service *chat.Service, opts *Options) *Table {
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.Sends == (auth.Rate{}) {
		o.Sends = auth.Rate{Every: 100 * time.Millisecond, Burst: 50}
	}
	if o.Events == (auth.Rate{}) {
		o.Events = auth.Rate{Every: 20 * time.Millisecond, Burst: 500}
	}
	t := &Table{
		chat:   service,
		sends:  auth.NewBuckets[chat.ID](o.Sends, limitKeys),
		rules:  chat.Rules(),
		events: auth.NewBuckets[chat.ID](o.Events, limitKeys),
	}
	t.register()
	return t
}

// Offer states that an edge answers an event, or a route under the name of its
// rule, by itself.
func (t *Table) Offer(name string) {
	if _, ruled := t.rules[name]; !ruled {
		t.unruled = append(t.unruled, name)
	}
}

// Check tells what is offered without a rule of who may ask for it. A server
// that offers such a thing must not start.
func (t *Table) Check() error {
	if len(t.unruled) > 0 {
		return fmt.Errorf("nothing says who may ask for %s", strings.Join(t.unruled, ", "))
	}
	return nil
}

func (t *Table) add(e *Endpoint) {
	t.Offer(e.Event)
	t.endpoints = append(t.endpoints, e)
}

// On registers an event that changes something.
func On[In, Out any](t *Table, event string, f func(ctx context.Context, by chat.Session, in In) (Out, error)) {
	t.add(&Endpoint{Event: event, Answer: answering(f)})
}

// OnRead registers an event that only reads.
func OnRead[In, Out any](t *Table, event string, f func(ctx context.Context, by chat.Session, in In) (Out, error)) {
	t.add(&Endpoint{Event: event, Reads: true, Answer: answering(f)})
}

func answering[In, Out any](f func(context.Context, chat.Session, In) (Out, error)) func(context.Context, chat.Session, Reader) (any, error) {
	return func(ctx context.Context, by chat.Session, read Reader) (any, error) {
		var in In
		if err := read(&in); err != nil {
			return nil, err
		}
		return f(ctx, by, in)
	}
}

// Endpoints are all that is registered.
func (t *Table) Endpoints() iter.Seq[*Endpoint] { return slices.Values(t.endpoints) }

// Admit says whether a user may ask for this event now. Error: rate_limited.
func (t *Table) Admit(user chat.ID, event string) error {
	buckets := t.events
	if event == wire.MessageSend || event == wire.WireWave {
		buckets = t.sends
	}
	if retry := buckets.Take(user); retry > 0 {
		return &chat.Error{Code: chat.RateLimited, Message: "Too fast. Try again in a moment.", Retry: retry}
	}
	return nil
}
