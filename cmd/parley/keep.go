package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"parley/internal/app"
	"parley/internal/backup"
	"parley/internal/config"
	"parley/internal/doctor"
)

type backupCommand struct {
	config.Storage `embed:""`
	To             string `arg:"" help:"Directory to write; it must not be there."`
}

type restoreCommand struct {
	From           string `arg:"" help:"Backup to restore."`
	config.Storage `embed:""`
}

type doctorCommand struct {
	config.Storage `embed:""`
	Fix            bool `help:"Mend what can be mended without losing anything. No server may run."`
}

// Run writes a backup, also while a server runs.
func (c *backupCommand) Run(std streams) error {
	address, err := c.Postgres()
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	made, err := backup.Make(ctx, c.Data, c.To, &backup.Options{Version: version, Progress: progress(std.err), Elsewhere: address != ""})
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; nothing is left of the backup")
	}
	if err != nil {
		return err
	}
	if address != "" {
		fmt.Fprintf(std.out, "Backed up %d uploads, %s, to %s. This is half of a backup: the database is PostgreSQL's, and pg_dump should have copied it before.\n",
			made.Uploads, megabytes(made.Bytes), c.To)
		return nil
	}
	fmt.Fprintf(std.out, "Backed up the database and %d uploads, %s, to %s.\n", made.Uploads, megabytes(made.Bytes), c.To)
	if made.Lost > 0 {
		fmt.Fprintf(std.err, "parley: %d uploads had no bytes to back up; parley doctor names them\n", made.Lost)
	}
	return nil
}

// Run makes a data directory of a backup.
func (c *restoreCommand) Run(std streams) error {
	address, err := c.Postgres()
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	restored, err := backup.Restore(ctx, c.From, c.Data, &backup.Options{Progress: progress(std.err), Elsewhere: address != ""})
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; nothing was restored")
	}
	if err != nil {
		return err
	}
	if address != "" {
		if err := app.NewEpoch(ctx, &c.Storage); err != nil {
			return fmt.Errorf("the database could not be told that it was restored; empty %s and restore again when it is there: %w", c.Data, err)
		}
		fmt.Fprintf(std.out, "Restored %d uploads, %s, into %s, and told the database that it was restored.\n", restored.Uploads, megabytes(restored.Bytes), c.Data)
		return nil
	}
	fmt.Fprintf(std.out, "Restored the database and %d uploads, %s, into %s.\n", restored.Uploads, megabytes(restored.Bytes), c.Data)
	return nil
}

// Run examines a chat and says what to do.
func (c *doctorCommand) Run(std streams) error {
	address, err := c.Postgres()
	if err != nil {
		return err
	}
	examine := doctor.Examine
	if c.Fix {
		examine = doctor.Mend
	}
	findings, err := examine(context.Background(), doctor.Place{Dir: c.Data, Postgres: address}, steps(std.err))
	if err != nil {
		return err
	}
	left := 0
	for _, finding := range findings {
		remedy := finding.Remedy
		if remedy == "" {
			remedy = "Mended."
		} else {
			left++
		}
		fmt.Fprintf(std.out, "%s\n  %s\n", finding.What, remedy)
	}
	if left > 0 {
		return errors.New("not everything is as it should be; what to do is said above")
	}
	fmt.Fprintf(std.out, "%s is in order.\n", c.Data)
	return nil
}

// interruptible is a context that ends with Ctrl+C, so that what is half done is taken away.
func interruptible() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}

// every is how often a command that takes its time says how far it is.
const every = 2 * time.Second

// steps names what is begun, for whoever has been waiting for a while.
func steps(to io.Writer) func(what string) {
	last := time.Now()
	return func(what string) {
		if time.Since(last) < every {
			return
		}
		last = time.Now()
		fmt.Fprintf(to, "looking at %s\n", what)
	}
}

// progress writes a line every few seconds.
func progress(to io.Writer) func(what string, done, all int64) {
	last := time.Now()
	return func(what string, done, all int64) {
		if time.Since(last) < every {
			return
		}
		last = time.Now()
		fmt.Fprintf(to, "%s: %s of %s\n", what, megabytes(done), megabytes(all))
	}
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }
