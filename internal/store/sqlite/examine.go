package sqlite

import (
	"errors"
	"fmt"
	"strings"

	"parley/internal/store"
	"parley/internal/store/dirlock"
	"parley/internal/store/migrations"
)

// most is how many faults of one kind are told.
const most = 20

// restoreAdvice is the remedy where pages are damaged.
const restoreAdvice = "Stop the server, keep this directory as it is, and restore the latest backup into a new one with parley restore. " +
	"Without a backup, the recover command of the sqlite3 shell saves what can still be read."

// Examine reads the whole database of a directory, also while a server works on it: its pages and indexes, references
// between rows, and what store.Examine looks for. An error says why it could not be read at all.
func Examine(dir string, tell func(what string)) (e store.Examination, err error) {
	c, err := openThere(dir)
	if errors.Is(err, ErrDamaged) {
		return store.Examination{Faults: []store.Fault{damageFault(err)}}, nil
	}
	if err != nil {
		return store.Examination{}, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	return c.examination(tell)
}

// Alone examines the database of a directory that no other process may use meanwhile, and keeps what f does about it if
// f returns nil.
func Alone(dir string, tell func(what string), f func(store.Conn, store.Examination) error) (err error) {
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
		return f(nil, store.Examination{Faults: []store.Fault{damageFault(err)}})
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	e, err := c.examination(tell)
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
func (c *conn) examination(tell func(string)) (store.Examination, error) {
	e, err := c.examine(tell)
	if isDamaged(err) {
		e.Faults, err = append(e.Faults, damageFault(err)), nil
	}
	return e, err
}

func damageFault(err error) store.Fault {
	return store.Fault{What: fmt.Sprintf("The database is damaged: %v.", err), Remedy: restoreAdvice}
}

func (c *conn) examine(tell func(string)) (store.Examination, error) {
	tell("pages and indexes")
	if faults, err := c.unsound(); err != nil || len(faults) > 0 {
		return store.Examination{Faults: faults}, err
	}
	newest, err := migrations.Newest(migrations.SQLite, "sqlite")
	if err != nil {
		return store.Examination{}, err
	}
	if faults, err := store.SchemaFault(c, newest); err != nil || len(faults) > 0 {
		return store.Examination{Faults: faults}, err
	}
	tell("references between rows")
	dangling, err := c.danglingRows()
	if err != nil {
		return store.Examination{}, err
	}
	e, err := store.Examine(c, tell)
	e.Faults = append(dangling, e.Faults...)
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
		faults = append(faults, store.Fault{What: "The search index is damaged: " + strings.Join(search, "; ") + ".", Mend: store.EmptySearch})
	}
	return faults, nil
}

func makeIndexes(c store.Conn) error {
	_, err := c.Exec("REINDEX")
	return err
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
