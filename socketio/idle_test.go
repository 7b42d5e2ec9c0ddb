package socketio_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"parley/socketio"
)

func TestIdleSockets_OwnNoGoroutine(t *testing.T) {
	io := socketio.New(quiet(t))
	handleSettle(io.Namespace)
	server := start(t, io)
	for range 20 {
		settled(t, dial(t, server, nil)) // each has handled an event
	}
	deadline := time.Now().Add(patience)
	for working() > 0 {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines still work for idle sockets", working())
		}
		runtime.Gosched() // the last handler has answered, but not returned yet
	}
}

// working counts the goroutines that run in a method of Socket.
func working() int {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return strings.Count(string(stacks), "created by parley/socketio.(*Socket)") +
		strings.Count(string(stacks), "created by parley/socketio.(*conn)")
}
