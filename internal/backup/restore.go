package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"parley/internal/chat"
	"parley/internal/store/sqlite"
)

// unfinished is where a restore works, inside the data directory.
const unfinished = "restore.part"

// Restore makes a data directory of a backup. It must not be there yet, or be empty. Each file is compared with its
// checksum; the history gets another epoch, so that clients forget what they have seen after the backup was made.
func Restore(ctx context.Context, from, dir string, opts *Options) (Summary, error) {
	o := withDefaults(opts)
	sums, err := readSums(from)
	if err != nil {
		return Summary{}, err
	}
	switch has := sums[database] != ""; {
	case !has && !o.Elsewhere:
		return Summary{}, fmt.Errorf("the backup %s has no database: it was in PostgreSQL. Name that with --database", from)
	case has && o.Elsewhere:
		return Summary{}, fmt.Errorf("the backup %s has a database of its own: restore it without --database", from)
	}
	if err := mustBeEmpty(dir); err != nil {
		return Summary{}, err
	}
	work := filepath.Join(dir, unfinished)
	if err := os.MkdirAll(filepath.Join(work, uploads), 0o700); err != nil {
		return Summary{}, fmt.Errorf("make the data directory: %w", err)
	}
	summary, err := copyBack(ctx, from, work, sums, o)
	if err == nil && !o.Elsewhere {
		err = newEpoch(ctx, work)
	}
	if err != nil {
		return Summary{}, errors.Join(err, os.RemoveAll(work))
	}
	return summary, moveUp(dir, work)
}

// Check refuses a data directory in which a restore has begun and not ended.
func Check(dir string) error {
	if _, err := os.Lstat(filepath.Join(dir, unfinished)); err == nil {
		return fmt.Errorf("a restore into %s was not finished: empty the directory and restore again", dir)
	}
	return nil
}

func mustBeEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look into the data directory: %w", err)
	}
	for _, entry := range entries {
		if entry.Name() != "lost+found" { // of a file system of its own
			return fmt.Errorf("cannot restore into %s: it is not empty. Choose a new directory with --data", dir)
		}
	}
	return nil
}

func copyBack(ctx context.Context, from, work string, sums map[string]string, o Options) (Summary, error) {
	names := slices.Sorted(maps.Keys(sums))
	all, err := sizes(from, names)
	if err != nil {
		return Summary{}, err
	}
	c := newCopier("files", all, o)
	summary := Summary{}
	for _, name := range names {
		if err := c.copy(ctx, from, work, filepath.FromSlash(name)); err != nil {
			return Summary{}, fmt.Errorf("restore: %w", err)
		}
		if c.sums[name] != sums[name] {
			return Summary{}, fmt.Errorf("the backup %s is damaged: %s is not as it was written. Nothing was restored", from, name)
		}
		if name != database && name != aboutFile {
			summary.Uploads++
		}
	}
	summary.Bytes = c.bytes
	return summary, os.Remove(filepath.Join(work, aboutFile))
}

func sizes(from string, names []string) (all int64, err error) {
	for _, name := range names {
		info, err := os.Stat(filepath.Join(from, filepath.FromSlash(name)))
		if err != nil {
			return 0, fmt.Errorf("the backup %s is damaged: %w", from, err)
		}
		all += info.Size()
	}
	return all, nil
}

// newEpoch opens the database, which brings it up to date too.
func newEpoch(ctx context.Context, work string) error {
	store, err := sqlite.Open(ctx, work, nil)
	if err != nil {
		return err
	}
	return errors.Join(chat.NewEpoch(ctx, store), store.Close())
}

// moveUp puts what is complete in its place, the database last.
func moveUp(dir, work string) error {
	if err := errors.Join(syncDir(filepath.Join(work, uploads)), syncDir(work)); err != nil {
		return err
	}
	for _, name := range []string{uploads, database} {
		err := os.Rename(filepath.Join(work, name), filepath.Join(dir, name))
		if err != nil && !(name == database && errors.Is(err, fs.ErrNotExist)) { // it may be elsewhere
			return fmt.Errorf("put %s in its place: %w", name, err)
		}
	}
	if err := os.RemoveAll(work); err != nil {
		return fmt.Errorf("end the restore: %w", err)
	}
	return syncDir(dir)
}
