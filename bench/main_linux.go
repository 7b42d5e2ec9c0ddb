// Command bench measures the project's Socket.IO server beside others: in the same run, on the same machine, with
// every delivery checked. It must be run from within the module.
//
//	go run ./bench -quick                          two minutes, for before and after
//	go run ./bench                                 everything; writes docs/performance.md and its charts
//	go run ./bench -scenario echo -servers parley,node -rounds 5
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"parley/bench/internal/report"
	"parley/bench/internal/suite"
)

// generateWord is the argument that makes a process of this program the load generator.
const generateWord = "generate"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) == 2 && os.Args[1] == generateWord {
		exit(suite.Generate(ctx, os.Stdin, os.Stdout))
	}
	exit(bench(ctx, os.Args[1:]))
}

func exit(err error) {
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func bench(ctx context.Context, args []string) error {
	plan, out, err := parse(args)
	if err != nil {
		return err
	}
	session, err := suite.Run(ctx, plan)
	if err != nil {
		return err
	}
	fmt.Println()
	report.Print(os.Stdout, session)
	if out == "" {
		return nil
	}
	files, err := report.Write(out, "go run ./bench "+strings.Join(args, " "), session)
	if err != nil {
		return err
	}
	fmt.Println("\nwrote", strings.Join(files, ", "))
	return nil
}

// parse makes a plan of the command line, and says where to write the report, if anywhere.
func parse(args []string) (plan suite.Plan, out string, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	quick := flags.Bool("quick", false, "the most telling scenarios once and briefly, printed only: under two minutes")
	scenarios := flags.String("scenario", "", "only these, with commas: "+names(suite.Scenarios(), scenarioName))
	servers := flags.String("servers", "", "only these, with commas: "+names(suite.Servers(), serverName))
	rounds := flags.Int("rounds", 0, "rounds; default 3, with -quick 1")
	flags.StringVar(&out, "out", "", "folder for performance.md and its charts; default docs when everything runs, else none")
	if err := flags.Parse(args); err != nil {
		return plan, "", err
	}
	if flags.NArg() > 0 {
		return plan, "", fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	all := !*quick && *scenarios == "" && *servers == ""
	plan = suite.Plan{Rounds: *rounds, Quick: *quick, Progress: os.Stderr}
	if plan.Rounds < 1 {
		plan.Rounds = 3
		if plan.Quick {
			plan.Rounds = 1
		}
	}
	plan.Scenarios, err = suite.Pick(suite.Scenarios(), *scenarios, scenarioName, func(s suite.Scenario) bool { return s.Quick || !*quick })
	if err != nil {
		return plan, "", err
	}
	plan.Servers, err = suite.Pick(suite.Servers(), *servers, serverName, func(s suite.Server) bool { return s.Quick || !*quick })
	if err != nil {
		return plan, "", err
	}
	if plan.Root, err = moduleRoot(); err != nil {
		return plan, "", err
	}
	if all && out == "" {
		out = filepath.Join(plan.Root, "docs")
	}
	self, err := os.Executable()
	plan.Generator = []string{self, generateWord}
	return plan, out, err
}

func scenarioName(s suite.Scenario) string { return s.Name }

func serverName(s suite.Server) string { return s.Name }

func names[T any](all []T, name func(T) string) string {
	var words []string
	for _, one := range all {
		words = append(words, name(one))
	}
	return strings.Join(words, ",")
}

func moduleRoot() (string, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "parley").Output()
	if err != nil {
		return "", fmt.Errorf("find the module parley, which bench must be run from: %w", err)
	}
	return strings.TrimSpace(string(root)), nil
}
