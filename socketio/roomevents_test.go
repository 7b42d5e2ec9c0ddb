package socketio_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"parley/socketio"
)

// watcher is an adapter that notes which rooms are open.
type watcher struct {
	adapterFunc
	mu    sync.Mutex
	calls []string
	open  map[string]bool
}

func (w *watcher) RoomOpened(namespace, room string, own bool) { w.note("open", room, own, true) }
func (w *watcher) RoomClosed(namespace, room string, own bool) { w.note("close", room, own, false) }

func (w *watcher) note(what, room string, own, open bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if own {
		room = "own"
	}
	w.calls = append(w.calls, what+" "+room)
	if w.open[room] == open && !own {
		w.calls = append(w.calls, "twice")
	}
	w.open[room] = open
}

func newWatcher() *watcher {
	return &watcher{adapterFunc: func(*socketio.Message) error { return nil }, open: map[string]bool{}}
}

func TestRoomEvents_TellOfEveryChangeInOrder(t *testing.T) {
	opts, w := quiet(t), newWatcher()
	opts.Adapter = w
	io := socketio.New(opts)
	events := make(chan string, 100)
	io.OnRoomEvent(func(e socketio.RoomEvent) {
		room, who := e.Room, ""
		if len(room) == 20 {
			room = "own"
		}
		if e.Socket != nil {
			who = " by a socket"
		}
		events <- string(e.Type) + " " + room + who
		if e.Type == socketio.RoomJoined && room == "first" {
			must(t, e.Socket.Join("second")) // told of later, not inside of this one
		}
	})
	io.OnRoomEvent(func(socketio.RoomEvent) { panic("a function that fails hurts nobody") })
	client := dial(t, start(t, io), nil)
	s := io.Socket(client.ID())
	must(t, s.Join("first", "first"))
	expectAll := func(all ...string) {
		t.Helper()
		for _, want := range all {
			if event := got(t, events); event != want {
				t.Errorf("%s, want %s", event, want)
			}
		}
	}
	expectAll("create-room own", "join-room own by a socket", "create-room first", "join-room first by a socket",
		"create-room second", "join-room second by a socket")
	s.Leave("second", "never")
	expectAll("leave-room second by a socket", "delete-room second")
	client.Close()
	expectAll("leave-room first by a socket", "delete-room first", "leave-room own by a socket", "delete-room own")
	must(t, io.Shutdown(testContext(t)))
	want := "[open own open first open second close second close first close own]"
	if fmt.Sprint(w.calls) != want {
		t.Errorf("the adapter was told %v", w.calls)
	}
}

func TestRoomEvents_AFunctionThatEndsItsGoroutineStopsNobodyElse(t *testing.T) {
	io := socketio.New(quiet(t))
	told := make(chan string, 100)
	io.OnRoomEvent(func(e socketio.RoomEvent) {
		if e.Room == "exit" && e.Type == socketio.RoomJoined {
			runtime.Goexit()
		}
		if e.Room == "after" && e.Type == socketio.RoomJoined {
			told <- e.Room
		}
	})
	client := dial(t, start(t, io), nil)
	s := io.Socket(client.ID())
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = s.Join("exit")
	}()
	got(t, exited)
	must(t, s.Join("after"))
	got(t, told)
}

func TestRoomWatcher_EndsWithWhatIsTrue(t *testing.T) {
	opts, w := quiet(t), newWatcher()
	opts.Adapter = w
	io := socketio.New(opts)
	server := start(t, io)
	var sockets []*socketio.Socket
	for range 4 {
		sockets = append(sockets, io.Socket(dial(t, server, nil).ID()))
	}
	var busy sync.WaitGroup
	for i, s := range sockets {
		busy.Go(func() {
			for n := range 200 {
				room := fmt.Sprint("room", n%3)
				if n%2 == i%2 {
					must(t, s.Join(room))
				} else {
					s.Leave(room)
				}
			}
			s.Leave("room0", "room1", "room2")
			must(t, s.Join("last"))
		})
	}
	busy.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, call := range w.calls {
		if call == "twice" {
			t.Fatalf("told twice in a row: %v", w.calls)
		}
	}
	if w.open["room0"] || w.open["room1"] || w.open["room2"] || !w.open["last"] {
		t.Errorf("open: %v", w.open)
	}
}
