package socketio_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"parley/socketio"
	"parley/socketio/engineio"
	"parley/socketio/socketiotest"
)

func TestDisconnect_RunsItsFunctionsInOrder(t *testing.T) {
	io := socketio.New(quiet(t))
	events := make(chan string, 10)
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
		s.OnDisconnecting(func(r socketio.Reason) {
			if len(s.Rooms()) != 2 || s.Connected() || s.Context().Err() == nil {
				t.Errorf("disconnecting: rooms %v, connected %v", s.Rooms(), s.Connected())
			}
			events <- "disconnecting " + string(r)
		})
		s.OnDisconnect(func(r socketio.Reason) {
			if len(s.Rooms()) != 0 {
				t.Errorf("disconnect: rooms %v", s.Rooms())
			}
			events <- "disconnect " + string(r)
		})
		return s.Join("room")
	})
	handleSettle(io.Namespace)
	io.HandleFunc("last", func(context.Context, *socketio.Event) error {
		events <- "handled"
		return nil
	})
	client := dial(t, start(t, io), nil)
	s := io.Socket(client.ID())
	settled(t, client) // OnConnect has run
	must(t, client.Emit("last"))
	must(t, client.Disconnect())
	for _, want := range []string{"handled", "disconnecting client namespace disconnect", "disconnect client namespace disconnect"} {
		if e := got(t, events); e != want {
			t.Errorf("got %q, want %q", e, want)
		}
	}
	if err := s.Join("room"); !errors.Is(err, socketio.ErrDisconnected) {
		t.Errorf("join: %v", err)
	}
	if err := s.Emit("x"); !errors.Is(err, socketio.ErrDisconnected) {
		t.Errorf("emit: %v", err)
	}
	late := make(chan socketio.Reason, 1)
	s.OnDisconnecting(func(socketio.Reason) { t.Error("too late to be disconnecting") })
	s.OnDisconnect(func(r socketio.Reason) { late <- r })
	if r := got(t, late); r != socketio.ReasonClientDisconnect {
		t.Errorf("late function: %q", r)
	}
	if err := client.Conn().Send("0"); err != nil {
		t.Errorf("the connection has not survived: %v", err)
	}
}

func TestDisconnect_ByTheServerKeepsOtherNamespaces(t *testing.T) {
	io := socketio.New(quiet(t))
	handleSettle(io.Of("/other"))
	server := start(t, io)
	client := dial(t, server, nil)
	other, err := client.Connect(testContext(t), "/other", nil)
	must(t, err)
	s := io.Socket(client.ID())
	must(t, s.Emit("farewell"))
	s.Disconnect(false)
	s.Disconnect(false)
	must(t, client.Emit("crossing")) // was on its way, must not hurt
	must(t, client.Expect(testContext(t), "farewell"))
	if _, err := client.Next(testContext(t)); !errors.Is(err, socketiotest.ErrDisconnected) {
		t.Errorf("got %v", err)
	}
	settled(t, other)
	again, err := client.Connect(testContext(t), "/", nil)
	must(t, err)
	if again.ID() == client.ID() {
		t.Error("the same id twice")
	}
	io.Socket(again.ID()).Disconnect(true)
	if _, err := other.Next(testContext(t)); !errors.Is(err, socketiotest.ErrDisconnected) {
		t.Errorf("other namespace: %v", err)
	}
}

func TestDisconnect_ByTheServerDropsWhatIsNotHandled(t *testing.T) {
	io := socketio.New(quiet(t))
	hold, begun := make(chan struct{}), make(chan struct{}, 10)
	io.HandleFunc("hold", func(_ context.Context, e *socketio.Event) error {
		begun <- struct{}{}
		<-hold
		return nil
	})
	arrived := make(chan struct{})
	io.Of("/other").HandleFunc("sync", func(context.Context, *socketio.Event) error { close(arrived); return nil })
	client := dial(t, start(t, io), nil)
	other, err := client.Connect(testContext(t), "/other", nil)
	must(t, err)
	must(t, client.Emit("hold"))
	must(t, client.Emit("hold"))
	must(t, other.Emit("sync"))
	got(t, begun)
	got(t, arrived) // so the second hold waits in the inbox
	ended := make(chan socketio.Reason, 1)
	s := io.Socket(client.ID())
	s.OnDisconnect(func(r socketio.Reason) { ended <- r })
	s.Disconnect(false)
	close(hold)
	if r := got(t, ended); r != socketio.ReasonServerDisconnect || len(begun) != 0 {
		t.Errorf("reason %q, %d more events handled", r, len(begun))
	}
}

func TestDisconnect_CatchesASocketThatIsConnecting(t *testing.T) {
	io := socketio.New(quiet(t))
	inside, proceed := make(chan *socketio.Socket, 1), make(chan struct{})
	io.Use(func(next socketio.ConnectFunc) socketio.ConnectFunc {
		return func(ctx context.Context, s *socketio.Socket) error {
			err := s.Join("user-1")
			inside <- s
			<-proceed
			return errors.Join(err, next(ctx, s))
		}
	})
	io.OnConnect(func(context.Context, *socketio.Socket) error {
		t.Error("connected after it was disconnected")
		return nil
	})
	server := start(t, io)
	refused := make(chan error, 1)
	go func() {
		_, err := server.Dial(testContext(t), nil)
		refused <- err
	}()
	s := got(t, inside)
	ended := make(chan socketio.Reason, 1)
	s.OnDisconnect(func(r socketio.Reason) { ended <- r })
	must(t, io.In("user-1").DisconnectSockets(false))
	close(proceed)
	if refusal, ok := errors.AsType[*socketiotest.ConnectError](got(t, refused)); !ok || refusal.Message != "disconnected" {
		t.Errorf("refused with %v", refusal)
	}
	if r := got(t, ended); r != socketio.ReasonServerDisconnect {
		t.Errorf("reason %q", r)
	}
}

func TestDisconnect_MiddlewareHearsThatTheClientHasGone(t *testing.T) {
	io := socketio.New(quiet(t))
	inside, ended := make(chan struct{}), make(chan error, 1)
	io.Use(func(socketio.ConnectFunc) socketio.ConnectFunc {
		return func(ctx context.Context, _ *socketio.Socket) error {
			close(inside)
			<-ctx.Done()
			ended <- ctx.Err()
			return nil
		}
	})
	conn, err := start(t, io).DialConn(testContext(t), nil)
	must(t, err)
	must(t, conn.Send("0"))
	got(t, inside)
	conn.Close()
	if err := got(t, ended); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestDisconnect_HandlersHaveTimeToFinish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opts := quiet(t)
		opts.DisconnectGrace = 3 * time.Second
		io := socketio.New(opts)
		begun, ended := make(chan *socketio.Socket, 1), make(chan time.Duration, 1)
		io.HandleFunc("work", func(ctx context.Context, e *socketio.Event) error {
			begun <- e.Socket
			<-e.Socket.Context().Done()
			gone := time.Now()
			<-ctx.Done()
			ended <- time.Since(gone)
			return nil
		})
		server := socketiotest.NewMemoryServer(io)
		defer server.Close()
		client, err := server.Dial(t.Context(), nil)
		must(t, err)
		must(t, client.Emit("work"))
		<-begun
		client.Close()
		if d := <-ended; d != 3*time.Second {
			t.Errorf("the handler's context ended after %v", d)
		}
	})
}

func TestConnectTimeout_EndsASessionWithoutConnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io := socketio.New(quiet(t))
		server := socketiotest.NewMemoryServer(io)
		defer server.Close()
		idle, err := server.DialConn(t.Context(), nil)
		must(t, err)
		client, err := server.Dial(t.Context(), nil)
		must(t, err)
		opened := time.Now()
		if _, err := idle.Next(t.Context()); !errors.Is(err, socketiotest.ErrClosed) {
			t.Errorf("got %v", err)
		}
		if d := time.Since(opened); d != 45*time.Second {
			t.Errorf("closed after %v", d)
		}
		if io.Socket(client.ID()) == nil {
			t.Error("the one that has connected is gone too")
		}
		idle.Close()
		client.Close()
	})
}

func TestShutdown_WaitsForHandlersAndEndsSockets(t *testing.T) {
	io := socketio.New(quiet(t))
	begun, finish := make(chan struct{}), make(chan struct{})
	reason := make(chan socketio.Reason, 1)
	io.HandleFunc("work", func(_ context.Context, e *socketio.Event) error {
		e.Socket.OnDisconnect(func(r socketio.Reason) { reason <- r })
		close(begun)
		<-finish
		return nil
	})
	server := start(t, io)
	client := dial(t, server, nil)
	must(t, io.Emit("queued"))
	must(t, client.Emit("work"))
	got(t, begun)
	short, cancel := context.WithTimeout(testContext(t), 50*time.Millisecond)
	defer cancel()
	if err := io.Shutdown(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a handler still runs: %v", err)
	}
	must(t, client.Expect(testContext(t), "queued"))
	if _, err := client.Next(testContext(t)); !errors.Is(err, socketiotest.ErrClosed) {
		t.Errorf("the client may connect again, but got %v", err)
	}
	close(finish)
	must(t, io.Shutdown(testContext(t)))
	if r := got(t, reason); r != engineio.ReasonServerShutdown {
		t.Errorf("reason %q", r)
	}
	if _, err := server.Dial(testContext(t), nil); err == nil {
		t.Error("connected to a server that is shut down")
	}
}
