package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

// Ask everyone, and take what has come when the time is over.
func ExampleBroadcastOperator_EmitWithAck() {
	io := socketio.New(nil)
	ann, _, end := connect(io) // bob does not answer
	defer end()
	go func() {
		if e, err := ann.Next(context.Background()); err == nil {
			_ = e.Ack("yes")
		}
	}()

	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	answers, err := io.EmitWithAck(ctx, "are you there?")
	for _, a := range answers {
		fmt.Printf("%s\n", a.Args.Raw)
	}
	if incomplete, ok := errors.AsType[*socketio.IncompleteError](err); ok {
		fmt.Println("missing:", incomplete.Missing)
	}
	// Output:
	// ["yes"]
	// missing: 1
}

// A namespace for each tenant that somebody asks for.
func ExampleServer_OfMatching() {
	io := socketio.New(nil)
	tenants := io.OfMatching(func(name string) bool { return strings.HasPrefix(name, "/tenant-") })
	tenants.OnConnect(func(ctx context.Context, s *socketio.Socket) error {
		return s.Emit("welcome", s.Namespace().Name())
	})
	ann, _, end := connect(io)
	defer end()

	tenant, _ := ann.Connect(context.Background(), "/tenant-7", nil)
	print("ann", tenant)
	// Output: ann: welcome ["/tenant-7"]
}

// At most two messages at once, and one each second after that.
func ExampleNamespace_Limit() {
	io := socketio.New(nil)
	io.Limit("say", socketio.Rate{Events: 1, Per: time.Hour, Burst: 2})
	io.HandleFunc("say", func(ctx context.Context, e *socketio.Event) error { return e.Ack("said") })
	ann, _, end := connect(io)
	defer end()

	for range 3 {
		answer, _ := ann.Call(context.Background(), "say", "hi")
		fmt.Printf("%.20s…\n", answer.Raw[0])
	}
	// Output:
	// "said"…
	// "said"…
	// {"error":{"message":…
}

// Disconnect a socket when its token expires.
func ExampleSocket_SetDeadline() {
	io := socketio.New(nil)
	io.Use(func(next socketio.ConnectFunc) socketio.ConnectFunc {
		return func(ctx context.Context, s *socketio.Socket) error {
			s.SetDeadline(time.Now().Add(10 * time.Millisecond)) // as the token says
			return next(ctx, s)
		}
	})
	ann, _, end := connect(io)
	defer end()

	_, err := ann.Next(context.Background())
	fmt.Println(err)
	// Output: socketiotest: disconnected by the server
}

// Watch what one socket sends and is sent.
func ExampleSocket_OnAny() {
	io := socketio.New(nil)
	io.OnConnect(func(ctx context.Context, s *socketio.Socket) error {
		s.OnAny(func(e *socketio.Event) { fmt.Printf("in: %s %s\n", e.Name, e.Args.Raw) })
		s.OnAnyOutgoing(func(name string, args socketio.Args) { fmt.Printf("out: %s %s\n", name, args.Raw) })
		return nil
	})
	done := make(chan struct{})
	io.HandleFunc("greet", func(ctx context.Context, e *socketio.Event) error {
		defer close(done)
		return e.Socket.Emit("hello", 1)
	})
	ann, _, end := connect(io)
	defer end()

	_ = ann.Emit("greet", "x")
	<-done
	// Output:
	// in: greet ["x"]
	// out: hello [1]
}

// Two servers, and what one asks the other.
func ExampleNamespace_ServerSideEmitWithAck() {
	b := &bus{} // in a program: an adapter over a network
	one := socketio.New(&socketio.Options{Adapter: b.adapter()})
	two := socketio.New(&socketio.Options{Adapter: b.adapter()})
	two.HandleServer("load", func(ctx context.Context, e *socketio.ServerEvent) error { return e.Ack(0.5) })
	defer func() {
		_ = one.Shutdown(context.Background())
		_ = two.Shutdown(context.Background())
	}()

	_ = two.ServerSideEmit("hello") // nobody handles it
	answers, _ := one.ServerSideEmitWithAck(context.Background(), "load")
	fmt.Printf("%s\n", answers[0].Args.Raw)
	// Output: [0.5]
}

// A client that loses its connection goes on where it was.
func ExampleRecovery() {
	io := socketio.New(&socketio.Options{Recovery: &socketio.Recovery{MaxAge: time.Minute}})
	parked := make(chan struct{}, 10)
	io.OnConnect(func(ctx context.Context, s *socketio.Socket) error {
		if s.Recovered() {
			return nil
		}
		return s.Join("room")
	})
	io.OnRoomEvent(func(e socketio.RoomEvent) {
		if e.Type == socketio.RoomDeleted && e.Room == "room" {
			parked <- struct{}{}
		}
	})
	server := socketiotest.NewServer(io)
	defer server.Close()
	ann, _ := server.Dial(context.Background(), nil)

	ann.Close() // a tunnel
	<-parked
	_ = io.To("room").Emit("news", "while she was away")
	again, _ := server.Dial(context.Background(), &socketiotest.Options{Auth: map[string]string{"pid": ann.PID()}})
	defer again.Close()
	e, _ := again.Next(context.Background())
	fmt.Printf("%s %s, recovered: %v\n", e.Name, e.Args.Raw[0], again.ID() == ann.ID())
	// Output: news "while she was away", recovered: true
}
