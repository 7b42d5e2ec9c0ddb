package socketio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// Errors that sending and joining return.
var (
	ErrDisconnected  = errors.New("socketio: socket is not connected")
	ErrReservedEvent = errors.New("socketio: reserved event name")
)

var errText = errors.New("socketio: text message where the parser has binary ones")

// ErrExited is the error of a function of the application that has ended its
// goroutine, by runtime.Goexit or a test's FailNow, instead of returning.
var ErrExited = errors.New("socketio: function ended its goroutine")

// ConnectError is an error of connect middleware that the client may see: it
// becomes the connect_error event with this message and data.
type ConnectError struct {
	Message string
	Data    any // left out if nil
}

func (e *ConnectError) Error() string { return e.Message }

// ArgumentError says that an argument of an event did not decode.
type ArgumentError struct {
	Index int // of the argument, from 0
	Err   error
}

func (e *ArgumentError) Error() string {
	return fmt.Sprintf("argument %d: %v", e.Index+1, e.Err)
}

// Unwrap returns the decoder's error.
func (e *ArgumentError) Unwrap() error { return e.Err }

// PanicError is a panic of a handler.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// errorReply is the default form of a failed acknowledgement.
type errorReply struct {
	Error struct {
		Message string `json:"message"`
	} `json:"error"`
}

// replyWith is the default of Options.ErrorReply.
func replyWith(logger *slog.Logger) func(context.Context, *Event, error) any {
	return func(_ context.Context, e *Event, err error) any {
		var reply errorReply
		reply.Error.Message = "internal error"
		if arg, ok := errors.AsType[*ArgumentError](err); ok {
			reply.Error.Message = arg.Error()
			return reply
		}
		if rate, ok := errors.AsType[*RateError](err); ok {
			reply.Error.Message = rate.Error()
			return reply
		}
		logger.Error("event handler failed", "event", e.Name, "socket", e.Socket.ID(), "error", err)
		return reply
	}
}
