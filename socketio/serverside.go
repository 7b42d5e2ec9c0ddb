package socketio

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"parley/socketio/parser"
)

// ServerEvent is an event that another server has sent to this one.
type ServerEvent struct {
	From string // id of the server
	Name string
	Args Args

	cluster *cluster
	request *Message
	owed    atomic.Bool
}

// ServerHandler handles events of other servers. They are handled one at a
// time and in order. The context ends when the server shuts down.
type ServerHandler func(ctx context.Context, e *ServerEvent) error

// HandleServer registers the handler of an event that other servers send with
// ServerSideEmit in the namespace of the same name. It panics if there is one
// already. If the other server waits for an acknowledgement and the handler
// sends none, it gets one without arguments, or the news that the handler has
// failed. Errors are logged.
func (n *Namespace) HandleServer(event string, h ServerHandler) {
	n.table.change(func() {
		if n.table.serverHandlers[event] != nil {
			panic("socketio: two handlers for server event " + event)
		}
		if n.table.serverHandlers == nil {
			n.table.serverHandlers = map[string]ServerHandler{}
		}
		n.table.serverHandlers[event] = h
	})
}

// ServerSideEmit sends an event to all other servers; see HandleServer. Without
// an Adapter there are none.
func (n *Namespace) ServerSideEmit(event string, args ...any) error {
	payload, err := n.server.encode(event, args)
	if err != nil || n.server.cluster == nil {
		return err
	}
	return n.server.cluster.publish(&Message{
		Operation: OpServerEmit, Namespace: n.name, Payload: payload.JSON, Attachments: payload.Attachments,
	})
}

// ServerSideEmitWithAck is ServerSideEmit, and waits for the acknowledgement of
// every server. What is said of a missing one in
// [BroadcastOperator.EmitWithAck] holds here too.
func (n *Namespace) ServerSideEmitWithAck(ctx context.Context, event string, args ...any) ([]Answer, error) {
	payload, err := n.server.encode(event, args)
	if err != nil || n.server.cluster == nil {
		return nil, err
	}
	ctx, cancel := n.server.within(ctx)
	defer cancel()
	g := newGathering()
	forget, failed := n.server.cluster.ask(ctx, g, &Message{
		Operation: OpServerEmit, Namespace: n.name, Payload: payload.JSON, Attachments: payload.Attachments,
	})
	defer forget()
	err = g.wait(ctx)
	return g.answers, errors.Join(failed, err)
}

// Ack sends the acknowledgement. Only the first call does; all calls are
// no-ops if the other server did not ask for one.
func (e *ServerEvent) Ack(args ...any) error {
	payload, err := e.cluster.server.encoder.Array(args...)
	if err != nil || !e.owed.CompareAndSwap(true, false) {
		return err
	}
	answer := &Message{
		Operation: OpAnswer, To: e.request.From, Request: e.request.Request, Payload: payload.JSON, Attachments: payload.Attachments,
	}
	return e.cluster.publish(answer)
}

// What a server is answered instead of an acknowledgement.
const (
	errNoServerHandler     = "socketio: the server has no handler for this event"
	errServerHandlerFailed = "socketio: the server's handler failed"
	errServerBusy          = "socketio: too many events wait for the server"
)

// serverEvent has an event of another server handled.
func (n *Namespace) serverEvent(m *Message) {
	c := n.server.cluster
	e := &ServerEvent{From: m.From, cluster: c, request: m}
	e.Name, e.Args = splitEvent(parser.Value{JSON: m.Payload, Attachments: m.Attachments})
	e.owed.Store(m.Request != 0)
	h := n.table.serverHandler(e.Name)
	switch {
	case h == nil:
		e.refuse(errNoServerHandler)
	case !c.events.push(func(ctx context.Context) { e.handle(ctx, h) }):
		e.refuse(errServerBusy)
	}
}

func (e *ServerEvent) refuse(text string) {
	if e.owed.CompareAndSwap(true, false) {
		e.cluster.reply(e.request, &Message{Error: text})
	}
}

func (e *ServerEvent) handle(ctx context.Context, h ServerHandler) {
	err := ErrExited
	defer func() {
		if err == nil {
			err = e.Ack()
		}
		if err != nil {
			e.refuse(errServerHandlerFailed)
			e.cluster.server.opts.Logger.Error("server event handler failed", "event", e.Name, "error", err)
		}
	}()
	err = guard(func() error { return h(ctx, e) })
}

func (t *table) serverHandler(event string) ServerHandler {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.serverHandlers[event]
}

// serverEvents are the events of other servers that wait to be handled. A
// goroutine exists while there are any.
type serverEvents struct {
	cluster *cluster

	mu      sync.Mutex // guards the fields below
	waiting []func(context.Context)
	running bool
	stopped bool
	cancel  context.CancelFunc // of the handlers' context, nil while none run
}

// maxServerEvents bounds the events that wait.
const maxServerEvents = 4096

func (q *serverEvents) push(handle func(context.Context)) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.stopped || len(q.waiting) >= maxServerEvents {
		return false
	}
	q.waiting = append(q.waiting, handle)
	if !q.running {
		q.running = true
		q.cluster.server.conns.Add(1)
		go q.run()
	}
	return true
}

// run is a goroutine: it handles events until none wait. If a handler has ended
// the goroutine, another one goes on.
func (q *serverEvents) run() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := false
	defer func() {
		if !done {
			go q.run()
		}
	}()
	for handle := q.next(cancel); handle != nil; handle = q.next(cancel) {
		handle(ctx)
	}
	done = true
	q.cluster.server.conns.Done()
}

func (q *serverEvents) next(cancel context.CancelFunc) func(context.Context) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 || q.stopped {
		q.waiting, q.running, q.cancel = nil, false, nil
		return nil
	}
	q.cancel = cancel
	first := q.waiting[0]
	q.waiting = q.waiting[1:]
	return first
}

// stop drops what waits and cancels what runs.
func (q *serverEvents) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stopped = true
	if q.cancel != nil {
		q.cancel()
	}
}
