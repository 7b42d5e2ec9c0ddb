package socketio

import "encoding/json"

// Event is an event that a client sent.
type Event struct {
	Socket *Socket
	Name   string
	Args   Args
}

// WantsAck reports whether the client asked for an acknowledgement that it has
// not got yet.
func (e *Event) WantsAck() bool { panic("not yet") }

// Ack sends the acknowledgement. Only the first call does; all calls are
// no-ops if the client did not ask for one. Arguments are as in [Socket.Emit].
func (e *Event) Ack(args ...any) error { panic("not yet") }

// Args are the arguments of an event or an acknowledgement, as they came.
type Args struct {
	// Raw has each argument's JSON. Where the client sent binary data it has
	// a placeholder object that points into Attachments.
	Raw []json.RawMessage
	// Attachments has the binary data of all arguments.
	Attachments [][]byte
}

// Len is the number of arguments.
func (a Args) Len() int { return len(a.Raw) }

// Scan decodes the arguments into what the pointers point to, in order, as
// json.Unmarshal does; a nil pointer skips one. Binary data decodes into
// []byte. Fewer arguments than pointers are an error, more are not. Errors are
// of type *ArgumentError.
func (a Args) Scan(dest ...any) error { panic("not yet") }

// Values returns the arguments in a form that Emit and Ack pass on untouched.
func (a Args) Values() []any { panic("not yet") }
