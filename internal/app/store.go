package app

import (
	"context"
	"errors"
	"log/slog"

	"parley/internal/backup"
	"parley/internal/chat"
	"parley/internal/config"
	"parley/internal/store/dirlock"
	"parley/internal/store/postgres"
	"parley/internal/store/sqlite"
)

// store is the database, whichever it is.
type store interface {
	chat.Store
	Health() error // why writes are refused, nil if they are not
	Close() error
}

// openStore opens the database and takes the data directory. fatal is called
// when the database can no longer be trusted; nil leaves it refusing writes.
func openStore(ctx context.Context, at *config.Storage, logger *slog.Logger, fatal func(error)) (store, error) {
	if err := backup.Check(at.Data); err != nil {
		return nil, err
	}
	address, err := at.Postgres()
	if err != nil {
		return nil, err
	}
	if address == "" {
		return sqlite.Open(ctx, at.Data, &sqlite.Options{Log: logger, Fatal: fatal})
	}
	lock, err := dirlock.Take(at.Data)
	if err != nil {
		return nil, err
	}
	db, err := postgres.Open(ctx, address, &postgres.Options{Log: logger})
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	return &locked{Store: db, lock: lock}, nil
}

// locked is a database elsewhere, with the data directory here.
type locked struct {
	*postgres.Store
	lock *dirlock.Lock
}

// Close closes the database and lets go of the directory.
func (l *locked) Close() error { return errors.Join(l.Store.Close(), l.lock.Release()) }

// NewEpoch tells a database that it was restored; see chat.NewEpoch.
func NewEpoch(ctx context.Context, at *config.Storage) error {
	store, err := openStore(ctx, at, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return err
	}
	return errors.Join(chat.NewEpoch(ctx, store), store.Close())
}
