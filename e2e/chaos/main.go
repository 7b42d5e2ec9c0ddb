// Command chaos runs the real parley under load and faults and judges from what its clients saw whether it kept its
// promises. It must be run from within the module.
//
//	go run ./e2e/chaos                       30 minutes of faults
//	go run ./e2e/chaos -rounds 200 -only kill
//	go run ./e2e/chaos -seed 42 -for 1m
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"parley/e2e/chaos/internal/crowd"
	"parley/e2e/chaos/internal/history"
	"parley/e2e/stage"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	do := func() error { return command(ctx, os.Args[1:]) }
	if len(os.Args) == 2 && os.Args[1] == crowd.Word {
		do = func() error { return crowd.Be(ctx, os.Stdin, os.Stdout) }
	}
	if err := do(); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string) error {
	p := plan{log: os.Stdout, guests: 20}
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	flags.Uint64Var(&p.seed, "seed", rand.Uint64(), "decides what happens when; default random")
	flags.DurationVar(&p.length, "for", 0, "how long; default 30m unless -rounds is given")
	flags.IntVar(&p.rounds, "rounds", 0, "how many faults; default as many as there is time for")
	flags.StringVar(&p.only, "only", "", "one kind of fault: kill, pause, cut or put-out")
	out := flags.String("out", "", "file for the history, as lines of JSON")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if p.length == 0 && p.rounds == 0 {
		p.length = 30 * time.Minute
	}
	dir, err := os.MkdirTemp("", "chaos")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p.binary, p.data = filepath.Join(dir, "parley"), filepath.Join(dir, "data")
	if err := stage.Build(ctx, p.binary, "parley/cmd/parley"); err != nil {
		return err
	}
	events, found, err := run(ctx, p)
	if err != nil {
		return err
	}
	if *out != "" {
		if err := write(*out, events); err != nil {
			return err
		}
	}
	for _, violation := range found {
		fmt.Println(violation)
	}
	if len(found) > 0 {
		return fmt.Errorf("%d violations with seed %d", len(found), p.seed)
	}
	fmt.Println("every promise was kept")
	return nil
}

// run carries out a plan and judges it.
func run(ctx context.Context, p plan) ([]history.Event, []history.Violation, error) {
	w, err := newWorld(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	defer w.close()
	fmt.Fprintf(p.log, "seed %d\n", p.seed)
	w.load(ctx)
	n := newNemesis(w)
	if err := n.rage(ctx); err != nil {
		return nil, nil, fmt.Errorf("seed %d: %w", p.seed, err)
	}
	found, err := w.settle(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("seed %d: %w", p.seed, err)
	}
	fmt.Fprintln(p.log, n.summary())
	for _, complaint := range w.server.Complaints() {
		fmt.Fprintln(p.log, "the server logged:", complaint)
	}
	return w.record.Events(), found, nil
}

func write(file string, events []history.Event) error {
	out, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("write the history: %w", err)
	}
	return errors.Join(history.Lines(out, events), out.Close())
}
