package socketiotest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func echoServer() *socketio.Server {
	io := socketio.New(nil)
	io.HandleFunc("echo", func(_ context.Context, e *socketio.Event) error {
		return errors.Join(e.Socket.Emit("echo", e.Args.Values()...), e.Ack(e.Args.Values()...))
	})
	io.HandleFunc("ask", func(ctx context.Context, e *socketio.Event) error {
		answer, err := e.Socket.EmitWithAck(ctx, "question")
		if err != nil {
			return err
		}
		return e.Ack(answer.Values()...)
	})
	io.HandleFunc("leave", func(_ context.Context, e *socketio.Event) error {
		e.Socket.Disconnect(false)
		return nil
	})
	io.Of("/private").Use(func(socketio.ConnectFunc) socketio.ConnectFunc {
		return func(context.Context, *socketio.Socket) error {
			return &socketio.ConnectError{Message: "members only", Data: 7}
		}
	})
	return io
}

// talk uses everything a client can do.
func talk(ctx context.Context, server *socketiotest.Server, transport string) error {
	client, err := server.Dial(ctx, &socketiotest.Options{Transport: transport})
	if err != nil {
		return err
	}
	defer client.Close()
	args, err := client.Call(ctx, "echo", "text", []byte("binary"))
	var text string
	var data []byte
	if err := errors.Join(err, args.Scan(&text, &data)); err != nil || text != "text" || string(data) != "binary" {
		return fmt.Errorf("call: %q, %q, %w", text, data, err)
	}
	if err := client.Expect(ctx, "echo", &text, &data); err != nil {
		return err
	}
	if err := client.Emit("ask"); err != nil {
		return err
	}
	question, err := client.Next(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(question.Ack(42), client.Emit("echo", "next")); err != nil {
		return err
	}
	if err := client.Expect(ctx, "other"); err == nil {
		return errors.New("expected the wrong event")
	}
	_, err = client.Connect(ctx, "/private", map[string]string{"token": "x"})
	refusal, ok := errors.AsType[*socketiotest.ConnectError](err)
	if !ok || refusal.Message != "members only" || string(refusal.Data) != "7" {
		return fmt.Errorf("refusal: %w", err)
	}
	if err := client.Emit("leave"); err != nil {
		return err
	}
	if _, err := client.Next(ctx); !errors.Is(err, socketiotest.ErrDisconnected) {
		return fmt.Errorf("disconnected: %w", err)
	}
	return nil
}

func TestClient_OverLoopback(t *testing.T) {
	server := socketiotest.NewServer(echoServer())
	defer server.Close()
	for _, transport := range []string{socketiotest.WebSocket, socketiotest.Polling} {
		if err := talk(t.Context(), server, transport); err != nil {
			t.Errorf("%s: %v", transport, err)
		}
	}
}

func TestClient_InMemoryWithHeartbeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := socketiotest.NewMemoryServer(echoServer())
		defer server.Close()
		for _, transport := range []string{socketiotest.WebSocket, socketiotest.Polling} {
			client, err := server.Dial(t.Context(), &socketiotest.Options{Transport: transport})
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour) // 144 heartbeats of the bubble's time
			if _, err := client.Call(t.Context(), "echo"); err != nil {
				t.Errorf("%s: %v", transport, err)
			}
			client.Close()
			if err := talk(t.Context(), server, transport); err != nil {
				t.Errorf("%s: %v", transport, err)
			}
		}
	})
}

func TestDial_RefusalsAreErrors(t *testing.T) {
	io := echoServer()
	server := httptest.NewServer(io)
	defer server.Close()
	ctx := t.Context()
	defer func() { _ = io.Shutdown(context.WithoutCancel(ctx)) }()
	client := server.Client()
	for name, opts := range map[string]socketiotest.Options{
		"path":              {Path: "/socket.io/file"},
		"polling path":      {Path: "/socket.io/file", Transport: socketiotest.Polling},
		"namespace":         {Namespace: "/none"},
		"polling namespace": {Namespace: "/none", Transport: socketiotest.Polling},
		"auth":              {Auth: make(chan int)},
		"query":             {Query: map[string][]string{"sid": {"none"}}},
	} {
		opts.HTTPClient = client
		if _, err := socketiotest.Dial(ctx, server.URL, &opts); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	c, err := socketiotest.Dial(ctx, server.URL, &socketiotest.Options{HTTPClient: client})
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if _, err := c.Call(ctx, "echo"); !errors.Is(err, socketiotest.ErrClosed) {
		t.Errorf("call after close: %v", err)
	}
	if _, err := c.Next(ctx); !errors.Is(err, socketiotest.ErrClosed) {
		t.Errorf("next after close: %v", err)
	}
	if _, err := c.Connect(ctx, "/private", nil); !errors.Is(err, socketiotest.ErrClosed) {
		t.Errorf("connect after close: %v", err)
	}
	client.CloseIdleConnections()
}
