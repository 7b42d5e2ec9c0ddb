package redisadapter_test

import (
	"context"
	"log"
	"net/http"

	"github.com/redis/go-redis/v9"

	"parley/socketio"
	"parley/socketio/redisadapter"
)

// One of several servers on a Redis, others of which may run on Node.
func Example() {
	client := redis.NewClient(&redis.Options{Addr: "localhost:6379"})
	defer client.Close()
	bus := redisadapter.New(client, nil)
	defer bus.Close()
	io := socketio.New(&socketio.Options{Adapter: bus})
	io.HandleFunc("say", func(_ context.Context, e *socketio.Event) error {
		return io.To("lobby").Emit("said", e.Args.Values()...) // on all servers
	})
	http.Handle("/socket.io/", io)
	log.Print(http.ListenAndServe("localhost:3000", nil))
}
