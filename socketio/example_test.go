package socketio_test

import (
	"context"
	"fmt"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

// connect starts a server with two clients, ann and bob. An example may ignore
// errors; a program must not.
func connect(io *socketio.Server) (ann, bob *socketiotest.Client, end func()) {
	server := socketiotest.NewServer(io)
	ann, _ = server.Dial(context.Background(), nil)
	bob, _ = server.Dial(context.Background(), nil)
	return ann, bob, func() {
		ann.Close()
		bob.Close()
		server.Close()
	}
}

// print waits for the next event of a client.
func print(who string, client *socketiotest.Client) {
	e, err := client.Next(context.Background())
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s: %s %s\n", who, e.Name, e.Args.Raw)
}

// To one socket: here the one that an event came from.
func ExampleSocket_Emit() {
	io := socketio.New(nil)
	io.HandleFunc("greet", func(ctx context.Context, e *socketio.Event) error {
		return e.Socket.Emit("hello", 1, []int{2, 3})
	})
	ann, _, end := connect(io)
	defer end()

	_ = ann.Emit("greet")
	print("ann", ann)
	// Output: ann: hello [1 [2,3]]
}

// To everyone in the namespace.
func ExampleNamespace_Emit() {
	io := socketio.New(nil)
	ann, bob, end := connect(io)
	defer end()

	_ = io.Emit("news", "the server speaks")
	print("ann", ann)
	print("bob", bob)
	// Output:
	// ann: news ["the server speaks"]
	// bob: news ["the server speaks"]
}

// To everyone but the socket itself.
func ExampleSocket_Broadcast() {
	io := socketio.New(nil)
	io.HandleFunc("say", func(ctx context.Context, e *socketio.Event) error {
		if err := e.Socket.Broadcast().Emit("said", e.Args.Values()...); err != nil {
			return err
		}
		return e.Socket.Emit("done")
	})
	ann, bob, end := connect(io)
	defer end()

	_ = ann.Emit("say", "hi")
	print("ann", ann)
	print("bob", bob)
	// Output:
	// ann: done []
	// bob: said ["hi"]
}

// To everyone in a room.
func ExampleNamespace_To() {
	io := socketio.New(nil)
	io.HandleFunc("join", func(ctx context.Context, e *socketio.Event) error {
		var room string
		if err := e.Args.Scan(&room); err != nil {
			return err
		}
		if err := e.Socket.Join(room); err != nil {
			return err
		}
		return io.To(room).Emit("joined", room)
	})
	_, bob, end := connect(io)
	defer end()

	_ = bob.Emit("join", "lobby")
	print("bob", bob)
	// Output: bob: joined ["lobby"]
}

// A typed handler: the argument is decoded, the result acknowledged.
func ExampleReply() {
	type sum struct{ A, B int }
	io := socketio.New(nil)
	io.Handle("add", socketio.Reply(func(ctx context.Context, s *socketio.Socket, in sum) (int, error) {
		return in.A + in.B, nil
	}))
	ann, _, end := connect(io)
	defer end()

	answer, _ := ann.Call(context.Background(), "add", sum{1, 2})
	fmt.Printf("%s\n", answer.Raw)
	// Output: [3]
}
