// Package sqlite is chat.Store on one SQLite database in a directory.
//
// One connection writes for all who wait (package writer), and flushes once for all of them. Readers work on snapshots
// beside it (write-ahead log) and never wait for it. Checkpoints run on a connection of their own.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync"

	"parley/internal/chat"
	"parley/internal/store/dirlock"
	"parley/internal/store/writer"
)

// Options configures a Store.
type Options struct {
	Readers  int          // read connections; default 2 for each core, at least 4
	MaxBatch int          // functions in one transaction; default 256
	Log      *slog.Logger // default slog.Default()

	// Fatal is called when a flush to disk has failed: whether the last writes are durable is then unknown, so the
	// process should end at once and answer nobody. Default: writes are refused until the process ends.
	Fatal func(error)
}

// Store is chat.Store on SQLite. It owns its directory until Close.
type Store struct {
	lock       *dirlock.Lock
	writer     *writer.Writer
	readers    *readers
	checkpoint *checkpointer
	sound      soundness
	closeOnce  sync.Once
	closeErr   error
}

var _ chat.Store = (*Store)(nil)

const fileName = "parley.db"

// Open opens the database of a directory, making both if they are not there, and brings its schema up to date. It
// refuses a directory that another process uses, a file that is not Parley's, one of a newer Parley and a damaged one.
func Open(ctx context.Context, dir string, opts *Options) (*Store, error) {
	o := withDefaults(opts)
	lock, err := dirlock.Take(dir)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, fileName)
	if err := prepareFile(ctx, path, o.Log); err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	s, err := open(path, o)
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	s.lock = lock
	return s, nil
}

func withDefaults(opts *Options) Options {
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.Readers <= 0 {
		o.Readers = max(4, 2*runtime.GOMAXPROCS(0))
	}
	if o.MaxBatch <= 0 {
		o.MaxBatch = 256
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

func open(path string, o Options) (*Store, error) {
	writeConn, err := openConn(path, "cache_size(-32768)", "cache_spill(0)", "wal_autocheckpoint(0)", "journal_size_limit(67108864)")
	if err != nil {
		return nil, err
	}
	err = verifyDurable(writeConn)
	if err == nil && !unverified() {
		err = writeConn.lib.gatherWAL()
	}
	if err != nil {
		return nil, errors.Join(err, writeConn.close())
	}
	readers, err := openReaders(path, o.Readers)
	if err != nil {
		return nil, errors.Join(err, writeConn.close())
	}
	checkpoint, err := startCheckpointer(path, writeConn, o.Log)
	if err != nil {
		return nil, errors.Join(err, readers.close(), writeConn.close())
	}
	write := &writeConnection{conn: writeConn, log: o.Log, fatal: o.Fatal}
	return &Store{
		writer: writer.Start(write, writer.Options{
			MaxBatch: o.MaxBatch, Log: o.Log, Between: checkpoint.last, Refusal: refusal,
			Committed: func() { checkpoint.wrote(write.takeWritten()) },
		}),
		readers:    readers,
		checkpoint: checkpoint,
		sound:      soundness{log: o.Log},
	}, nil
}

// verifyDurable refuses a connection whose commits would not be on disk when they return.
func verifyDurable(c *conn) error {
	journal, err := c.pragma("journal_mode")
	if err != nil {
		return fmt.Errorf("verify the journal mode: %w", err)
	}
	if journal != "wal" {
		return fmt.Errorf("the database's journal mode is %s, not wal: is it on a network drive?", journal)
	}
	synchronous, err := c.pragma("synchronous")
	if err != nil {
		return fmt.Errorf("verify synchronous: %w", err)
	}
	if synchronous != "2" && !unverified() {
		return fmt.Errorf("the database's synchronous setting is %s, not 2 (full)", synchronous)
	}
	return nil
}

// View implements chat.Store.
func (s *Store) View(ctx context.Context, f func(chat.Tx) error) error {
	return s.sound.meet(s.readers.view(ctx, f))
}

// Update implements chat.Store.
func (s *Store) Update(ctx context.Context, f func(chat.Tx) error) error {
	if err := s.sound.health(); err != nil {
		return refusal(err)
	}
	return s.sound.meet(s.writer.Update(ctx, f))
}

// Health is why the last write failed, or that the database is damaged; nil if all is well.
func (s *Store) Health() error { return errors.Join(s.sound.health(), s.writer.Health()) }

// Close waits for what has been asked for, runs what was registered with AfterCommit, folds the log into the database
// and lets go of the directory. Later writes are refused. Close may be called twice.
func (s *Store) Close() error {
	s.closeOnce.Do(func() {
		writerErr := s.writer.Close()
		s.closeErr = errors.Join(s.readers.close(), s.checkpoint.close(), writerErr, s.lock.Release())
	})
	return s.closeErr
}
