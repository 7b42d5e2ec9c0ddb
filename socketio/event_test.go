package socketio_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/socketio"
	"parley/socketio/parser"
	"parley/socketio/socketiotest"
)

// relay sends an event's arguments back, as they came.
func relay(_ context.Context, e *socketio.Event) error {
	return errors.Join(e.Ack(e.Args.Values()...), e.Socket.Emit("back", e.Args.Values()...))
}

func TestEvent_ValuesComeBackAsTheyWere(t *testing.T) {
	io := socketio.New(quiet(t))
	io.HandleFunc("relay", relay)
	server := start(t, io)
	for _, transport := range []string{socketiotest.WebSocket, socketiotest.Polling} {
		client := dial(t, server, &socketiotest.Options{Transport: transport})
		raw := []any{
			json.RawMessage(`{"z":1,"a":{"9007199254740993":9007199254740993}}`), json.RawMessage(`-0`),
			json.RawMessage(`"\ud800 <b>&amp;"`), json.RawMessage(`{"_placeholder":true,"num":3}`),
		}
		args, err := client.Call(testContext(t), "relay", raw...)
		must(t, err)
		for i, want := range raw {
			if diff := cmp.Diff(want, args.Raw[i]); diff != "" {
				t.Errorf("%s: %s", transport, diff)
			}
		}
		must(t, client.Expect(testContext(t), "back"))
	}
}

func TestEvent_BinaryBothWays(t *testing.T) {
	io := socketio.New(quiet(t))
	io.HandleFunc("relay", relay)
	io.HandleFunc("decode", func(_ context.Context, e *socketio.Event) error {
		var file struct {
			Name string
			Data []byte
		}
		var whole []byte
		var tree any
		if err := e.Args.Scan(&file, &whole, &tree); err != nil {
			return err
		}
		return e.Ack(fmt.Sprintf("%s=%s %s %s", file.Name, file.Data, whole, tree.(map[string]any)["x"]))
	})
	server := start(t, io)
	for _, transport := range []string{socketiotest.WebSocket, socketiotest.Polling} {
		client := dial(t, server, &socketiotest.Options{Transport: transport})
		file := map[string]any{"name": "a.txt", "data": []byte("DATA")}
		args, err := client.Call(testContext(t), "decode", file, []byte("WHOLE"), map[string]any{"x": []byte("DEEP")})
		must(t, err)
		var answer string
		if must(t, args.Scan(&answer)); answer != "a.txt=DATA WHOLE DEEP" {
			t.Errorf("%s: got %q", transport, answer)
		}
		args, err = client.Call(testContext(t), "relay", file, []byte{}, []byte("twice"))
		must(t, err)
		var empty, twice []byte
		must(t, args.Scan(nil, &empty, &twice))
		if len(args.Attachments) != 3 || len(empty) != 0 || string(twice) != "twice" {
			t.Errorf("%s: got %d attachments, %q, %q", transport, len(args.Attachments), empty, twice)
		}
		must(t, client.Expect(testContext(t), "back"))
	}
}

func TestEvent_HandledInOrderOneAtATime(t *testing.T) {
	io := socketio.New(quiet(t))
	running := false // only one handler at a time may touch it
	io.HandleFunc("n", func(_ context.Context, e *socketio.Event) error {
		if running {
			t.Error("two handlers at once")
		}
		running = true
		err := e.Socket.Emit("n", e.Args.Values()...)
		running = false
		return err
	})
	client := dial(t, start(t, io), nil)
	const many = 1000
	for i := range many {
		must(t, client.Emit("n", i))
	}
	for i := range many {
		if n := expect[int](t, client, "n"); n != i {
			t.Fatalf("got %d, want %d", n, i)
		}
	}
}

func TestEvent_UnknownOnesAndMiddleware(t *testing.T) {
	io := socketio.New(quiet(t))
	for _, name := range []string{"outer", "inner"} {
		io.UseEvent(func(next socketio.Handler) socketio.Handler {
			return socketio.HandlerFunc(func(ctx context.Context, e *socketio.Event) error {
				return errors.Join(e.Socket.Emit(name), next.HandleEvent(ctx, e))
			})
		})
	}
	io.HandleUnknown(socketio.HandlerFunc(func(_ context.Context, e *socketio.Event) error { return e.Ack("no " + e.Name) }))
	client := dial(t, start(t, io), nil)
	for _, name := range []string{"toString", "__proto__", "error", ""} {
		args, err := client.Call(testContext(t), name)
		var answer string
		if must(t, errors.Join(err, args.Scan(&answer))); answer != "no "+name {
			t.Errorf("got %q", answer)
		}
		must(t, client.Expect(testContext(t), "outer"))
		must(t, client.Expect(testContext(t), "inner"))
	}
}

type sum struct {
	A, B int
}

func TestReply_DecodesAndAcknowledges(t *testing.T) {
	io := socketio.New(quiet(t))
	io.Handle("sum", socketio.Reply(func(_ context.Context, _ *socketio.Socket, in sum) (int, error) {
		switch {
		case in.A < 0:
			return 0, errors.New("secret cause")
		case in.B < 0:
			panic("secret panic")
		}
		return in.A + in.B, nil
	}))
	client := dial(t, start(t, io), nil)
	const failed = `{"error":{"message":"internal error"}}`
	for _, test := range []struct {
		args []any
		want string
	}{
		{[]any{sum{1, 2}}, `3`},
		{nil, `0`},
		{[]any{sum{A: -1}}, failed},
		{[]any{sum{B: -1}}, failed},
		{[]any{sum{2, 2}}, `4`}, // the socket has survived
		{[]any{"text"}, `{"error":{"message":"argument 1: json: cannot unmarshal string into Go value of type socketio_test.sum"}}`},
	} {
		args, err := client.Call(testContext(t), "sum", test.args...)
		must(t, err)
		if len(args.Raw) != 1 || string(args.Raw[0]) != test.want {
			t.Errorf("sum(%v) = %s, want %s", test.args, args.Raw, test.want)
		}
	}
}

func TestErrorReply_HearsOfEveryFailure(t *testing.T) {
	opts := quiet(t)
	heard := make(chan error, 10)
	opts.ErrorReply = func(_ context.Context, e *socketio.Event, err error) any {
		heard <- err
		if e.Name == "worse" {
			panic("in the reply too")
		}
		return "sorry"
	}
	io := socketio.New(opts)
	io.HandleUnknown(socketio.HandlerFunc(func(_ context.Context, e *socketio.Event) error {
		if e.Name == "late" && e.Ack("done") != nil {
			t.Error("no acknowledgement")
		}
		panic(e.Name)
	}))
	handleSettle(io.Namespace)
	client := dial(t, start(t, io), nil)
	must(t, client.Emit("no ack"))
	must(t, client.Emit("worse"))
	for event, want := range map[string]string{"early": `"sorry"`, "late": `"done"`} {
		args, err := client.Call(testContext(t), event)
		if must(t, err); string(args.Raw[0]) != want {
			t.Errorf("%s: acknowledged with %s", event, args.Raw)
		}
	}
	settled(t, client)
	for range 4 {
		if _, ok := errors.AsType[*socketio.PanicError](got(t, heard)); !ok {
			t.Error("not a panic")
		}
	}
}

func TestArgs_ScanErrors(t *testing.T) {
	args := socketio.Args{Raw: []json.RawMessage{json.RawMessage(`"a"`), json.RawMessage(`1`)}}
	var text string
	var n int
	if err := args.Scan(&text, nil); err != nil || text != "a" {
		t.Errorf("got %q, %v", text, err)
	}
	argument, ok := errors.AsType[*socketio.ArgumentError](args.Scan(&text, &text))
	if !ok || argument.Index != 1 || errors.Unwrap(argument) == nil {
		t.Errorf("wrong type: %v", argument)
	}
	if err := args.Scan(nil, &n, &n); err == nil || err.Error() != "argument 3: missing" {
		t.Errorf("missing: %v", err)
	}
	var v parser.Value
	if must(t, args.Scan(&v)); string(v.JSON) != `"a"` {
		t.Errorf("value %s", v.JSON)
	}
}

func TestInbox_OverflowClosesTheConnection(t *testing.T) {
	opts := quiet(t)
	opts.MaxInboxBytes = 5000
	io := socketio.New(opts)
	hold, ended := make(chan struct{}), make(chan socketio.Reason, 1)
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
		s.OnDisconnect(func(r socketio.Reason) { ended <- r })
		return nil
	})
	io.HandleFunc("hold", func(context.Context, *socketio.Event) error { <-hold; return nil })
	io.HandleFunc("big", func(_ context.Context, e *socketio.Event) error { return e.Ack("fits") })
	server := start(t, io)
	alone := dial(t, server, nil)
	if _, err := alone.Call(testContext(t), "big", make([]byte, 20_000)); err != nil {
		t.Errorf("one event always fits: %v", err)
	}
	client := dial(t, server, nil)
	for range 100 {
		if client.Emit("hold") != nil {
			break // closed already
		}
	}
	if _, err := client.Next(testContext(t)); !errors.Is(err, socketiotest.ErrClosed) {
		t.Errorf("got %v", err)
	}
	close(hold)
	if r := got(t, ended); r != socketio.ReasonInboxOverflow {
		t.Errorf("reason %q", r)
	}
}

func TestOptions_DefaultErrorReplyLogs(t *testing.T) {
	var log logBuffer
	io := socketio.New(&socketio.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	io.HandleFunc("fail", func(context.Context, *socketio.Event) error { return errors.New("the cause") })
	_, err := dial(t, start(t, io), nil).Call(testContext(t), "fail")
	must(t, err)
	if !log.contains("the cause") {
		t.Error("nothing was logged")
	}
}
