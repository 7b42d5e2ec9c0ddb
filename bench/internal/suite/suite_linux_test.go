package suite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/bench/internal/limit"
	"parley/bench/internal/load"
)

// TestMain lets the test's own program be the processes that a session starts.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 {
		goleak.VerifyTestMain(m)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	var err error
	switch os.Args[1] {
	case "act-generator":
		err = Generate(ctx, os.Stdin, os.Stdout)
	case "act-server":
		err = actServer(ctx, os.Args[len(os.Args)-1])
	case "act-broken":
		err = errors.New("the dog ate my socket")
	default:
		stop()
		goleak.VerifyTestMain(m)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func actServer(ctx context.Context, address string) error {
	signal.Ignore(syscall.SIGUSR2)
	server, err := limit.Listen(address)
	if err != nil {
		return err
	}
	return server.Serve(ctx)
}

// actor is a server that this program plays.
func actor(name, role string) Server {
	return Server{Name: name, Title: name, Protocol: "socketio", prepare: func(context.Context, workshop) (prepared, error) {
		return prepared{command: []string{os.Args[0], role}, version: "1"}, nil
	}}
}

func missing(name string) Server {
	return Server{Name: name, prepare: func(context.Context, workshop) (prepared, error) {
		return prepared{}, errors.New("not installed")
	}}
}

func brief(name string) Scenario {
	return Scenario{Name: name, Unit: "delivery", Shown: []Metric{CPU, Throughput}, Spec: load.Spec{
		Kind: load.Flood, Clients: 10, Payload: 32, Window: 4, Warmup: time.Millisecond, Measure: 50 * time.Millisecond}}
}

func TestRun_ServersTakeTurnsAndFailuresAreTold(t *testing.T) {
	t.Setenv("GORACE", "atexit_sleep_ms=0") // the race detector makes processes end slowly
	var progress strings.Builder
	session, err := Run(t.Context(), Plan{
		Root: t.TempDir(), Rounds: 2, Quick: true, Progress: &progress,
		Scenarios: []Scenario{brief("first"), brief("second")},
		Servers:   []Server{actor("a", "act-server"), actor("b", "act-server"), actor("broken", "act-broken"), missing("gone")},
		Generator: []string{os.Args[0], "act-generator"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for line := range strings.Lines(progress.String()) {
		if fields := strings.Fields(line[strings.IndexByte(line, ']')+1:]); strings.HasPrefix(line, "[") && fields[1] != "broken" {
			order = append(order, fields[0]+fields[1]+fields[3])
		}
	}
	want := []string{"firsta1:", "firstb1:", "firsta2:", "firstb2:", "seconda1:", "secondb1:", "seconda2:", "secondb2:"}
	if !slices.Equal(order, want) {
		t.Errorf("order %v\n%s", order, progress.String())
	}
	good, ok := session.Outcome("second", "b")
	if !ok || good.Figures[Throughput].N != 2 || good.Figures[Throughput].Min <= 0 {
		t.Errorf("%+v", good)
	}
	broken, ok := session.Outcome("first", "broken")
	if !ok || len(broken.Failures) != 2 || !strings.Contains(broken.Failures[0], "ate my socket") {
		t.Errorf("%+v", broken)
	}
	if session.Missing["gone"] != "not installed" || session.Versions["a"] != "1" {
		t.Errorf("missing %v, versions %v", session.Missing, session.Versions)
	}
}

func TestRun_NoServerIsAnError(t *testing.T) {
	var progress strings.Builder
	_, err := Run(t.Context(), Plan{Progress: &progress, Rounds: 1, Servers: []Server{missing("gone")}})
	if err == nil {
		t.Error("no error")
	}
}

func TestStart_WhatIsStoppedIsGone(t *testing.T) {
	p, err := start(t.Context(), []string{os.Args[0], "act-server"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	p.stop()
	if err := p.cmd.Process.Signal(syscall.Signal(0)); !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
}
