package sqlite

import (
	"errors"
	"fmt"
	"time"

	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"parley/internal/chat"
)

// retryAfter is when a client may try a refused write again.
const retryAfter = 2 * time.Second

// explain maps what SQLite says to what chat.Store promises.
func explain(err error) error {
	switch codeOf(err) {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fmt.Errorf("%w: %w", chat.ErrExists, err)
	}
	return err
}

// codeOf is SQLite's extended result code, 0 for an error that is none of SQLite's.
func codeOf(err error) int {
	if err == nil {
		return 0
	}
	if own := (*libraryError)(nil); errors.As(err, &own) {
		return int(own.code)
	}
	if driver := (*sqlite.Error)(nil); errors.As(err, &driver) { // a migration works through the driver
		return driver.Code()
	}
	return 0
}

// isStoreFault tells an error of the database or the disk from one of a statement: after it nothing of the transaction
// can be relied on.
func isStoreFault(err error) bool {
	switch codeOf(err) & 0xff {
	case 0, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_RANGE,
		sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_SCHEMA:
		return false
	}
	return true
}

// isFlushFault tells that the disk did not take what had been written, so that it may or may not be there later.
func isFlushFault(err error) bool {
	switch codeOf(err) {
	case sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC:
		return true
	}
	return false
}

func isDamaged(err error) bool {
	switch codeOf(err) & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	return false
}

// refusal is what a client is told when a write was not kept, or the store is closed. The cause stays with it for the
// log.
func refusal(cause error) error {
	e := chat.Errorf(chat.Unavailable, "The server's storage is not available at the moment. Try again soon.")
	e.Retry = retryAfter
	return fmt.Errorf("%w: %w", e, cause)
}
