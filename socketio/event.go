package socketio

import (
	"encoding/json"
	"errors"
	"sync/atomic"

	"parley/socketio/engineio"
	"parley/socketio/parser"
)

// Event is an event that a client sent.
type Event struct {
	Socket *Socket
	Name   string
	Args   Args

	id     uint64      // of the acknowledgement
	owed   atomic.Bool // the client asked for one and has not got it
	heard  bool        // the socket has listeners
	charge int         // in the inbox
	next   *Event      // in the inbox, round to the first
}

func newEvent(s *Socket, p *parser.Packet) *Event {
	e := &Event{Socket: s, Name: p.Name, id: p.ID}
	e.Args = argsOf(p)
	e.owed.Store(p.HasID)
	e.charge = eventCharge + len(p.Payload.JSON)
	for _, data := range p.Payload.Attachments {
		e.charge += len(data)
	}
	return e
}

// WantsAck reports whether the client asked for an acknowledgement that it has
// not got yet.
func (e *Event) WantsAck() bool { return e.owed.Load() }

// Ack sends the acknowledgement. Only the first call does; all calls are
// no-ops if the client did not ask for one. Arguments and errors are as in
// [Socket.Emit].
func (e *Event) Ack(args ...any) error {
	if !e.owed.Load() {
		return nil
	}
	payload, err := e.Socket.ns.server.encoder.Array(args...)
	if err != nil {
		return err
	}
	if !e.owed.CompareAndSwap(true, false) {
		return nil
	}
	return e.Socket.send(engineio.Compress, parser.Packet{Type: parser.Ack, ID: e.id, HasID: true, Payload: payload})
}

// Args are the arguments of an event or an acknowledgement, as they came.
type Args struct {
	// Raw has each argument's JSON. Where the client sent binary data it has
	// a placeholder object that points into Attachments. It must not be
	// changed.
	Raw []json.RawMessage
	// Attachments has the binary data of all arguments.
	Attachments [][]byte

	received bool // Raw comes from a client, checked
}

func argsOf(p *parser.Packet) Args {
	return Args{Raw: p.Args, Attachments: p.Payload.Attachments, received: true}
}

// Len is the number of arguments.
func (a Args) Len() int { return len(a.Raw) }

var errMissing = errors.New("missing")

// Scan decodes the arguments into what the pointers point to, in order, as
// json.Unmarshal does; a nil pointer skips one. Binary data decodes into
// []byte at any depth. A *json.RawMessage gets the argument without a copy;
// do not change it. Fewer arguments than pointers are an error, more are
// not. Errors are of type *ArgumentError.
func (a Args) Scan(dest ...any) error {
	for i, d := range dest {
		if i >= len(a.Raw) {
			return &ArgumentError{Index: i, Err: errMissing}
		}
		if d == nil {
			continue
		}
		if err := a.value(i).Unmarshal(d); err != nil {
			return &ArgumentError{Index: i, Err: err}
		}
	}
	return nil
}

// Values returns the arguments in a form that Emit and Ack pass on untouched.
func (a Args) Values() []any {
	values := make([]any, len(a.Raw))
	for i := range a.Raw {
		values[i] = a.value(i)
	}
	return values
}

func (a Args) value(i int) parser.Value {
	if a.received {
		return parser.Received(a.Raw[i], a.Attachments)
	}
	return parser.Value{JSON: a.Raw[i], Attachments: a.Attachments}
}
