package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"parley/internal/chat"
	"parley/internal/store"
)

// copyPages is how many pages are copied at a time, 4 MB: between two such steps progress is told and ctx looked at.
const copyPages = 1024

// Copy writes the database of a directory, as it is at one moment, into a new file, checks that the copy is sound, and
// tells which uploads belong to it, with their bytes. A server may work on the database meanwhile. progress is told the bytes.
func Copy(ctx context.Context, dir, to string, progress func(done, all int64)) (uploads map[chat.ID]int64, err error) {
	source, err := openThere(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, source.close()) }()
	// One read transaction for the whole copy: without it each write of the server would begin the copy anew.
	if _, err := source.Exec("BEGIN"); err != nil {
		return nil, fmt.Errorf("begin the copy: %w", err)
	}
	defer source.Exec("ROLLBACK") // nothing was written
	if _, err := source.pragma("schema_version"); err != nil {
		return nil, fmt.Errorf("read the database: %w", damage(err))
	}
	copied, err := copyAll(ctx, source, to, progress)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, copied.close()) }()
	if _, err := copied.pragma("journal_mode = delete"); err != nil { // so that the copy is one file
		return nil, fmt.Errorf("close the copy: %w", damage(err))
	}
	sound, err := copied.pragma("quick_check(1)")
	if err != nil {
		return nil, fmt.Errorf("check the copy: %w", damage(err))
	}
	if sound != "ok" {
		return nil, fmt.Errorf("%w: %s", ErrDamaged, sound)
	}
	return store.Uploads(copied)
}

func copyAll(ctx context.Context, source *conn, to string, progress func(done, all int64)) (*conn, error) {
	file, err := os.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make the copy: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("make the copy: %w", err)
	}
	text, err := source.pragma("page_size")
	if err != nil {
		return nil, fmt.Errorf("read the database: %w", damage(err))
	}
	pageSize, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("read the size of a page: %w", err)
	}
	lib, err := openLibrary(to) // with no settings: the copy brings them
	if err != nil {
		return nil, fmt.Errorf("open the copy: %w", err)
	}
	copied := newConn(lib)
	backup, err := beginCopy(source.lib, copied.lib)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("begin the copy: %w", err), copied.close())
	}
	for more := true; more; {
		if more, err = backup.step(copyPages); err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("copy the database: %w", damage(err)), backup.end(), copied.close())
		}
		done, all := backup.progress()
		progress(done*pageSize, all*pageSize)
	}
	if err := backup.end(); err != nil {
		return nil, errors.Join(fmt.Errorf("end the copy: %w", err), copied.close())
	}
	return copied, nil
}

// openThere opens a connection that cannot write to the database of a directory, which must be there.
func openThere(dir string) (*conn, error) {
	if err := mustBeThere(dir); err != nil {
		return nil, err
	}
	c, err := openConn(filepath.Join(dir, fileName), "query_only(1)")
	return c, damage(err)
}

func mustBeThere(dir string) error {
	_, err := os.Stat(filepath.Join(dir, fileName))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database in %s", dir)
	}
	if err != nil {
		return fmt.Errorf("look for the database: %w", err)
	}
	return nil
}

// Uploads are the uploads that the database of a directory has now, with their bytes.
func Uploads(dir string) (kept map[chat.ID]int64, err error) {
	c, err := openThere(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	return store.Uploads(c)
}

// Forget lets the copy of a database know of some uploads no more.
func Forget(copied string, uploads []chat.ID) (err error) {
	if len(uploads) == 0 {
		return nil
	}
	c, err := openConn(copied)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	for _, id := range uploads {
		if _, err := c.Exec(`UPDATE files SET gone_at = created_at WHERE id = $1`, int64(id)); err != nil {
			return err
		}
	}
	_, err = c.pragma("journal_mode = delete")
	return err
}
