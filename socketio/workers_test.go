package socketio_test

import (
	"context"
	"sync"
	"testing"

	"parley/socketio"
)

func TestHandlers_BlockedOnesHoldNobodyUp(t *testing.T) {
	const clients = 40
	io := socketio.New(quiet(t))
	var arrived sync.WaitGroup
	arrived.Add(clients)
	io.HandleFunc("meet", func(_ context.Context, e *socketio.Event) error {
		arrived.Done()
		arrived.Wait()
		return e.Socket.Emit("met", e.Socket.ID())
	})
	server := start(t, io)
	for range clients {
		client := dial(t, server, nil)
		must(t, client.Emit("meet"))
		defer expect[string](t, client, "met")
	}
}
