// Package postgres is chat.Store on a PostgreSQL database.
//
// One connection of a process writes for all who wait (package writer), so that they share a flush; a lock in the
// database lets one process write at a time. Readers have a pool of connections and never wait for writers. A database
// that goes away and comes back is reached again without a restart; until then reads and writes are refused at once.
package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/internal/chat"
	"parley/internal/store/writer"
)

// Options configures a Store.
type Options struct {
	Readers  int          // read connections at most; default 4 for each core
	MaxBatch int          // functions in one transaction; default 64
	Log      *slog.Logger // default slog.Default()
}

// connectTimeout is how long a connection may take to be made.
const connectTimeout = 3 * time.Second

// Store is chat.Store on PostgreSQL.
type Store struct {
	writer    *writer.Writer
	readers   *readers
	closeOnce sync.Once
	closeErr  error
}

var _ chat.Store = (*Store)(nil)

// Open connects to a database, postgres://USER@HOST/NAME with what else libpq takes, and brings its schema up to date. It
// refuses one that is not Parley's, one of a newer Parley, and a server that does not keep what it has acknowledged.
// Errors do not tell the password.
func Open(ctx context.Context, url string, opts *Options) (*Store, error) {
	o := withDefaults(opts)
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the database must be postgres://USER@HOST/NAME") // the cause may tell the password
	}
	if config.ConnConfig.ConnectTimeout == 0 || config.ConnConfig.ConnectTimeout > connectTimeout {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	if err := prepare(ctx, config.ConnConfig.Copy()); err != nil {
		return nil, err
	}
	config.MaxConns = int32(o.Readers)
	maps.Copy(config.ConnConfig.RuntimeParams, alongIndexes())
	write, err := openWriter(ctx, &config.ConnConfig.Config, rand.Text(), o.Log)
	if err != nil {
		return nil, fmt.Errorf("cannot use the database: %w", err)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot use the database: %w", err), write.Close())
	}
	return &Store{
		writer:  writer.Start(write, writer.Options{MaxBatch: o.MaxBatch, Log: o.Log, Refusal: refusal}),
		readers: &readers{pool: pool},
	}, nil
}

func withDefaults(opts *Options) Options {
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.Readers <= 0 {
		o.Readers = 4 * runtime.GOMAXPROCS(0)
	}
	if o.MaxBatch <= 0 {
		o.MaxBatch = 64
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

// alongIndexes are settings under which a statement walks along indexes wherever it can, whatever the statistics say of
// tables that grow. Every statement of the chat can.
func alongIndexes() map[string]string {
	return map[string]string{
		"application_name": "parley",
		"enable_seqscan":   "off", "enable_sort": "off", "enable_hashjoin": "off", "enable_mergejoin": "off",
		"plan_cache_mode": "force_generic_plan",
		"jit":             "off", // what is off costs much on paper, which would start it
	}
}

// View implements chat.Store.
func (s *Store) View(ctx context.Context, f func(chat.Tx) error) error { return s.readers.view(ctx, f) }

// Update implements chat.Store.
func (s *Store) Update(ctx context.Context, f func(chat.Tx) error) error {
	return s.writer.Update(ctx, f)
}

// Health is why writes are refused, or nil if they are not.
func (s *Store) Health() error { return s.writer.Health() }

// Close waits for what has been asked for, runs what was registered with AfterCommit and disconnects. Later reads and
// writes are refused. Close may be called twice.
func (s *Store) Close() error {
	s.closeOnce.Do(func() {
		s.closeErr = s.writer.Close()
		s.readers.close()
	})
	return s.closeErr
}
