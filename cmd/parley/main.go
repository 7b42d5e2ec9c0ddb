// Command parley is the chat server: one binary with its web client inside.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"parley/internal/app"
	"parley/internal/config"
)

// version is set by the linker.
var version = "dev"

// commands are what parley can be asked to do.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Serve the chat."`
	User    userCommands   `cmd:"" help:"Manage accounts."`
	Backup  backupCommand  `cmd:"" help:"Copy a data directory, also while the server runs."`
	Restore restoreCommand `cmd:"" help:"Make a new data directory of a backup."`
	Doctor  doctorCommand  `cmd:"" help:"Examine a data directory and say what to do."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

type serveCommand struct {
	config.Serve `embed:""`
}

type versionCommand struct{}

// streams are where a command reads and writes.
type streams struct {
	in       *os.File
	out, err io.Writer
}

func main() {
	os.Exit(run(os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}))
}

// run is the whole program but for the process around it. It returns the exit
// status: 0, 1 for what failed, 2 for what was asked wrongly.
func run(args []string, std streams) int {
	var cli commands
	exited := -1
	parser, err := kong.New(&cli,
		kong.Name("parley"),
		kong.Description("A chat you host yourself. Every flag of a command is also PARLEY_… in the environment."),
		kong.DefaultEnvars("PARLEY"),
		kong.Writers(std.out, std.err),
		kong.Exit(func(status int) { exited = status }),
		kong.Bind(std),
	)
	if err != nil {
		return fail(std, err)
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help has been printed
		return exited
	}
	if err != nil {
		fmt.Fprintf(std.err, "parley: %s. Try parley --help\n", err)
		return 2
	}
	if err := config.CheckArguments(args); err != nil {
		return fail(std, err)
	}
	if err := parsed.Run(); err != nil {
		return fail(std, err)
	}
	return 0
}

func fail(std streams, err error) int {
	fmt.Fprintf(std.err, "parley: %s\n", err)
	return 1
}

// Run serves until SIGTERM or SIGINT.
func (c *serveCommand) Run(std streams) error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return fmt.Errorf("read the log level: %w", err)
	}
	logger := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: level}))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	parley, err := app.Start(ctx, &c.Serve, &app.Options{Version: version, Logger: logger, Fatal: func(err error) {
		logger.Error("the disk has failed, ending at once", "error", err)
		os.Exit(1)
	}})
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "Parley is serving %s\n", parley.URL())
	select {
	case <-ctx.Done():
		stop() // a second signal ends the process at once
		logger.Info("draining", "limit", c.DrainTimeout)
		return parley.Close()
	case err := <-parley.Failed():
		return errors.Join(err, parley.Close())
	}
}

// Run prints the version.
func (versionCommand) Run(std streams) error {
	_, err := fmt.Fprintln(std.out, "parley", version)
	return err
}
