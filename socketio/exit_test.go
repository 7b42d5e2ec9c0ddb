package socketio_test

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"testing"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

// exit ends the goroutine it is called on, as a test's FailNow does.
func exit() error {
	runtime.Goexit()
	return nil
}

func TestExit_OfAHandlerIsAnsweredAndTheSocketGoesOn(t *testing.T) {
	io := socketio.New(quiet(t))
	io.HandleFunc("exit", func(context.Context, *socketio.Event) error { return exit() })
	handleSettle(io.Namespace)
	client := dial(t, start(t, io), nil)
	for range 3 {
		args, err := client.Call(testContext(t), "exit")
		if must(t, err); string(args.Raw[0]) != `{"error":{"message":"internal error"}}` {
			t.Errorf("got %s", args.Raw)
		}
	}
	must(t, client.Emit("exit"))
	settled(t, client)
}

func TestExit_OfTheErrorReplyLosesOnlyTheReply(t *testing.T) {
	opts := quiet(t)
	opts.ErrorReply = func(context.Context, *socketio.Event, error) any { return exit() }
	io := socketio.New(opts)
	io.HandleFunc("exit", func(context.Context, *socketio.Event) error { return exit() })
	handleSettle(io.Namespace)
	client := dial(t, start(t, io), nil)
	must(t, client.Emit("exit"))
	settled(t, client)
}

func TestExit_WhileConnectingRefusesTheSocket(t *testing.T) {
	io := socketio.New(quiet(t))
	io.Of("/middleware").Use(func(socketio.ConnectFunc) socketio.ConnectFunc {
		return func(context.Context, *socketio.Socket) error { return exit() }
	})
	io.Of("/connected").OnConnect(func(context.Context, *socketio.Socket) error { return exit() })
	client := dial(t, start(t, io), nil)
	_, err := client.Connect(testContext(t), "/middleware", nil)
	if refusal, ok := errors.AsType[*socketiotest.ConnectError](err); !ok || refusal.Message != "internal error" {
		t.Errorf("middleware: %v", err)
	}
	connected, err := client.Connect(testContext(t), "/connected", nil)
	must(t, err)
	if _, err := connected.Next(testContext(t)); !errors.Is(err, socketiotest.ErrDisconnected) {
		t.Errorf("connect handler: %v", err)
	}
}

func TestExit_OfADisconnectFunctionLosesNoOther(t *testing.T) {
	var log logBuffer
	io := socketio.New(&socketio.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	told := make(chan string, 4)
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
		s.OnDisconnecting(func(socketio.Reason) { _ = exit() })
		s.OnDisconnecting(func(socketio.Reason) { told <- "disconnecting" })
		s.OnDisconnect(func(socketio.Reason) { _ = exit() })
		s.OnDisconnect(func(socketio.Reason) { told <- "disconnect" })
		return nil
	})
	client := dial(t, start(t, io), nil)
	client.Close()
	for _, want := range []string{"disconnecting", "disconnect"} {
		if function := got(t, told); function != want {
			t.Errorf("%s ran, want %s", function, want)
		}
	}
	if !log.contains(socketio.ErrExited.Error()) {
		t.Error("nothing was logged")
	}
}
