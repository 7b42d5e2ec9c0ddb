package sqlite

import (
	"errors"
	"fmt"
	"strings"

	"parley/internal/chat"
	"parley/internal/store"
	"parley/internal/store/dirlock"
)

// most is how many faults of one kind are told.
const most = 20

// restoreAdvice is the remedy where pages are damaged.
const restoreAdvice = "Stop the server, keep this directory as it is, and restore the latest backup into a new one with parley restore. " +
	"Without a backup, the recover command of the sqlite3 shell saves what can still be read."

// Examination is what Examine has found.
type Examination struct {
	Faults    []store.Fault
	Uploads   map[chat.ID]int64 // that can be read, with their bytes; nil if that could not be found out
	Forgotten map[chat.ID]bool  // whose bytes are to be removed
}

// Examine reads the whole database of a directory, also while a server works on it: its pages and indexes, references
// between rows, and what store.Examine looks for. An error says why it could not be read at all.
func Examine(dir string) (e Examination, err error) {
	c, err := openThere(dir)
	if errors.Is(err, ErrDamaged) {
		return Examination{Faults: []store.Fault{damageFault(err)}}, nil
	}
	if err != nil {
		return Examination{}, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	return c.examination()
}

// Alone examines the database of a directory that no other process may use meanwhile, and keeps what f does about it if
// f returns nil.
func Alone(dir string, f func(store.Conn, Examination) error) (err error) {
	if err := mustBeThere(dir); err != nil {
		return err
	}
	lock, err := dirlock.Take(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	c, err := openThere(dir)
	if errors.Is(err, ErrDamaged) {
		return f(nil, Examination{Faults: []store.Fault{damageFault(err)}})
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	e, err := c.examination()
	if err != nil {
		return err
	}
	if _, err := c.Exec("PRAGMA query_only = 0"); err != nil {
		return fmt.Errorf("allow writing: %w", err)
	}
	if _, err := c.Exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := f(c, e); err != nil {
		_, undone := c.Exec("ROLLBACK")
		return errors.Join(err, undone)
	}
	_, err = c.Exec("COMMIT")
	return err
}

// examination is examine, with damage as a fault.
func (c *conn) examination() (Examination, error) {
	e, err := c.examine()
	if isDamaged(err) {
		e.Faults, err = append(e.Faults, damageFault(err)), nil
	}
	return e, err
}

func damageFault(err error) store.Fault {
	return store.Fault{What: fmt.Sprintf("The database is damaged: %v.", err), Remedy: restoreAdvice}
}

func (c *conn) examine() (e Examination, err error) {
	if e.Faults, err = c.unsound(); err != nil || len(e.Faults) > 0 {
		return e, err
	}
	if e.Faults, err = c.danglingRows(); err != nil {
		return e, err
	}
	faults, err := store.Examine(c)
	if err != nil {
		return e, err
	}
	e.Faults = append(e.Faults, faults...)
	if e.Forgotten, err = store.Forgotten(c); err != nil {
		return e, err
	}
	e.Uploads, err = store.Uploads(c)
	return e, err
}

// unsound asks SQLite whether pages and indexes are as they should be.
func (c *conn) unsound() ([]store.Fault, error) {
	rows, err := c.Query(fmt.Sprintf("PRAGMA integrity_check(%d)", most))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var damage, indexes, search []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		switch {
		case line == "ok":
		case strings.Contains(line, "missing from index") || strings.HasPrefix(line, "wrong # of entries in index"):
			indexes = append(indexes, line)
		case strings.Contains(strings.ToLower(line), "fts5"):
			search = append(search, line)
		default:
			damage = append(damage, line)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if len(damage) > 0 { // what else was found may come of it
		return []store.Fault{{What: "The database is damaged: " + strings.Join(damage, "; ") + ".", Remedy: restoreAdvice}}, nil
	}
	var faults []store.Fault
	if len(indexes) > 0 {
		faults = append(faults, store.Fault{What: "Indexes do not agree with their tables: " + strings.Join(indexes, "; ") + ".", Mend: makeIndexes})
	}
	if len(search) > 0 {
		faults = append(faults, store.Fault{What: "The search index is damaged: " + strings.Join(search, "; ") + ".", Mend: emptySearch})
	}
	return faults, nil
}

func makeIndexes(c store.Conn) error {
	_, err := c.Exec("REINDEX")
	return err
}

// emptySearch lets the next start make the search index from the messages.
func emptySearch(c store.Conn) error {
	if _, err := c.Exec(`INSERT INTO search (search) VALUES ('delete-all')`); err != nil {
		return err
	}
	return store.ForgetIndexed(c)
}

// danglingRows finds rows that refer to others that are not there.
func (c *conn) danglingRows() ([]store.Fault, error) {
	rows, err := c.Query(`SELECT "table", parent, COUNT(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var faults []store.Fault
	for rows.Next() {
		var table, parent string
		var count int64
		if err := rows.Scan(&table, &parent, &count); err != nil {
			return nil, err
		}
		faults = append(faults, store.Fault{
			What: fmt.Sprintf("%d rows of %s belong to rows of %s that are not there.", count, table, parent), Remedy: restoreAdvice,
		})
	}
	return faults, rows.Err()
}
