package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

// from lists who has answered, in order, and checks what.
func from(t *testing.T, answers []socketio.Answer) []string {
	t.Helper()
	var list []string
	for _, a := range answers {
		var said string
		must(t, a.Args.Scan(&said))
		if said != a.From {
			t.Errorf("the answer of %s is %s", a.From, said)
		}
		list = append(list, a.From)
	}
	slices.Sort(list)
	return list
}

func ids(nodes ...*node) []string {
	var list []string
	for _, n := range nodes {
		for _, c := range n.clients {
			list = append(list, c.ID())
		}
	}
	slices.Sort(list)
	return list
}

// overBuses runs a test over a bus that delivers at once and over one that is
// slow and reorders.
func overBuses(t *testing.T, servers, clients int, test func(t *testing.T, b *bus, nodes []*node)) {
	for name, delay := range map[string]time.Duration{"at once": 0, "slow, reordering": 300 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &bus{delay: delay}
				nodes := cluster(t, b, servers, clients)
				defer stop(b, nodes)
				test(t, b, nodes)
			})
		})
	}
}

func TestCluster_EmitWithAckGathersFromAllServers(t *testing.T) {
	overBuses(t, 3, 4, func(t *testing.T, b *bus, nodes []*node) {
		for _, n := range nodes {
			n.answering(t, n.clients...)
		}
		io := nodes[0].io
		answers, err := io.EmitWithAck(t.Context(), "ask", []byte("binary"))
		must(t, err)
		if diff := cmp.Diff(ids(nodes...), from(t, answers)); diff != "" {
			t.Error(diff)
		}
		answers, err = io.Local().EmitWithAck(t.Context(), "ask")
		must(t, err)
		if diff := cmp.Diff(ids(nodes[0]), from(t, answers)); diff != "" {
			t.Error("local: " + diff)
		}
		one := nodes[2].clients[1].ID()
		answers, err = io.To(one).EmitWithAck(t.Context(), "ask")
		must(t, err)
		if diff := cmp.Diff([]string{one}, from(t, answers)); diff != "" {
			t.Error("one: " + diff)
		}
		answers, err = io.Socket(nodes[0].clients[0].ID()).Broadcast().EmitWithAck(t.Context(), "ask")
		if must(t, err); len(answers) != 11 {
			t.Errorf("%d answers of all but the sender", len(answers))
		}
		answers, err = io.To("nobody").EmitWithAck(t.Context(), "ask")
		if must(t, err); len(answers) != 0 {
			t.Errorf("%d answers of nobody", len(answers))
		}
	})
}

func TestCluster_EmitWithAckReturnsWhatCameAndWhatIsMissing(t *testing.T) {
	overBuses(t, 2, 3, func(t *testing.T, b *bus, nodes []*node) {
		silent := nodes[1].clients[0].ID()
		for _, n := range nodes {
			n.answering(t, slices.DeleteFunc(slices.Clone(n.clients), func(c *socketiotest.Client) bool { return c.ID() == silent })...)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		began := time.Now()
		answers, err := nodes[0].io.EmitWithAck(ctx, "ask")
		incomplete, ok := errors.AsType[*socketio.IncompleteError](err)
		if !ok || incomplete.Missing != 1 || !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 2*time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		if len(answers) != 5 {
			t.Errorf("%d answers", len(answers))
		}
	})
}

func TestCluster_EmitWithAckDoesNotWaitForWhoHasGone(t *testing.T) {
	overBuses(t, 2, 2, func(t *testing.T, b *bus, nodes []*node) {
		for _, n := range nodes {
			n.answering(t, n.clients[0])
			time.AfterFunc(time.Second, n.clients[1].Close)
		}
		began := time.Now()
		answers, err := nodes[0].io.EmitWithAck(t.Context(), "ask")
		if incomplete, ok := errors.AsType[*socketio.IncompleteError](err); !ok || incomplete.Missing != 2 || !errors.Is(incomplete.Err, socketio.ErrDisconnected) {
			t.Errorf("got %v", err)
		}
		if after := time.Since(began); after > 2*time.Second || len(answers) != 2 {
			t.Errorf("%d answers after %v", len(answers), after)
		}
	})
}

func TestCluster_FetchSocketsDescribesThoseOfAllServers(t *testing.T) {
	overBuses(t, 2, 2, func(t *testing.T, b *bus, nodes []*node) {
		far := nodes[1].io.Socket(nodes[1].clients[0].ID())
		far.SetData(map[string]string{"name": "ann"})
		must(t, far.Join("room"))
		nodes[1].io.Socket(nodes[1].clients[1].ID()).SetData(make(chan int)) // does not encode
		all, err := nodes[0].io.FetchSockets(t.Context())
		if must(t, err); len(all) != 4 {
			t.Errorf("%d sockets", len(all))
		}
		in, err := nodes[0].io.In("room").FetchSockets(t.Context())
		must(t, err)
		s := in[0]
		if len(in) != 1 || s.ID != far.ID() || s.Server != nodes[1].io.ID() || string(s.Data) != `{"name":"ann"}` ||
			s.Transport != "websocket" || s.Client != far.Describe().Client || s.Client == far.Engine().ID() ||
			fmt.Sprint(s.Rooms) != fmt.Sprint([]string{far.ID(), "room"}) || s.Handshake.Query.Get("EIO") != "4" {
			t.Errorf("got %+v", in)
		}
		nodes[1].answering(t, nodes[1].clients[0])
		args, err := s.EmitWithAck(t.Context(), "ask")
		if must(t, err); string(args.Raw[0]) != `"`+s.ID+`"` {
			t.Errorf("got %s", args.Raw)
		}
		must(t, s.Emit("hello"))
		must(t, s.Join("other"))
		must(t, s.Leave("room"))
		time.Sleep(2 * b.delay)
		if rooms := fmt.Sprint(far.Rooms()); rooms != fmt.Sprint([]string{far.ID(), "other"}) {
			t.Errorf("rooms %s", rooms)
		}
		must(t, s.Disconnect(true))
		<-far.Context().Done()
		if _, err := s.EmitWithAck(t.Context(), "ask"); !errors.Is(err, socketio.ErrDisconnected) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestCluster_ServerSideEmitReachesTheOtherServersInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bus{}
		heard := make(chan string, 100)
		var nodes []*node
		for i := range 3 {
			opts := quiet(t)
			opts.Adapter = b.adapter()
			io := socketio.New(opts)
			io.HandleServer("note", func(_ context.Context, e *socketio.ServerEvent) error {
				var n int
				err := e.Args.Scan(&n)
				heard <- fmt.Sprint(i, ":", n)
				return err
			})
			io.HandleServer("who", func(_ context.Context, e *socketio.ServerEvent) error { return e.Ack(io.ID()) })
			io.HandleServer("exit", func(context.Context, *socketio.ServerEvent) error { return exit() })
			nodes = append(nodes, &node{io: io, server: socketiotest.NewMemoryServer(io)})
		}
		defer stop(b, nodes)
		io := nodes[0].io
		for n := range 10 {
			must(t, io.ServerSideEmit("note", n))
		}
		synctest.Wait()
		if len(heard) != 20 {
			t.Fatalf("%d events", len(heard))
		}
		next := map[string]int{}
		for range 20 {
			server, n, _ := strings.Cut(<-heard, ":")
			if server == "0" || n != fmt.Sprint(next[server]) {
				t.Errorf("server %s got %s", server, n)
			}
			next[server]++
		}
		answers, err := io.ServerSideEmitWithAck(t.Context(), "who")
		must(t, err)
		want := []string{nodes[1].io.ID(), nodes[2].io.ID()}
		slices.Sort(want)
		if diff := cmp.Diff(want, from(t, answers)); diff != "" {
			t.Error(diff)
		}
		answers, err = io.ServerSideEmitWithAck(t.Context(), "note", 10) // without an Ack of its own
		if must(t, err); len(answers) != 2 || answers[0].Args.Len() != 0 {
			t.Errorf("got %+v", answers)
		}
		for _, event := range []string{"nobody's", "exit", "note"} { // the last one without its argument
			_, err = io.ServerSideEmitWithAck(t.Context(), event)
			if incomplete, ok := errors.AsType[*socketio.IncompleteError](err); !ok || incomplete.Missing != 2 || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v", event, err)
			}
		}
		if _, err := io.ServerSideEmitWithAck(t.Context(), "who"); err != nil {
			t.Errorf("after a handler has failed: %v", err)
		}
	})
}

func TestServerSideEmit_WithoutOtherServersReachesNobody(t *testing.T) {
	io := socketio.New(quiet(t))
	must(t, io.ServerSideEmit("x"))
	answers, err := io.ServerSideEmitWithAck(t.Context(), "x")
	if must(t, err); len(answers) != 0 {
		t.Errorf("got %v", answers)
	}
	must(t, io.Shutdown(t.Context()))
}

func TestCluster_ForgetsAServerThatFellSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bus{}
		nodes := cluster(t, b, 2, 1)
		defer stop(b, nodes)
		b.losing(func(*socketio.Message) bool { return true })
		if _, err := nodes[0].io.FetchSockets(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("at first: %v", err)
		}
		time.Sleep(20 * time.Second)
		began := time.Now()
		if _, err := nodes[0].io.FetchSockets(t.Context()); err != nil || time.Since(began) != 0 {
			t.Errorf("later: %v after %v", err, time.Since(began))
		}
	})
}

func TestCluster_AServerThatGoesIsNotWaitedFor(t *testing.T) {
	overBuses(t, 2, 1, func(t *testing.T, b *bus, nodes []*node) {
		time.AfterFunc(time.Second, func() { _ = nodes[1].io.Shutdown(context.Background()) })
		began := time.Now()
		_, err := nodes[0].io.To(nodes[1].clients[0].ID()).EmitWithAck(t.Context(), "ask")
		if err == nil || errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 2*time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		time.Sleep(b.delay)
		if sockets, err := nodes[0].io.FetchSockets(t.Context()); err != nil || len(sockets) != 1 {
			t.Errorf("%d sockets, %v", len(sockets), err)
		}
	})
}

func TestCluster_RoomOperationsReachAllServers(t *testing.T) {
	overBuses(t, 2, 2, func(t *testing.T, b *bus, nodes []*node) {
		io := nodes[0].io
		reached := func(rooms ...string) int {
			time.Sleep(2 * b.delay)
			sockets, err := io.In(rooms...).FetchSockets(t.Context())
			must(t, err)
			return len(sockets)
		}
		must(t, io.SocketsJoin("all"))
		must(t, io.In(ids(nodes[1])...).SocketsJoin("far"))
		if n, far := reached("all"), reached("far"); n != 4 || far != 2 {
			t.Errorf("%d and %d joined", n, far)
		}
		must(t, io.In("far").SocketsLeave("all"))
		if n := reached("all"); n != 2 {
			t.Errorf("%d stayed", n)
		}
		must(t, io.To("far").Emit("hello", []byte("x")))
		for _, client := range nodes[1].clients {
			must(t, client.Expect(t.Context(), "hello", new([]byte)))
		}
		must(t, io.In("far").DisconnectSockets(false))
		for _, client := range nodes[1].clients {
			if _, err := client.Next(t.Context()); !errors.Is(err, socketiotest.ErrDisconnected) {
				t.Errorf("got %v", err)
			}
		}
	})
}
