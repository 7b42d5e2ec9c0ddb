// Command chat measures the whole chat against its budgets: the real binary on the first processor, people wherever this
// command runs, which should be the others. It must be run from within the module.
//
//	go run ./bench/chat
//	go run ./bench/chat -only sends,fan-out
//	go run ./bench/chat -cpus 0-1
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"text/tabwriter"

	"parley/bench/internal/proc"
	"parley/e2e/stage"
)

// bench is one run.
type bench struct {
	dir    string
	binary string
	cpus   string // that the server may use, as taskset writes them
	rows   []row
}

// row is one figure beside its budget.
type row struct{ what, budget, measured string }

func (b *bench) report(what, budget, format string, args ...any) {
	b.rows = append(b.rows, row{what, budget, fmt.Sprintf(format, args...)})
}

// scenario is one kind of work.
type scenario struct {
	name string
	run  func(*bench, context.Context) error
}

func scenarios() []scenario {
	return []scenario{
		{"footprint", (*bench).footprint},
		{"sends", (*bench).sends},
		{"fan-out", (*bench).fanOut},
		{"memory", (*bench).memory},
		{"blackout", (*bench).blackout},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "chat:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("chat", flag.ContinueOnError)
	only := flags.String("only", "", "some scenarios, with commas: footprint, sends, fan-out, memory, blackout; default all")
	cpus := flags.String("cpus", "0", "the processors that the server may use, such as 0-1")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bench-chat")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{dir: dir, binary: filepath.Join(dir, "parley"), cpus: *cpus}
	if err := stage.Build(ctx, b.binary, "parley/cmd/parley"); err != nil {
		return err
	}
	fmt.Printf("%s; the server on %s; load %s before\n", proc.Describe(), *cpus, proc.LoadAverage())
	for _, s := range scenarios() {
		if *only != "" && !strings.Contains(","+*only+",", ","+s.name+",") {
			continue
		}
		fmt.Fprintln(os.Stderr, s.name)
		if err := s.run(b, ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "work\tbudget\tmeasured")
	for _, r := range b.rows {
		fmt.Fprintf(table, "%s\t%s\t%s\n", r.what, r.budget, r.measured)
	}
	fmt.Fprintf(table, "load after\t\t%s\n", proc.LoadAverage())
	return table.Flush()
}
