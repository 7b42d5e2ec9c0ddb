package app_test

import (
	"errors"
	"sync"
	"testing"

	"parley/internal/config"
	"parley/internal/wire"
	"parley/socketio/socketiotest"
)

func lenient(c *config.Serve) {
	c.LoginBurst, c.SendBurst, c.SocketsPerUser = 1000, 1000, 1000
}

// Whoever has left hears nothing more, even on a socket that was connecting at
// that moment.
func TestRace_LeavingWhileConnecting(t *testing.T) {
	parley := start(t, lenient)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	room := ann.ok(wire.RoomCreate, m{"name": "Design"}).Room.ID
	for range 20 {
		bob.ok(wire.RoomJoin, m{"room": room})
		var late *device
		var both sync.WaitGroup
		both.Go(func() { late = parley.dial(t, m{"token": bob.token}) })
		both.Go(func() { bob.ok(wire.RoomLeave, m{"room": room}) })
		both.Wait()
		ready := next[wire.ReadyPush](late, wire.Ready)
		ann.ok(wire.MessageSend, m{"room": room, "body": "without bob"})
		ann.ok(wire.MessageSend, m{"body": "for all"})
		if got := next[wire.MessagePush](late, wire.MessageNew); got.Message.Body != "for all" {
			t.Fatalf("who has left got %q", got.Message.Body)
		}
		if len(ready.Rooms) == 2 { // ready still had the room, so its end must have been told after it
			next[wire.RemovedPush](late, wire.RoomRemoved)
		}
		late.client.Close()
	}
}

// Whoever has joined hears everything from then on, on every socket.
func TestRace_JoiningWhileConnecting(t *testing.T) {
	parley := start(t, lenient)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	room := ann.ok(wire.RoomCreate, m{"name": "Design"}).Room.ID
	for range 20 {
		var late *device
		var both sync.WaitGroup
		both.Go(func() { late = parley.dial(t, m{"token": bob.token}) })
		both.Go(func() { bob.ok(wire.RoomJoin, m{"room": room}) })
		both.Wait()
		next[wire.ReadyPush](late, wire.Ready)
		ann.ok(wire.MessageSend, m{"room": room, "body": "with bob"})
		if got := next[wire.MessagePush](late, wire.MessageNew); got.Message.Body != "with bob" {
			t.Fatalf("got %q", got.Message.Body)
		}
		bob.ok(wire.RoomLeave, m{"room": room})
		late.client.Close()
	}
}

// What is written while somebody connects is in what ready says of the room or
// is told after it, also to whoever hears nothing but ready and what follows.
func TestRace_AMessageWrittenWhileSomebodyConnectsIsNotMissed(t *testing.T) {
	parley := start(t, lenient)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	done := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				ann.ok(wire.MessageSend, m{"body": "on and on"})
			}
		}
	})
	defer writing.Wait()
	defer close(done)
	for range 100 {
		late := parley.dial(t, m{"token": bob.token})
		known := next[wire.ReadyPush](late, wire.Ready).Rooms[0].LastRev
		got := next[wire.MessagePush](late, wire.MessageNew)
		for got.Rev <= known {
			got = next[wire.MessagePush](late, wire.MessageNew)
		}
		if got.Rev != known+1 {
			t.Errorf("ready knew rev %d, the first told was %d", known, got.Rev)
		}
		late.client.Close()
	}
}

// After a logout is answered no socket of the session lives, not even one that
// was connecting.
func TestRace_LogoutWhileConnecting(t *testing.T) {
	parley := start(t, lenient)
	parley.person(t, "ann")
	for range 20 {
		bob := parley.device(t, "bob")
		var client *socketiotest.Client
		var err error
		var both sync.WaitGroup
		both.Go(func() { client, err = parley.tryDial(t, m{"token": bob.token}, new(socketiotest.Options)) })
		both.Go(func() { bob.ok(wire.AuthLogout, m{}) })
		both.Wait()
		var refusal *socketiotest.ConnectError
		if errors.As(err, &refusal) && string(refusal.Data) == `{"code":"unauthorized"}` {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		(&device{T: t, client: client}).cut()
	}
}

// A direct message that two people start at the same moment is one room.
func TestRace_BothStartTheSameDirectMessage(t *testing.T) {
	parley := start(t, lenient)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	var rooms [2]wire.ID
	var both sync.WaitGroup
	both.Go(func() { rooms[0] = ann.ok(wire.MessageSend, m{"to": "bob", "body": "hi"}).Message.Room })
	both.Go(func() { rooms[1] = bob.ok(wire.MessageSend, m{"to": "ann", "body": "hi"}).Message.Room })
	both.Wait()
	if rooms[0] != rooms[1] {
		t.Errorf("got rooms %v", rooms)
	}
	for _, d := range []*device{ann, bob} {
		next[wire.RoomNewPush](d, wire.RoomNew)
		for seq := range int64(2) {
			if got := next[wire.MessagePush](d, wire.MessageNew); got.Room != rooms[0] || got.Message.Seq != seq+1 {
				t.Errorf("got %+v", got)
			}
		}
		d.none(wire.RoomNew)
	}
}
