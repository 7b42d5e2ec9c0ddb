package app

import (
	"context"
	"log/slog"

	"parley/internal/store/sqlite"
)

// openStore opens the database of a data directory. fatal is called when it can
// no longer be trusted; nil leaves it refusing writes.
func openStore(ctx context.Context, dir string, logger *slog.Logger, fatal func(error)) (*sqlite.Store, error) {
	return sqlite.Open(ctx, dir, &sqlite.Options{Log: logger, Fatal: fatal})
}
