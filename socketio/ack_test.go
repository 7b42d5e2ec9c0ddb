package socketio_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"parley/socketio"
)

func TestAck_SecondCallIsIgnored(t *testing.T) {
	io := socketio.New(quiet(t))
	io.HandleFunc("ask", func(_ context.Context, e *socketio.Event) error {
		return errors.Join(e.Ack("one"), e.Ack("two"))
	})
	handleSettle(io.Namespace)
	client := dial(t, start(t, io), nil)
	conn := client.Conn()
	args, err := client.Call(testContext(t), "ask")
	if must(t, err); string(args.Raw[0]) != `"one"` {
		t.Errorf("got %s", args.Raw)
	}
	must(t, conn.Send(`2["ask"]`)) // wants none, gets none
	settled(t, client)
}

func TestAck_EncodingErrorIsAnsweredToo(t *testing.T) {
	io := socketio.New(quiet(t))
	io.HandleFunc("ask", func(_ context.Context, e *socketio.Event) error { return e.Ack(make(chan int)) })
	args, err := dial(t, start(t, io), nil).Call(testContext(t), "ask")
	if must(t, err); string(args.Raw[0]) != `{"error":{"message":"internal error"}}` {
		t.Errorf("got %s", args.Raw)
	}
}

func TestCall_AwaitsTheClientFromInsideAHandler(t *testing.T) {
	io := socketio.New(quiet(t))
	io.HandleFunc("start", func(ctx context.Context, e *socketio.Event) error {
		answer, err := socketio.Call[sum](ctx, e.Socket, "question", 42, []byte("data"))
		if err != nil {
			return err
		}
		return e.Ack(answer.A)
	})
	client := dial(t, start(t, io), nil)
	answered := make(chan string, 1)
	go func() {
		args, err := client.Call(testContext(t), "start")
		if err != nil {
			t.Error(err)
		}
		answered <- string(args.Raw[0])
	}()
	e, err := client.Next(testContext(t))
	must(t, err)
	var n int
	var data []byte
	must(t, e.Args.Scan(&n, &data))
	must(t, e.Ack(sum{A: n + len(data)}))
	if answer := got(t, answered); answer != "46" {
		t.Errorf("got %s", answer)
	}
}

func TestCall_EndsWithItsContextOrTheSocket(t *testing.T) {
	io := socketio.New(quiet(t))
	client := dial(t, start(t, io), nil)
	s := io.Socket(client.ID())
	ctx, cancel := context.WithTimeout(testContext(t), time.Millisecond)
	defer cancel()
	if _, err := s.EmitWithAck(ctx, "silence"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	failed := make(chan error, 1)
	go func() {
		_, err := s.EmitWithAck(testContext(t), "silence")
		failed <- err
	}()
	must(t, client.Expect(testContext(t), "silence"))
	must(t, client.Expect(testContext(t), "silence"))
	client.Close()
	if err := got(t, failed); !errors.Is(err, socketio.ErrDisconnected) {
		t.Errorf("got %v", err)
	}
	if _, err := s.EmitWithAck(testContext(t), "silence"); !errors.Is(err, socketio.ErrDisconnected) {
		t.Errorf("after the end: %v", err)
	}
}

func TestCall_ErrorsOfTheArguments(t *testing.T) {
	io := socketio.New(quiet(t))
	client := dial(t, start(t, io), nil)
	s := io.Socket(client.ID())
	if err := s.Emit("connect"); !errors.Is(err, socketio.ErrReservedEvent) {
		t.Errorf("reserved: %v", err)
	}
	if err := io.Emit("disconnecting"); !errors.Is(err, socketio.ErrReservedEvent) {
		t.Errorf("reserved broadcast: %v", err)
	}
	if _, err := s.EmitWithAck(testContext(t), "x", make(chan int)); err == nil {
		t.Error("a channel was encoded")
	}
}
