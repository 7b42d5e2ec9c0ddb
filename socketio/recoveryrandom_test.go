package socketio_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

// wanderer is a client that joins and leaves rooms, and loses its connection
// again and again, perhaps before it has read everything.
type wanderer struct {
	t      *testing.T
	server *socketiotest.Server
	client *socketiotest.Client
	offset any
	want   []int // events that were sent to it, in order
	got    []int
}

// read takes events until there are none, or some of them.
func (w *wanderer) read(most int) {
	for range most {
		ctx, cancel := context.WithTimeout(w.t.Context(), time.Millisecond)
		e, err := w.client.Next(ctx)
		cancel()
		if err != nil {
			return
		}
		var n int
		must(w.t, e.Args.Scan(&n, &w.offset))
		w.got = append(w.got, n)
	}
}

// lose loses the connection and what was on its way, and comes back later.
func (w *wanderer) lose() (back func(io *socketio.Server)) {
	id, pid := w.client.ID(), w.client.PID()
	w.client.Close()
	synctest.Wait()
	return func(io *socketio.Server) {
		auth := map[string]any{"pid": pid}
		if w.offset != nil {
			auth["offset"] = w.offset
		}
		client, err := w.server.Dial(w.t.Context(), &socketiotest.Options{Auth: auth})
		must(w.t, err)
		if w.client = client; client.ID() != id {
			w.t.Fatal("not recovered")
		}
		synctest.Wait()
	}
}

// Whatever happens, a client that is recovered gets every event that was for
// it, once and in order, and no other.
func TestRecovery_LosesAndDoublesNothing(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { wander(t, rand.New(rand.NewPCG(seed, 0))) })
		})
	}
}

func wander(t *testing.T, random *rand.Rand) {
	opts := quiet(t)
	opts.Recovery = &socketio.Recovery{}
	io := socketio.New(opts)
	server := socketiotest.NewMemoryServer(io)
	defer server.Close()
	client, err := server.Dial(t.Context(), nil)
	must(t, err)
	synctest.Wait()
	w := &wanderer{t: t, server: server, client: client}
	defer func() { w.client.Close() }()
	id := client.ID()
	in := map[string]bool{id: true}
	away := func(*socketio.Server) {}
	here := true
	for n := range 400 {
		room := fmt.Sprint("room", random.IntN(3))
		switch action := random.IntN(10); {
		case action == 0 && here:
			must(t, io.Socket(id).Join(room))
			in[room] = true
		case action == 1 && here:
			io.Socket(id).Leave(room)
			delete(in, room)
		case action == 2 && here:
			w.read(random.IntN(4))
			away, here = w.lose(), false
		case action == 3 && !here:
			away(io)
			here = true
		case action == 4 && here:
			w.read(random.IntN(8))
		case action == 5:
			must(t, io.To(room, id).Except("nobody").Emit("n", n))
			w.want = append(w.want, n)
		case action == 6:
			must(t, io.Except(room).Emit("n", n))
			if !in[room] {
				w.want = append(w.want, n)
			}
		default:
			must(t, io.To(room).Emit("n", n))
			if in[room] {
				w.want = append(w.want, n)
			}
		}
		time.Sleep(time.Duration(random.IntN(1000)) * time.Millisecond)
	}
	if !here {
		away(io)
	}
	w.read(len(w.want) + 1)
	if !slices.Equal(w.got, w.want) {
		t.Errorf("got %v, want %v", w.got, w.want)
	}
}
