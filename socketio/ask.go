package socketio

import (
	"context"
	"errors"
	"time"

	"parley/socketio/engineio"
	"parley/socketio/parser"
)

// EmitWithAck sends an event to the sockets, on all servers, and waits until
// each has acknowledged it; it returns the acknowledgements in the order in
// which they came. If some are missing when ctx ends, or because their sockets
// have gone, the error is an *IncompleteError and the others are returned
// beside it. Without a deadline in ctx, Options.RequestTimeout is the limit.
func (b BroadcastOperator) EmitWithAck(ctx context.Context, event string, args ...any) ([]Answer, error) {
	io := b.ns.server
	payload, err := io.encode(event, args)
	if err != nil {
		return nil, err
	}
	ctx, cancel := io.within(ctx)
	defer cancel()
	g := newGathering()
	var failed error
	for _, n := range b.ns.actual() {
		m := &Message{Operation: OpAsk, Payload: payload.JSON, Attachments: payload.Attachments, Volatile: b.volatile, Plain: b.plain}
		if c := io.cluster; c != nil && !b.local {
			b.address(n, m)
			forget, err := c.ask(ctx, g, m)
			defer forget()
			failed = errors.Join(failed, err)
		}
		stop := n.ask(b.sel, m, g)
		defer stop()
	}
	err = g.wait(ctx)
	return g.answers, errors.Join(failed, err)
}

// collector is an awaiter of many sockets' acknowledgements.
type collector interface {
	awaiter
	// expect announces answers, or takes it back.
	expect(answers int)
}

// ask sends an event to a selection of this server's sockets and has their
// acknowledgements collected until stop.
func (n *Namespace) ask(sel selection, m *Message, to collector) (stop func()) {
	id := n.server.lastAsked.Add(1)
	payload := parser.Value{JSON: m.Payload, Attachments: m.Attachments}
	frames := n.server.framesOf(parser.Packet{Type: parser.Event, Namespace: n.name, ID: id, HasID: true, Payload: payload})
	flags := sendFlags(m.Volatile, m.Plain) | engineio.Deferred
	var asked []*Socket
	for s := range n.sockets(sel) {
		to.expect(1)
		if !s.awaitID(id, to) {
			to.expect(-1)
			continue
		}
		asked = append(asked, s)
		if err := s.deliver(flags, frames); err != nil && s.stopAwaiting(id) {
			to.expect(-1) // it was not connected yet, or is not any more
		}
	}
	if n.overheard.Load() {
		n.tellOutgoing(payload, nil, asked...)
	}
	return func() {
		for _, s := range asked {
			s.stopAwaiting(id)
		}
	}
}

// askFor does what another server's OpAsk asks for.
func (n *Namespace) askFor(sel selection, m *Message) {
	r := &relay{cluster: n.server.cluster, to: m}
	stop := n.ask(sel, m, r)
	time.AfterFunc(time.Duration(m.Timeout)*time.Millisecond, stop)
	r.cluster.reply(m, &Message{Count: &r.count})
}

// relay sends the acknowledgements of this server's sockets to the server that
// has asked for them.
type relay struct {
	cluster *cluster
	to      *Message
	count   int // of those who were asked, by the goroutine that does
}

func (r *relay) expect(answers int) { r.count += answers }

func (r *relay) answered(s *Socket, args Args) {
	answer := &Message{Socket: s.id}
	payload, err := s.ns.server.encoder.Array(args.Values()...)
	if err != nil { // more attachments than may be sent
		answer.Error = err.Error()
	}
	answer.Payload, answer.Attachments = payload.JSON, payload.Attachments
	r.cluster.reply(r.to, answer)
}

func (r *relay) gone(s *Socket) {
	r.cluster.reply(r.to, &Message{Socket: s.id, Error: ErrDisconnected.Error()})
}
