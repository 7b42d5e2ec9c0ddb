package socketio_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

func names(io *socketio.Server) string {
	var list []string
	for n := range io.Namespaces() {
		list = append(list, n.Name())
	}
	return strings.Join(list, " ")
}

func TestOfMatching_IsBoundedAndForgetsEmptyNamespaces(t *testing.T) {
	opts := quiet(t)
	opts.MaxNamespaces = 2
	io := socketio.New(opts)
	made := make(chan string, 10)
	io.OnNamespace(func(n *socketio.Namespace) { made <- n.Name() })
	io.OnNamespace(func(*socketio.Namespace) { runtime.Goexit() })
	io.OfMatching(func(name string) bool { return strings.HasPrefix(name, "/t") })
	left := make(chan struct{}, 1)
	io.Of("/static").OnConnect(func(_ context.Context, s *socketio.Socket) error {
		s.OnDisconnect(func(socketio.Reason) { left <- struct{}{} })
		return nil
	})
	client := dial(t, start(t, io), nil)
	first, err := client.Connect(testContext(t), "/t1", nil)
	must(t, err)
	_, err = client.Connect(testContext(t), "/t2", nil)
	must(t, err)
	_, err = client.Connect(testContext(t), "/t3", nil)
	refusal, ok := errors.AsType[*socketiotest.ConnectError](err)
	if !ok || refusal.Message != "Too many namespaces" {
		t.Errorf("one too many: %v", err)
	}
	static, err := client.Connect(testContext(t), "/static", nil)
	must(t, err)
	if got := names(io); got != "/ /static /t1 /t2" {
		t.Errorf("namespaces %s", got)
	}
	must(t, first.Disconnect())
	eventually(t, "the empty namespace is forgotten", func() bool { return names(io) == "/ /static /t2" })
	_, err = client.Connect(testContext(t), "/t3", nil)
	must(t, err)
	must(t, static.Disconnect())
	got(t, left)
	if got := names(io); got != "/ /static /t2 /t3" {
		t.Errorf("namespaces %s", got)
	}
	for _, want := range []string{"/static", "/t1", "/t2", "/t3"} {
		if name := got(t, made); name != want {
			t.Errorf("told of %s, want %s", name, want)
		}
	}
}

func TestOfMatching_OutlivesAMatchFunctionThatEndsItsGoroutine(t *testing.T) {
	io := socketio.New(quiet(t))
	io.OfMatching(func(string) bool {
		runtime.Goexit()
		return true
	})
	handleSettle(io.Namespace)
	client := dial(t, start(t, io), nil)
	if _, err := client.Connect(testContext(t), "/x", nil); err == nil {
		t.Error("connected")
	}
	settled(t, client)
}
