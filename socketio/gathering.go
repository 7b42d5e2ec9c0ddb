package socketio

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"parley/socketio/parser"
)

// Answer is one acknowledgement of several.
type Answer struct {
	From string // id of the socket, or of the server
	Args Args
}

// IncompleteError says that not everybody who was asked has answered. The
// answers that came are returned beside it.
type IncompleteError struct {
	Missing int   // answers; a server that has told nothing counts as one
	Err     error // why: the context's error, ErrDisconnected, …
}

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("socketio: %d answers missing: %v", e.Missing, e.Err)
}

// Unwrap returns the cause.
func (e *IncompleteError) Unwrap() error { return e.Err }

// gathering collects the answers to a request of this server's sockets and of
// other servers.
type gathering struct {
	complete chan struct{} // closed when no more answers are to come

	mu      sync.Mutex // guards the fields below
	local   int        // answers that this server's sockets owe, and one until all were asked
	shares  map[share]*owed
	lost    int   // answers that will not come
	cause   error // why the first of them will not
	closed  bool
	answers []Answer
	sockets []RemoteSocket
}

// share is what one server has to answer to one request.
type share struct {
	peer    string
	request uint64
}

// owed is how much of a share is still to come.
type owed struct {
	counted bool // count is known
	count   int
	got     map[string]bool // whose answers have come
}

func (o *owed) missing() int {
	if !o.counted {
		return 1
	}
	return max(0, o.count-len(o.got))
}

func newGathering() *gathering {
	return &gathering{complete: make(chan struct{}), local: 1, shares: map[share]*owed{}}
}

// expect announces answers of this server's sockets, or takes it back.
func (g *gathering) expect(answers int) {
	g.change(func() { g.local += answers })
}

// expectPeer announces the answer of another server; if it is not single, the
// server will say how many answers come.
func (g *gathering) expectPeer(s share, single bool) {
	g.change(func() { g.shares[s] = &owed{counted: single, count: 1, got: map[string]bool{}} })
}

func (g *gathering) answered(s *Socket, args Args) {
	g.change(func() {
		g.local--
		g.answers = append(g.answers, Answer{From: s.id, Args: args})
	})
}

func (g *gathering) gone(*Socket) {
	g.change(func() {
		g.local--
		g.lose(1, ErrDisconnected)
	})
}

func (g *gathering) lose(answers int, cause error) {
	g.lost += answers
	if answers > 0 && g.cause == nil {
		g.cause = cause
	}
}

// peerGone gives up what a server has not answered.
func (g *gathering) peerGone(peer string) {
	g.giveUpIf(func(s share) bool { return s.peer == peer }, ErrDisconnected)
}

// giveUp gives up all answers to a request.
func (g *gathering) giveUp(request uint64, cause error) {
	g.giveUpIf(func(s share) bool { return s.request == request }, cause)
}

func (g *gathering) giveUpIf(given func(share) bool, cause error) {
	g.change(func() {
		for s, o := range g.shares {
			if given(s) {
				g.lose(o.missing(), cause)
				delete(g.shares, s)
			}
		}
	})
}

// take takes the answer of another server. Those that come twice, or that
// nobody has asked for, are ignored.
func (g *gathering) take(m *Message) {
	g.change(func() {
		o := g.shares[share{m.From, m.Request}]
		switch {
		case o == nil:
		case m.Count != nil:
			o.counted, o.count = true, *m.Count
		case !o.got[m.Socket]:
			o.got[m.Socket] = true
			g.keep(m)
		}
	})
}

// keep keeps what an answer brings.
func (g *gathering) keep(m *Message) {
	from := m.Socket
	if from == "" {
		from = m.From
	}
	args, err := argsOfAnswer(m)
	switch {
	case m.Error == ErrDisconnected.Error():
		g.lose(1, ErrDisconnected)
	case m.Error != "":
		g.lose(1, errors.New(m.Error))
	case err != nil:
		g.lose(1, err)
	case m.Payload != nil:
		g.answers = append(g.answers, Answer{From: from, Args: args})
	default:
		g.sockets = append(g.sockets, m.Sockets...)
	}
}

func argsOfAnswer(m *Message) (Args, error) {
	if m.Payload == nil {
		return Args{}, nil
	}
	raw, err := parser.Split(m.Payload)
	return Args{Raw: raw, Attachments: m.Attachments}, err
}

// change does something under the lock and looks whether all have answered.
func (g *gathering) change(do func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return
	}
	do()
	if g.missing() == 0 {
		g.closed = true
		close(g.complete)
	}
}

// missing counts the answers that may still come. g.mu is held.
func (g *gathering) missing() int {
	total := g.local
	for _, o := range g.shares {
		total += o.missing()
	}
	return total
}

// wait waits until all who were asked have answered, or ctx ends. Afterwards
// the answers do not change any more.
func (g *gathering) wait(ctx context.Context) error {
	g.expect(-1) // all have been asked
	select {
	case <-g.complete:
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.closed = true
		g.lose(g.missing(), ctx.Err())
	}
	if g.lost > 0 {
		return &IncompleteError{Missing: g.lost, Err: g.cause}
	}
	return nil
}

// within returns a context that ends in time: requests of several must not
// wait for ever for what was lost on its way.
func (s *Server) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, bounded := ctx.Deadline(); bounded {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.opts.RequestTimeout)
}
