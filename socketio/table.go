package socketio

import (
	"context"
	"slices"
	"sync"

	"parley/socketio/parser"
)

// table holds what is registered on a namespace. It is filled before the first
// client comes and frozen by it; afterwards it is read without a lock.
type table struct {
	mu         sync.Mutex // guards the fields below until frozen
	frozen     bool
	middleware []func(ConnectFunc) ConnectFunc
	around     []func(Handler) Handler
	onConnect  []func(context.Context, *Socket) error
	onRoom     []func(RoomEvent)
	handlers   map[string]Handler
	unknown    Handler
	limits     map[string]limit // of events, "" for all together

	serverHandlers map[string]ServerHandler // looked up under mu: servers come before clients do

	once   sync.Once
	accept ConnectFunc // the middleware, composed
}

// change runs a registration.
func (t *table) change(register func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.frozen {
		panic("socketio: registration after the first client has connected")
	}
	register()
}

// freeze ends registration and composes the middleware with what it is around.
func (t *table) freeze() {
	t.once.Do(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.frozen = true
		t.accept = func(context.Context, *Socket) error { return nil }
		for _, mw := range slices.Backward(t.middleware) {
			t.accept = mw(t.accept)
		}
		for event, h := range t.handlers {
			t.handlers[event] = t.wrap(h)
		}
		if t.unknown == nil {
			t.unknown = HandlerFunc(func(context.Context, *Event) error { return nil })
		}
		t.unknown = t.wrap(t.unknown)
	})
}

func (t *table) wrap(h Handler) Handler {
	for _, mw := range slices.Backward(t.around) {
		h = mw(h)
	}
	return h
}

func (t *table) handle(event string, h Handler) {
	if parser.IsReserved(event) {
		panic("socketio: reserved event name " + event)
	}
	if t.handlers[event] != nil {
		panic("socketio: two handlers for event " + event)
	}
	if t.handlers == nil {
		t.handlers = map[string]Handler{}
	}
	t.handlers[event] = h
}

// handler returns who handles an event. The table is frozen.
func (t *table) handler(event string) Handler {
	if h := t.handlers[event]; h != nil {
		return h
	}
	return t.unknown
}
