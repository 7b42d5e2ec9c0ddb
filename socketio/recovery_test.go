package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

// traveller is a client that loses its connection and comes back.
type traveller struct {
	t      *testing.T
	io     *socketio.Server
	server *socketiotest.Server
	client *socketiotest.Client
	offset any // nil until an event has come
}

// travel runs a test with a client of a server that keeps what it misses.
func travel(t *testing.T, opts socketio.Recovery, test func(t *testing.T, tr *traveller)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o := quiet(t)
		o.Recovery = &opts
		io := socketio.New(o)
		tr := &traveller{t: t, io: io, server: socketiotest.NewMemoryServer(io)}
		defer tr.server.Close()
		io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
			if s.Recovered() {
				return nil
			}
			s.SetData("luggage of " + s.ID())
			return s.Join("room")
		})
		io.HandleFunc("slow", func(ctx context.Context, _ *socketio.Event) error {
			time.Sleep(time.Second)
			return nil
		})
		io.Use(func(next socketio.ConnectFunc) socketio.ConnectFunc {
			return func(ctx context.Context, s *socketio.Socket) error {
				if s.Handshake().Query.Get("refuse") != "" {
					return &socketio.ConnectError{Message: "not any more"}
				}
				return next(ctx, s)
			}
		})
		tr.connect(nil)
		defer func() { tr.client.Close() }()
		test(t, tr)
	})
}

// connect connects, with what is given for auth.
func (tr *traveller) connect(auth any) {
	tr.t.Helper()
	client, err := tr.server.Dial(tr.t.Context(), &socketiotest.Options{Auth: auth})
	must(tr.t, err)
	tr.client = client
	synctest.Wait() // OnConnect has run
}

// drop loses the connection.
func (tr *traveller) drop() {
	tr.client.Close()
	synctest.Wait()
}

// claim is what the client says when it comes back.
func (tr *traveller) claim() map[string]any {
	auth := map[string]any{"pid": tr.client.PID(), "token": "the application's"}
	if tr.offset != nil {
		auth["offset"] = tr.offset
	}
	return auth
}

// back comes back and reports whether it was recovered, as the client knows it.
func (tr *traveller) back() bool {
	tr.t.Helper()
	id, pid := tr.client.ID(), tr.client.PID()
	tr.connect(tr.claim())
	recovered := tr.client.PID() == pid
	if s := tr.io.Socket(tr.client.ID()); s.Recovered() != recovered || (tr.client.ID() == id) != recovered {
		tr.t.Errorf("the client thinks %v, the server %v; id %s was %s", recovered, s.Recovered(), s.ID(), id)
	}
	return recovered
}

// gets checks that these events come next, and then nothing.
func (tr *traveller) gets(names ...string) {
	tr.t.Helper()
	must(tr.t, tr.io.Socket(tr.client.ID()).Volatile().Emit("end"))
	var got []string
	for {
		e, err := tr.client.Next(tr.t.Context())
		must(tr.t, err)
		if e.Name == "end" {
			break
		}
		got = append(got, e.Name)
		must(tr.t, e.Args.Scan(new(int), &tr.offset))
	}
	if fmt.Sprint(got) != fmt.Sprint(names) {
		tr.t.Errorf("got %v, want %v", got, names)
	}
}

func TestRecovery_GivesBackWhatAClientHadAndMissed(t *testing.T) {
	travel(t, socketio.Recovery{}, func(t *testing.T, tr *traveller) {
		io, id := tr.io, tr.client.ID()
		must(t, io.Emit("before", 1))
		must(t, io.Socket(id).Emit("own", 2))
		tr.gets("before", "own")
		tr.drop()
		must(t, io.Emit("all", 3))
		must(t, io.To("room").Emit("room", 4, []byte("binary")))
		must(t, io.To(id).Emit("own", 5))
		must(t, io.To("elsewhere").Emit("elsewhere", 6))
		must(t, io.Except("room").Emit("excepted", 7))
		must(t, io.Except(id).Emit("excepted", 8))
		must(t, io.Volatile().Emit("volatile", 9))
		client := tr.client
		tr.connect(tr.claim())
		for _, name := range []string{"all", "room", "own"} { // before the answer to the connect
			e, err := tr.client.Next(t.Context())
			if must(t, err); e.Name != name {
				t.Errorf("got %s, want %s", e.Name, name)
			}
		}
		s := io.Socket(id)
		if tr.client.ID() != id || tr.client.PID() != client.PID() || s == nil || !s.Recovered() {
			t.Fatal("not recovered")
		}
		if s.Data() != "luggage of "+id || fmt.Sprint(s.Rooms()) != fmt.Sprint([]string{id, "room"}) {
			t.Errorf("data %v, rooms %v", s.Data(), s.Rooms())
		}
		must(t, io.To("room").Emit("after", 10))
		tr.gets("after")
	})
}

func TestRecovery_OfAClientThatHasGotNoEvent(t *testing.T) {
	travel(t, socketio.Recovery{}, func(t *testing.T, tr *traveller) {
		tr.drop()
		must(t, tr.io.Emit("all", 1))
		if !tr.back() {
			t.Error("not recovered")
		}
		tr.gets("all")
	})
}

func TestRecovery_IsGoodForOneUse(t *testing.T) {
	travel(t, socketio.Recovery{}, func(t *testing.T, tr *traveller) {
		claim := tr.claim()
		tr.drop()
		if !tr.back() {
			t.Error("not recovered")
		}
		thief, err := tr.server.Dial(t.Context(), &socketiotest.Options{Auth: claim})
		must(t, err)
		defer thief.Close()
		if thief.ID() == tr.client.ID() || thief.PID() == tr.client.PID() {
			t.Error("recovered twice")
		}
		tr.drop()
		if !tr.back() {
			t.Error("not recovered after the next loss")
		}
	})
}

func TestRecovery_IsNotForWhoHasLeft(t *testing.T) {
	for name, leave := range map[string]func(t *testing.T, tr *traveller){
		"the client disconnected": func(t *testing.T, tr *traveller) { must(t, tr.client.Disconnect()) },
		"the server disconnected": func(t *testing.T, tr *traveller) { tr.io.Socket(tr.client.ID()).Disconnect(true) },
		"its deadline passed": func(t *testing.T, tr *traveller) {
			tr.io.Socket(tr.client.ID()).SetDeadline(time.Now())
			synctest.Wait()
		},
		"was away too long":          func(t *testing.T, tr *traveller) { tr.drop(); time.Sleep(2 * time.Minute) },
		"was disconnected meanwhile": func(t *testing.T, tr *traveller) { tr.drop(); must(t, tr.io.In("room").DisconnectSockets(false)) },
		"does not know where it was": func(t *testing.T, tr *traveller) { tr.offset = "a string of the application" },
		"is from the future":         func(t *testing.T, tr *traveller) { tr.offset = tr.offset.(string)[:7] + "zzz" },
	} {
		t.Run(name, func(t *testing.T) {
			travel(t, socketio.Recovery{}, func(t *testing.T, tr *traveller) {
				must(t, tr.io.Emit("before", 1))
				tr.gets("before")
				leave(t, tr)
				tr.drop()
				if tr.back() {
					t.Error("recovered")
				}
				tr.gets()
			})
		})
	}
}

func TestRecovery_RoomsChangeMeanwhile(t *testing.T) {
	travel(t, socketio.Recovery{}, func(t *testing.T, tr *traveller) {
		tr.drop()
		must(t, tr.io.In("room").SocketsJoin("late"))
		must(t, tr.io.To("late").Emit("late", 1))
		must(t, tr.io.In("late").SocketsLeave("room"))
		must(t, tr.io.To("room").Emit("room", 2))
		if !tr.back() {
			t.Error("not recovered")
		}
		tr.gets("late")
		if rooms := tr.io.Socket(tr.client.ID()).Rooms(); fmt.Sprint(rooms[1:]) != "[late]" {
			t.Errorf("rooms %v", rooms)
		}
	})
}

func TestRecovery_AsksTheMiddlewareAgain(t *testing.T) {
	for skip, want := range map[bool]string{false: "connect_error: not any more", true: "<nil>"} {
		travel(t, socketio.Recovery{SkipMiddleware: skip}, func(t *testing.T, tr *traveller) {
			tr.drop()
			client, err := tr.server.Dial(t.Context(), &socketiotest.Options{Auth: tr.claim(), Query: map[string][]string{"refuse": {"1"}}})
			if fmt.Sprint(err) != want {
				t.Errorf("skip %v: %v", skip, err)
			}
			if err == nil {
				client.Close()
				return
			}
			if tr.back() {
				t.Error("recovered after the state was used up")
			}
		})
	}
}

func TestRecovery_WaitsForHandlersThatAreBusy(t *testing.T) {
	travel(t, socketio.Recovery{}, func(t *testing.T, tr *traveller) {
		must(t, tr.client.Emit("slow"))
		synctest.Wait()
		tr.drop()
		began := time.Now()
		if !tr.back() || time.Since(began) != time.Second {
			t.Errorf("after %v", time.Since(began))
		}
		must(t, tr.io.Emit("after", 1))
		tr.gets("after")
	})
}

func TestRecovery_AClientThatGoesWhileItWaitsLeavesNothingBehind(t *testing.T) {
	travel(t, socketio.Recovery{}, func(t *testing.T, tr *traveller) {
		must(t, tr.client.Emit("slow"))
		synctest.Wait()
		tr.drop()
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := tr.server.Dial(ctx, &socketiotest.Options{Auth: tr.claim()}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		time.Sleep(2 * time.Second)
		if tr.io.Len() != 0 {
			t.Errorf("%d sockets", tr.io.Len())
		}
		tr.connect(nil)
	})
}

func TestRecovery_KeepsADynamicNamespaceWhileItIsNeeded(t *testing.T) {
	travel(t, socketio.Recovery{}, func(t *testing.T, tr *traveller) {
		tr.io.OfMatching(func(name string) bool { return name == "/dynamic" })
		dynamic, err := tr.client.Connect(t.Context(), "/dynamic", nil)
		must(t, err)
		tr.drop()
		tr.connect(nil)
		again, err := tr.client.Connect(t.Context(), "/dynamic", map[string]any{"pid": dynamic.PID()})
		if must(t, err); again.ID() != dynamic.ID() {
			t.Error("not recovered")
		}
		tr.drop()
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if got := names(tr.io); got != "/" {
			t.Errorf("namespaces %s", got)
		}
		tr.connect(nil)
	})
}
