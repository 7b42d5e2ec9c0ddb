package socketio_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

func TestRecovery_IsBounded(t *testing.T) {
	for name, opts := range map[string]socketio.Recovery{
		"events": {MaxEvents: 3}, "bytes": {MaxBytes: 90}, "sockets": {MaxSockets: 1},
	} {
		t.Run(name, func(t *testing.T) {
			travel(t, opts, func(t *testing.T, tr *traveller) {
				tr.drop()
				for i := range 3 {
					must(t, tr.io.Emit("n", i))
				}
				if !tr.back() {
					t.Error("not recovered within the bounds")
				}
				tr.gets("n", "n", "n")
				other, err := tr.server.Dial(t.Context(), nil)
				must(t, err)
				tr.drop()
				other.Close()
				synctest.Wait()
				for i := range 5 {
					must(t, tr.io.Emit("n", i))
				}
				if tr.back() {
					t.Error("recovered beyond the bounds")
				}
			})
		})
	}
}

func TestRecovery_KeepsNothingForEmptyRooms(t *testing.T) {
	travel(t, socketio.Recovery{}, func(t *testing.T, tr *traveller) {
		number := func() int64 {
			tr.gets("mark")
			n, err := strconv.ParseInt(tr.offset.(string)[strings.Index(tr.offset.(string), ".")+1:], 36, 64)
			must(t, err)
			return n
		}
		must(t, tr.io.Emit("mark", 0))
		first := number()
		must(t, tr.io.To("empty").Emit("x", 1))
		must(t, tr.io.Socket(tr.client.ID()).Broadcast().Emit("x", 1))
		must(t, tr.io.Emit("mark", 2))
		if second := number(); second != first+1 {
			t.Errorf("number %d follows %d: somebody has kept an event for nobody", second, first)
		}
	})
}

func TestRecovery_SurvivesAQuietTimeAmidTheNoiseOfOthers(t *testing.T) {
	travel(t, socketio.Recovery{}, func(t *testing.T, tr *traveller) {
		must(t, tr.io.Emit("once", 1))
		tr.gets("once")
		noisy, err := tr.server.Dial(t.Context(), nil)
		must(t, err)
		defer noisy.Close()
		for i := range 600 {
			must(t, tr.io.To(noisy.ID()).Emit("noise", i))
			time.Sleep(time.Second)
		}
		tr.drop()
		must(t, tr.io.To("room").Emit("missed", 2))
		if !tr.back() {
			t.Error("not recovered")
		}
		tr.gets("missed")
	})
}

// The log may overflow between the middleware, which has been told that the
// socket is recovered, and the answer to the connect.
func TestRecovery_OverflowWhileTheMiddlewareDecides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opts := quiet(t)
		opts.Recovery = &socketio.Recovery{MaxEvents: 2}
		io := socketio.New(opts)
		io.Use(func(next socketio.ConnectFunc) socketio.ConnectFunc {
			return func(ctx context.Context, s *socketio.Socket) error {
				for i := range 3 {
					if s.Recovered() {
						must(t, io.Emit("n", i))
					}
				}
				return next(ctx, s)
			}
		})
		tr := &traveller{t: t, io: io, server: socketiotest.NewMemoryServer(io)}
		defer tr.server.Close()
		tr.connect(nil)
		tr.drop()
		if _, err := tr.server.Dial(t.Context(), &socketiotest.Options{Auth: tr.claim()}); !errors.Is(err, socketiotest.ErrClosed) {
			t.Errorf("got %v", err)
		}
		if tr.back() { // which the client does by itself
			t.Error("recovered")
		}
		tr.drop()
	})
}
