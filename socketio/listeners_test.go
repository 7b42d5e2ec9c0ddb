package socketio_test

import (
	"context"
	"fmt"
	"testing"

	"parley/socketio"
)

func TestOnAny_HearsEventsBeforeTheirHandlersUntilRemoved(t *testing.T) {
	io := socketio.New(quiet(t))
	order := make(chan string, 10)
	var remove func()
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
		s.OnAny(func(*socketio.Event) { panic("a listener that fails hurts nobody") })
		remove = s.OnAny(func(e *socketio.Event) { order <- fmt.Sprintf("any %s %s", e.Name, e.Args.Raw) })
		return nil
	})
	io.HandleFunc("known", func(_ context.Context, e *socketio.Event) error {
		order <- "handler"
		return nil
	})
	io.HandleFunc("remove", func(context.Context, *socketio.Event) error {
		remove()
		return nil
	})
	handleSettle(io.Namespace)
	client := dial(t, start(t, io), nil)
	must(t, client.Emit("known", 1))
	must(t, client.Emit("unknown", "x"))
	must(t, client.Emit("remove"))
	settled(t, client)
	for _, want := range []string{"any known [1]", "handler", `any unknown ["x"]`, "any remove []"} {
		if heard := got(t, order); heard != want {
			t.Errorf("heard %q, want %q", heard, want)
		}
	}
	if len(order) > 0 {
		t.Errorf("heard %q after all", <-order)
	}
}

func TestOnAnyOutgoing_HearsWhatIsSentToTheSocket(t *testing.T) {
	c := newCrowd(t)
	heard := make(chan string, 100)
	remove := c.sockets[0].OnAnyOutgoing(func(name string, args socketio.Args) {
		if name != "settled" {
			heard <- fmt.Sprintf("%s%s", name, args.Raw)
		}
	})
	s := c.sockets
	c.reaches("own", s[0].Emit("own"), 0)
	c.reaches("others", s[0].Broadcast().Emit("others"), 1, 2, 3)
	c.reaches("room", c.io.To("a").Emit("room"), 0, 1)
	c.reaches("volatile", s[0].Volatile().Compress(false).Emit("volatile"), 0)
	c.reaches("plain", s[0].Compress(false).Volatile().Emit("plain"), 0)
	remove()
	c.reaches("after", c.io.Emit("after"), 0, 1, 2, 3)
	for _, want := range []string{"own[]", "room[]", "volatile[]", "plain[]"} {
		if event := got(t, heard); event != want {
			t.Errorf("heard %q, want %q", event, want)
		}
	}
	if len(heard) > 0 {
		t.Errorf("heard %q after all", <-heard)
	}
}
