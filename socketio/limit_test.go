package socketio_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

// ask calls an event and returns the error message that answers it, "" if none.
func ask(t *testing.T, client *socketiotest.Client, event string) string {
	t.Helper()
	args, err := client.Call(testContext(t), event)
	must(t, err)
	var answer struct{ Error struct{ Message string } }
	must(t, args.Scan(&answer))
	return answer.Error.Message
}

func TestLimit_RefusesEventsOverTheirRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io := socketio.New(quiet(t))
		accept := func(_ context.Context, e *socketio.Event) error { return e.Ack(struct{}{}) }
		io.HandleFunc("rare", accept)
		io.HandleFunc("often", accept)
		io.Limit("rare", socketio.Rate{Events: 1, Per: 10 * time.Second, Burst: 2})
		io.Limit("", socketio.Rate{Events: 5})
		server := socketiotest.NewMemoryServer(io)
		defer server.Close()
		client, err := server.Dial(testContext(t), nil)
		must(t, err)
		defer client.Close()
		other, err := server.Dial(testContext(t), nil)
		must(t, err)
		defer other.Close()

		var answers []string
		for _, event := range []string{"rare", "rare", "rare", "often", "often", "often", "often"} {
			answers = append(answers, ask(t, client, event))
		}
		want := []string{"", "", "too many events, try again in 10s", "", "", "", "too many events, try again in 200ms"}
		if fmt.Sprint(answers) != fmt.Sprint(want) {
			t.Errorf("got %q", answers)
		}
		if answer := ask(t, other, "rare"); answer != "" {
			t.Errorf("another socket: %q", answer)
		}
		time.Sleep(10 * time.Second)
		if answer := ask(t, client, "rare"); answer != "" {
			t.Errorf("after a rest: %q", answer)
		}
		if answer := ask(t, client, "rare"); answer == "" {
			t.Error("a rest gives back more than it should")
		}
	})
}

func TestSetDeadline_DisconnectsWhenItPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io := socketio.New(quiet(t))
		ended := make(chan socketio.Reason, 1)
		io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
			s.SetDeadline(time.Time{})
			s.SetDeadline(time.Now().Add(time.Minute))
			s.SetDeadline(time.Now().Add(time.Hour)) // the token was renewed
			s.OnDisconnect(func(r socketio.Reason) { ended <- r })
			return nil
		})
		server := socketiotest.NewMemoryServer(io)
		defer server.Close()
		client, err := server.Dial(testContext(t), nil)
		must(t, err)
		defer client.Close()
		began := time.Now()
		if _, err := client.Next(context.Background()); err != socketiotest.ErrDisconnected {
			t.Errorf("got %v", err)
		}
		if after := time.Since(began); after != time.Hour {
			t.Errorf("disconnected after %v", after)
		}
		if r := <-ended; r != socketio.ReasonExpired {
			t.Errorf("reason %q", r)
		}
	})
}

func TestSetDeadline_CanBeTakenAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io := socketio.New(quiet(t))
		server := socketiotest.NewMemoryServer(io)
		defer server.Close()
		client, err := server.Dial(testContext(t), nil)
		must(t, err)
		defer client.Close()
		s := io.Socket(client.ID())
		s.SetDeadline(time.Now().Add(time.Minute))
		s.SetDeadline(time.Time{})
		time.Sleep(time.Hour)
		if !s.Connected() {
			t.Error("disconnected")
		}
		s.SetDeadline(time.Now().Add(-time.Second))
		if _, err := client.Next(context.Background()); err != socketiotest.ErrDisconnected {
			t.Errorf("got %v", err)
		}
		s.SetDeadline(time.Now()) // too late to matter
	})
}
