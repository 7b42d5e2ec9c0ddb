// A Socket.IO server with rooms, and the four ways of sending.
// Try it with any Socket.IO client on http://localhost:3000.
package main

import (
	"cmp"
	"context"
	"log"
	"net/http"
	"os"

	"parley/socketio"
)

func main() {
	io := socketio.New(nil)
	io.OnConnect(func(ctx context.Context, s *socketio.Socket) error {
		if err := s.Emit("welcome", s.ID()); err != nil { // socket.emit: only this one
			return err
		}
		return s.Broadcast().Emit("joined", s.ID()) // broadcast: everyone but this one
	})
	io.Handle("join", socketio.Reply(func(ctx context.Context, s *socketio.Socket, room string) (string, error) {
		return room, s.Join(room)
	}))
	io.HandleFunc("room", func(ctx context.Context, e *socketio.Event) error {
		var room, text string
		if err := e.Args.Scan(&room, &text); err != nil {
			return err
		}
		return io.To(room).Emit("room", room, text) // everyone in a room
	})
	io.HandleFunc("all", func(ctx context.Context, e *socketio.Event) error {
		return io.Emit("all", e.Args.Values()...) // io.emit: everyone
	})
	http.Handle("/socket.io/", io)
	log.Fatal(http.ListenAndServe(cmp.Or(os.Getenv("LISTEN"), "localhost:3000"), nil))
}
