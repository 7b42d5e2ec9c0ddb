// Package wire holds what a client and Parley say to each other: event names,
// the JSON shape of every request, answer and server event, error codes with
// their HTTP status, and how a request is read.
//
// The types here carry no rules. The edges (socketapi, httpapi) read requests
// with Decode and turn values of the domain into these shapes.
//
// Every shape is a plain struct with json tags; lists are never null; an
// optional field has omitempty or omitzero and is absent when it has no value.
package wire

//go:generate env UPDATE_GOLDEN=1 go test -run TestTypeScript_IsWhatTheShapesSay .

// Proto is the version of the contract. A handshake may name it; another
// number is refused.
const Proto = 1
