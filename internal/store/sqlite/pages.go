package sqlite

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// pageCopier copies a database, some pages at a time.
type pageCopier struct {
	to     *library
	handle uintptr // sqlite3_backup*
}

func beginCopy(from, to *library) (*pageCopier, error) {
	name, err := libc.CString("main")
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(to.tls, name)
	handle := sqlite3.Xsqlite3_backup_init(to.tls, to.db, name, from.db, name)
	if handle == 0 {
		return nil, to.failure(sqlite3.Xsqlite3_extended_errcode(to.tls, to.db))
	}
	return &pageCopier{to: to, handle: handle}, nil
}

// step copies pages and tells whether there are more.
func (c *pageCopier) step(pages int32) (bool, error) {
	switch code := sqlite3.Xsqlite3_backup_step(c.to.tls, c.handle, pages); code {
	case sqlite3.SQLITE_OK:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		return false, c.to.failure(code)
	}
}

// progress is how many pages are copied, of how many.
func (c *pageCopier) progress() (done, all int64) {
	all = int64(sqlite3.Xsqlite3_backup_pagecount(c.to.tls, c.handle))
	return all - int64(sqlite3.Xsqlite3_backup_remaining(c.to.tls, c.handle)), all
}

func (c *pageCopier) end() error {
	if code := sqlite3.Xsqlite3_backup_finish(c.to.tls, c.handle); code != sqlite3.SQLITE_OK {
		return c.to.failure(code)
	}
	return nil
}
