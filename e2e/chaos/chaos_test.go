package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/e2e/stage"
)

// The binaries that the tests run, built once.
var (
	binary       string // as it is released
	faultyBinary string // one that can be told to break a promise
	harness      string // this program, which is also the crowds
)

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "chaos")
	if err != nil {
		panic(err)
	}
	binary, faultyBinary, harness = filepath.Join(dir, "parley"), filepath.Join(dir, "faulty"), filepath.Join(dir, "chaos")
	for _, err := range []error{
		stage.Build(context.Background(), binary, "parley/cmd/parley"),
		stage.Build(context.Background(), faultyBinary, "parley/cmd/parley", "parley_fault"),
		stage.Build(context.Background(), harness, "parley/e2e/chaos"),
	} {
		if err != nil {
			panic(err)
		}
	}
	status := m.Run()
	if err := goleak.Find(); status == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.RemoveAll(dir)
	os.Exit(status)
}

// TestChaos_AMinuteOfFaultsBreaksNoPromise is the run that everybody can repeat by hand: go run ./e2e/chaos -seed N.
func TestChaos_AMinuteOfFaultsBreaksNoPromise(t *testing.T) {
	t.Parallel()
	const promised = 2 * time.Second // from the start of the process until it serves
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	p := plan{binary: binary, data: t.TempDir(), seed: rand.Uint64(), length: time.Minute, guests: 20, log: t.Output()}
	w, err := newWorld(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	t.Logf("seed %d", p.seed)
	w.load(ctx)
	n := newNemesis(w)
	if err := n.rage(ctx); err != nil {
		t.Fatal(err)
	}
	found, err := w.settle(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(n.summary())
	for _, violation := range found {
		t.Error(violation)
	}
	for _, complaint := range w.server.Complaints() {
		t.Errorf("the server logged: %s", complaint)
	}
	if len(n.starts) < 5 {
		t.Fatalf("the server was killed only %d times", len(n.starts))
	}
	if typical := slices.Sorted(slices.Values(n.starts))[len(n.starts)/2]; typical > promised {
		t.Errorf("it typically took %v to serve again", typical)
	}
}
