package conformance

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"testing"

	"github.com/redis/go-redis/v9"

	"parley/conformance/redistest"
	"parley/socketio"
	"parley/socketio/redisadapter"
	"parley/socketio/socketiotest"
)

// A server of ours and one on Node, with @socket.io/redis-adapter, are one
// cluster, and @socket.io/redis-emitter reaches both.
func TestRedisAdapterBesideNode(t *testing.T) {
	install(t)
	db := redistest.Start(t)
	logger := slog.New(slog.NewTextHandler(t.Output(), nil))
	client := redis.NewClient(&redis.Options{Addr: db.Addr})
	bus := redisadapter.New(client, &redisadapter.Options{Logger: logger})
	io := socketio.New(&socketio.Options{Adapter: bus, Logger: logger})
	registerRooms(io)
	registerCluster(io)
	server := socketiotest.NewServer(io)
	t.Cleanup(func() {
		server.Close()
		if err := errors.Join(bus.Close(), client.Close()); err != nil {
			t.Error(err)
		}
	})
	_, port, err := net.SplitHostPort(db.Addr)
	if err != nil {
		t.Fatal(err)
	}
	for _, specific := range []string{"one", "all"} {
		t.Run("answers to "+specific, func(t *testing.T) { cases(t, 12, "node", "clients/redis.mjs", server.URL, port, specific) })
	}
}

// registerCluster has clients ask for what reaches other servers.
func registerCluster(io *socketio.Server) {
	io.HandleFunc("fetch", func(ctx context.Context, e *socketio.Event) error {
		sockets, err := io.FetchSockets(ctx)
		return errors.Join(err, e.Ack(sockets))
	})
	io.HandleFunc("ask all", func(ctx context.Context, e *socketio.Event) error {
		answers, err := io.EmitWithAck(ctx, "question", e.Args.Values()...)
		list := []any{}
		for _, a := range answers {
			list = append(list, a.Args.Values()...)
		}
		return errors.Join(err, e.Ack(list...))
	})
	io.HandleFunc("ask servers", func(ctx context.Context, e *socketio.Event) error {
		answers, err := io.ServerSideEmitWithAck(ctx, "double", e.Args.Values()...)
		if err != nil {
			return err
		}
		return e.Ack(answers[0].Args.Values()...)
	})
	io.HandleFunc("tell servers", func(_ context.Context, e *socketio.Event) error {
		return errors.Join(io.ServerSideEmit("told", e.Args.Values()...), e.Ack())
	})
	io.Handle("all join", socketio.Reply(func(_ context.Context, _ *socketio.Socket, room string) (bool, error) {
		return true, io.SocketsJoin(room)
	}))
	io.Handle("all leave", socketio.Reply(func(_ context.Context, _ *socketio.Socket, room string) (bool, error) {
		return true, io.SocketsLeave(room)
	}))
	io.Handle("disconnect room", socketio.Reply(func(_ context.Context, _ *socketio.Socket, room string) (bool, error) {
		return true, io.In(room).DisconnectSockets(true)
	}))
	io.HandleServer("double", func(_ context.Context, e *socketio.ServerEvent) error {
		var n int
		if err := e.Args.Scan(&n); err != nil {
			return err
		}
		return e.Ack(2 * n)
	})
	io.HandleServer("told", func(_ context.Context, e *socketio.ServerEvent) error {
		return io.Local().Emit("servers were told", e.Args.Values()...)
	})
}
