package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/socketio"
	"parley/socketio/parser"
	"parley/socketio/socketiotest"
)

// crowd is a server with four clients: 0 and 1 are in room a, 1 and 2 in b.
type crowd struct {
	t       *testing.T
	io      *socketio.Server
	clients []*socketiotest.Client
	sockets []*socketio.Socket
}

func newCrowd(t *testing.T) *crowd {
	io := socketio.New(quiet(t))
	handleSettle(io.Namespace)
	server := start(t, io)
	c := &crowd{t: t, io: io}
	for i, rooms := range [][]string{{"a"}, {"a", "b"}, {"b"}, {}} {
		transport := []string{socketiotest.WebSocket, socketiotest.Polling}[i%2]
		client := dial(t, server, &socketiotest.Options{Transport: transport})
		s := io.Socket(client.ID())
		must(t, s.Join(rooms...))
		c.clients, c.sockets = append(c.clients, client), append(c.sockets, s)
	}
	return c
}

// reaches checks which clients have got the event, exactly once.
func (c *crowd) reaches(event string, err error, want ...int) {
	c.t.Helper()
	must(c.t, err)
	for i, client := range c.clients {
		if slices.Contains(want, i) {
			if err := client.Expect(testContext(c.t), event); err != nil {
				c.t.Errorf("client %d: %v", i, err)
				continue
			}
		}
		settled(c.t, client)
	}
}

func TestBroadcast_ReachesWhoIsMeantOnce(t *testing.T) {
	c := newCrowd(t)
	io, s := c.io, c.sockets
	c.reaches("emit", s[0].Emit("emit"), 0)
	c.reaches("volatile", s[0].Volatile().Emit("volatile"), 0)
	c.reaches("all", io.Emit("all"), 0, 1, 2, 3)
	c.reaches("others", s[1].Broadcast().Emit("others"), 0, 2, 3)
	c.reaches("room", io.To("a").Emit("room"), 0, 1)
	c.reaches("room-in", io.In("a").Emit("room-in"), 0, 1)
	c.reaches("room-sender", s[0].To("a").Emit("room-sender"), 1)
	c.reaches("room-outsider", s[3].In("a").Emit("room-outsider"), 0, 1)
	c.reaches("two-rooms", io.To("a").To("b").Emit("two-rooms"), 0, 1, 2)
	c.reaches("two-at-once", s[1].To("a", "b", "none").Emit("two-at-once"), 0, 2)
	c.reaches("except", io.Except("a").Emit("except"), 2, 3)
	c.reaches("to-except", io.To("a").Except("b").Emit("to-except"), 0)
	c.reaches("sender-except", s[3].Except("a").Emit("sender-except"), 2)
	c.reaches("own-room", io.To(s[2].ID()).Emit("own-room"), 2)
	c.reaches("but-one", io.To("b").Except(s[2].ID()).Emit("but-one"), 1)
	c.reaches("volatile-in", io.Volatile().In("b").Except(s[1].ID()).Emit("volatile-in"), 2)
	c.reaches("nobody", io.To().Emit("nobody"))
	c.reaches("empty-room", io.To("none").Emit("empty-room"))
	c.reaches("local", io.Local().To("b").Emit("local"), 1, 2)
	c.reaches("binary", io.Local().To("b").Emit("binary", []byte("data")), 1, 2)
}

func TestBroadcast_OperatorsAreImmutable(t *testing.T) {
	c := newCrowd(t)
	base := c.io.To("a")
	_ = base.To("b")
	_ = base.Except("a")
	_ = base.To("x").To("y")
	c.reaches("base", base.Emit("base"), 0, 1)
}

func TestBroadcast_KeepsTheOrderOfOneSender(t *testing.T) {
	c := newCrowd(t)
	const many = 500
	for i := range many {
		var err error
		switch i % 3 {
		case 0:
			err = c.io.Emit("n", i)
		case 1:
			err = c.io.To("a", "b").Emit("n", i)
		case 2:
			for _, s := range c.sockets {
				err = errors.Join(err, s.Emit("n", i))
			}
		}
		must(t, err)
	}
	for i := range many {
		for who, client := range c.clients[:3] {
			if n := expect[int](t, client, "n"); n != i {
				t.Fatalf("client %d got %d, want %d", who, n, i)
			}
		}
	}
}

func TestRooms_OperationsOnMany(t *testing.T) {
	c := newCrowd(t)
	must(t, c.io.In("a").SocketsJoin("c", "d"))
	c.reaches("joined", c.io.To("c").Emit("joined"), 0, 1)
	must(t, c.io.In("b").SocketsLeave("c"))
	c.reaches("left", c.io.To("c").Emit("left"), 0)
	must(t, c.io.SocketsJoin("everyone"))
	must(t, c.io.SocketsLeave("a"))
	c.reaches("gone", c.io.To("a").Emit("gone"))
	want := map[string][]string{"0": {"c", "d", "everyone"}, "1": {"b", "d", "everyone"}, "2": {"b", "everyone"}, "3": {"everyone"}}
	for i, s := range c.sockets {
		rooms := s.Rooms()
		if !s.Joined(s.ID()) || s.Joined("a") || s.Joined("b") != slices.Contains(rooms, "b") {
			t.Errorf("socket %d has joined others than %v", i, rooms)
		}
		if rooms[0] != s.ID() {
			t.Errorf("socket %d is not in its own room", i)
		}
		slices.Sort(rooms[1:])
		if diff := cmp.Diff(want[fmt.Sprint(i)], rooms[1:]); diff != "" {
			t.Errorf("socket %d: %s", i, diff)
		}
	}
	if n := len(slices.Collect(c.io.To("b").Sockets())); n != 2 {
		t.Errorf("%d sockets in b", n)
	}
	must(t, c.io.In("b").DisconnectSockets(false))
	for _, i := range []int{1, 2} {
		if _, err := c.clients[i].Next(testContext(t)); !errors.Is(err, socketiotest.ErrDisconnected) {
			t.Errorf("client %d: %v", i, err)
		}
	}
	if c.io.Len() != 2 {
		t.Errorf("%d sockets left", c.io.Len())
	}
	must(t, c.io.DisconnectSockets(true))
	if _, err := c.clients[0].Next(testContext(t)); !errors.Is(err, socketiotest.ErrDisconnected) {
		t.Errorf("client 0: %v", err)
	}
}

func TestRooms_JoinAndLeaveTwice(t *testing.T) {
	c := newCrowd(t)
	s := c.sockets[0]
	must(t, s.Join("a", "a", s.ID()))
	c.reaches("once", c.io.To("a", s.ID()).Emit("once"), 0, 1)
	s.Leave("a", "a", "never", s.ID())
	c.reaches("own", c.io.To("a", s.ID()).Emit("own"), 0, 1)
	if diff := cmp.Diff([]string{s.ID()}, s.Rooms()); diff != "" {
		t.Error(diff)
	}
}

func TestAdapter_OperationsReachOtherServers(t *testing.T) {
	var b bus
	var c crowd
	c.t = t
	for range 2 {
		opts := quiet(t)
		opts.Adapter = b.adapter()
		c.io = socketio.New(opts)
		handleSettle(c.io.Namespace)
		client := dial(t, start(t, c.io), nil)
		c.clients, c.sockets = append(c.clients, client), append(c.sockets, c.io.Socket(client.ID()))
	}
	io := c.io // of client 1
	c.reaches("all", io.Emit("all", []byte("x")), 0, 1)
	c.reaches("local", io.Local().Emit("local"), 1)
	c.reaches("others", c.sockets[1].Broadcast().Emit("others"), 0)
	c.reaches("except", io.Except(c.sockets[0].ID()).Volatile().Emit("except"), 1)
	must(t, io.SocketsJoin("room"))
	c.reaches("room", io.To("room").Emit("room"), 0, 1)
	must(t, io.To(c.sockets[0].ID()).SocketsLeave("room"))
	c.reaches("left", io.To("room").Emit("left"), 1)
	c.reaches("nobody", io.To().Emit("nobody"))
	must(t, io.Of("/unknown").Emit("elsewhere"))
	must(t, io.To(c.sockets[0].ID()).DisconnectSockets(true))
	if _, err := c.clients[0].Next(testContext(t)); !errors.Is(err, socketiotest.ErrDisconnected) {
		t.Errorf("got %v", err)
	}
}

func TestAdapter_GetsTheEventAsOneArray(t *testing.T) {
	opts := quiet(t)
	var published []*socketio.Message
	opts.Adapter = adapterFunc(func(m *socketio.Message) error {
		if m.Operation == socketio.OpEmit {
			published = append(published, m)
		}
		return errors.New("bus is down")
	})
	io := socketio.New(opts)
	must(t, errorIs(io.To("a").Except("b").Emit("e", 1, []byte("x")), "bus is down"))
	want := []*socketio.Message{{
		Operation: socketio.OpEmit, From: io.ID(), Namespace: "/", Targeted: true, Rooms: []string{"a"}, Except: []string{"b"},
		Payload: []byte(`["e",1,{"_placeholder":true,"num":0}]`), Attachments: [][]byte{[]byte("x")},
	}}
	if diff := cmp.Diff(want, published); diff != "" {
		t.Error(diff)
	}
	must(t, io.Shutdown(context.Background()))
}

type adapterFunc func(*socketio.Message) error

func (f adapterFunc) Publish(m *socketio.Message) error { return f(m) }
func (f adapterFunc) Receive(func(*socketio.Message))   {}

func errorIs(err error, text string) error {
	if err == nil || err.Error() != text {
		return fmt.Errorf("got error %v, want %s", err, text)
	}
	return nil
}

func TestEmit_RelaysAReceivedValue(t *testing.T) {
	c := newCrowd(t)
	v := parser.Value{JSON: []byte(`{"b": {"_placeholder":true,"num":1}}`), Attachments: [][]byte{nil, []byte("data")}}
	must(t, c.io.Emit("v", v))
	for _, client := range c.clients {
		got := expect[parser.Value](t, client, "v")
		if string(got.JSON) != `{"b": {"_placeholder":true,"num":0}}` || string(got.Attachments[0]) != "data" {
			t.Errorf("got %s", got.JSON)
		}
	}
}
