// Package backup makes copies of a data directory that can be trusted, and data directories of such copies.
//
// A backup is a directory: parley.db, the uploads in files/, about.json, and SHA256SUMS, which sha256sum(1) can check too.
// It appears under its name when all of it is on disk.
package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"parley/internal/chat"
	"parley/internal/store/sqlite"
)

// The names inside a backup. Those of the database and the uploads are the same in a data directory.
const (
	database  = "parley.db"
	uploads   = "files"
	sumsFile  = "SHA256SUMS"
	aboutFile = "about.json"
)

// Options configures Make and Restore. Nil is fine.
type Options struct {
	Version  string                             // of this Parley, noted in the backup
	Progress func(what string, done, all int64) // told the bytes of one part after the other; may be called often

	// Elsewhere: the database is no file in the data directory and no part of the backup. Then the directory's uploads
	// are all backed up, and who restores gives the database another epoch.
	Elsewhere bool
}

// Summary is what a backup has.
type Summary struct {
	Uploads int
	Bytes   int64 // of all files
	Lost    int   // uploads whose bytes were not in the data directory
}

// about is what a backup says of itself.
type about struct {
	Version string    `json:"version"`
	Made    time.Time `json:"made"`
}

// Make writes a backup of a data directory to a path where nothing is, also while a server works on it: the database as
// it is at one moment, and the uploads that belong to that.
func Make(ctx context.Context, dir, to string, opts *Options) (Summary, error) {
	o := withDefaults(opts)
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return Summary{}, fmt.Errorf("cannot write the backup %s: there is something already", to)
	}
	work := filepath.Clean(to) + ".part"
	if err := os.MkdirAll(filepath.Dir(work), 0o700); err != nil {
		return Summary{}, fmt.Errorf("make the place of the backup: %w", err)
	}
	if err := os.Mkdir(work, 0o700); err != nil {
		return Summary{}, fmt.Errorf("begin the backup (remove what an earlier one has left): %w", err)
	}
	summary, err := fill(ctx, dir, work, o)
	if err == nil {
		err = os.Rename(work, to)
	}
	if err != nil {
		return Summary{}, errors.Join(err, os.RemoveAll(work))
	}
	return summary, syncDir(filepath.Dir(work))
}

func withDefaults(opts *Options) Options {
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.Progress == nil {
		o.Progress = func(string, int64, int64) {}
	}
	return o
}

func fill(ctx context.Context, dir, work string, o Options) (Summary, error) {
	collect := fillAll
	if o.Elsewhere {
		collect = fillUploads
	}
	c, summary, err := collect(ctx, dir, work, o)
	if err != nil {
		return Summary{}, err
	}
	if err := writeAbout(work, o.Version); err != nil {
		return Summary{}, err
	}
	if err := c.note(work, aboutFile); err != nil {
		return Summary{}, err
	}
	if err := writeSums(filepath.Join(work, sumsFile), c.sums); err != nil {
		return Summary{}, err
	}
	summary.Bytes = c.bytes
	return summary, syncDir(work)
}

// fillAll copies the database and the uploads that belong to it.
func fillAll(ctx context.Context, dir, work string, o Options) (*copier, Summary, error) {
	copied := filepath.Join(work, database)
	kept, err := sqlite.Copy(ctx, dir, copied, func(done, all int64) { o.Progress("database", done, all) })
	if errors.Is(err, sqlite.ErrDamaged) {
		return nil, Summary{}, fmt.Errorf("cannot back up, and parley doctor says what to do: %w", err)
	}
	if err != nil {
		return nil, Summary{}, err
	}
	c := newCopier("uploads", total(maps.Values(kept)), o)
	missing, err := c.copyUploads(ctx, dir, work, slices.Sorted(maps.Keys(kept)))
	if err != nil {
		return nil, Summary{}, err
	}
	lost, err := forgetGone(dir, copied, missing)
	if err != nil {
		return nil, Summary{}, err
	}
	return c, Summary{Uploads: len(kept) - len(missing), Lost: lost}, c.note(work, database)
}

// fillUploads copies the uploads that there are.
func fillUploads(ctx context.Context, dir, work string, o Options) (*copier, Summary, error) {
	entries, err := os.ReadDir(filepath.Join(dir, uploads))
	if err != nil {
		return nil, Summary{}, fmt.Errorf("list the uploads: %w", err)
	}
	kept := make(map[chat.ID]int64)
	for _, entry := range entries {
		id, named := chat.ParseID(entry.Name())
		if !named {
			continue
		}
		info, err := entry.Info()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, Summary{}, fmt.Errorf("list the uploads: %w", err)
		}
		if err == nil {
			kept[id] = info.Size()
		}
	}
	c := newCopier("uploads", total(maps.Values(kept)), o)
	missing, err := c.copyUploads(ctx, dir, work, slices.Sorted(maps.Keys(kept)))
	return c, Summary{Uploads: len(kept) - len(missing)}, err
}

// copyUploads copies uploads and tells which were not there.
func (c *copier) copyUploads(ctx context.Context, dir, work string, ids []chat.ID) (missing []chat.ID, err error) {
	if err := os.Mkdir(filepath.Join(work, uploads), 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of uploads: %w", err)
	}
	for _, id := range ids {
		err := c.copy(ctx, dir, work, filepath.Join(uploads, id.String()))
		if errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, id)
		} else if err != nil {
			return nil, err
		}
	}
	return missing, syncDir(filepath.Join(work, uploads))
}

// forgetGone tells uploads that were deleted after the database had been copied from those that are lost. The copy
// forgets the former, so that none of its rows is without its bytes.
func forgetGone(dir, copied string, missing []chat.ID) (lost int, err error) {
	if len(missing) == 0 {
		return 0, nil
	}
	now, err := sqlite.Uploads(dir)
	if err != nil {
		return 0, err
	}
	gone := slices.DeleteFunc(missing, func(id chat.ID) bool { _, kept := now[id]; return kept })
	return len(missing) - len(gone), sqlite.Forget(copied, gone)
}

func total(bytes iter.Seq[int64]) (sum int64) {
	for n := range bytes {
		sum += n
	}
	return sum
}

func writeAbout(work, version string) error {
	text, err := json.MarshalIndent(about{Version: version, Made: time.Now().UTC().Truncate(time.Second)}, "", "  ")
	if err != nil {
		return fmt.Errorf("describe the backup: %w", err)
	}
	if err := os.WriteFile(filepath.Join(work, aboutFile), append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("describe the backup: %w", err)
	}
	return nil
}
