package postgres

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/chat"
	"parley/internal/store"
)

// retryAfter is when a client may try again what was refused.
const retryAfter = time.Second

// errLost: the connection to the database is gone.
var errLost = errors.New("the connection to the database is lost")

const (
	uniqueViolation = "23505"
	queryCanceled   = "57014" // by a statement_timeout, which only the examination has
)

// explain maps what PostgreSQL says to what chat.Store promises.
func explain(err error) error {
	switch code := codeOf(err); {
	case err == nil:
		return nil
	case code == "":
		return fmt.Errorf("%w: %w", errLost, err)
	case code == uniqueViolation:
		return fmt.Errorf("%w: %w", chat.ErrExists, err)
	case code == queryCanceled:
		return fmt.Errorf("%w: %w", store.ErrTooLong, err)
	}
	return err
}

// codeOf is PostgreSQL's error code (its manual, appendix A), "" for an error that is none of PostgreSQL's.
func codeOf(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// isFault tells an error of the database or the connection from one of a statement: after it nothing of the transaction
// can be relied on.
func isFault(err error) bool {
	if errors.Is(err, errLost) {
		return true
	}
	code := codeOf(err)
	if len(code) != 5 {
		return false
	}
	// Connection, read-only or ended transaction, serialization and deadlock, resources, a lock that was not had, operator
	// intervention (a restart), system, corruption.
	return strings.Contains("08 25 40 53 55 57 58 F0 XX", code[:2])
}

// refusal is what a client is told when a write was not kept or a read cannot be made. The cause stays with it for the
// log.
func refusal(cause error) error {
	e := chat.Errorf(chat.Unavailable, "The server's storage is not available at the moment. Try again soon.")
	e.Retry = retryAfter
	return fmt.Errorf("%w: %w", e, cause)
}
