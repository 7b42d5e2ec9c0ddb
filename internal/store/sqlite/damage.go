package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
)

// ErrDamaged is a database that is not as SQLite has written it, or none at all.
var ErrDamaged = errors.New("the database is damaged")

// howToMend is what an operator is told about damage.
const howToMend = "run parley doctor, which says what to do"

// checkedWhole is the size of a database up to which its pages are all checked at the start, in well under a second.
// Damage in a larger one shows when its pages are read, and by parley doctor.
const checkedWhole = 32 << 20

// checkSound refuses a database that is damaged, as far as can be told quickly.
func checkSound(ctx context.Context, db *sql.DB, path string) error {
	var pages, size int64
	if err := db.QueryRowContext(ctx, `SELECT page_count, page_size FROM pragma_page_count, pragma_page_size`).Scan(&pages, &size); err != nil {
		return fmt.Errorf("read the size of %s: %w", path, err)
	}
	if pages*size > checkedWhole {
		return nil
	}
	var answer string
	if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&answer); err != nil {
		return fmt.Errorf("check %s: %w", path, err)
	}
	if answer != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, answer)
	}
	return nil
}

// damage marks the errors of a damaged database as ErrDamaged.
func damage(err error) error {
	if isDamaged(err) {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

// soundness remembers that damage was met. From then on nothing is written, which could make it worse; what can be read
// is read.
type soundness struct {
	log *slog.Logger

	mu  sync.Mutex // guards err
	err error
}

// meet makes a refusal of an error that tells of damage.
func (s *soundness) meet(err error) error {
	if !isDamaged(err) {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = damage(err)
		s.log.Error("the database is damaged, nothing is written from now on; stop the server and "+howToMend, "error", err)
	}
	return refusal(s.err)
}

func (s *soundness) health() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}
