// Package blob keeps the bytes of uploads, each in a file of its own in one
// directory. It knows nothing of what they are or who may read them.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"parley/internal/chat"
)

// Dir is a directory of uploads. It is a chat.Blobs.
//
// A file appears under its name only when all of it is on disk, so that whoever
// has the name finds the bytes, also after the power has failed.
type Dir struct {
	path string
}

// partial is how files are named that are still being written.
const partial = "upload-*.part"

// Open opens a directory, creates it if needed, and removes what an earlier run
// has left unfinished.
func Open(path string) (*Dir, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("create the directory of uploads: %w", err)
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return nil, err
	}
	left, err := filepath.Glob(filepath.Join(path, partial))
	if err != nil {
		return nil, fmt.Errorf("look for unfinished uploads: %w", err)
	}
	for _, name := range left {
		if err := os.Remove(name); err != nil {
			return nil, fmt.Errorf("remove an unfinished upload: %w", err)
		}
	}
	return &Dir{path: path}, nil
}

// Put stores all of content durably and tells its size. If it fails nothing is
// kept. Error: Unavailable where the disk is full; one of content as it is.
func (d *Dir) Put(ctx context.Context, id chat.ID, content io.Reader) (int64, error) {
	file, err := os.CreateTemp(d.path, partial)
	if err != nil {
		return 0, full(fmt.Errorf("begin an upload: %w", err))
	}
	size, err := write(file, content)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = os.Rename(file.Name(), d.name(id))
	}
	if err != nil {
		return 0, errors.Join(full(err), os.Remove(file.Name()))
	}
	if err := syncDir(d.path); err != nil {
		return 0, errors.Join(err, os.Remove(d.name(id)))
	}
	return size, nil
}

// write fills and closes a file, and returns when the disk has it.
func write(file *os.File, content io.Reader) (int64, error) {
	size, err := io.Copy(file, content)
	if err == nil {
		err = file.Sync()
	}
	return size, errors.Join(err, file.Close())
}

// Open reads what Put has stored. Error: chat.ErrNotFound.
func (d *Dir) Open(_ context.Context, id chat.ID) (io.ReadSeekCloser, error) {
	file, err := os.Open(d.name(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, chat.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open an upload: %w", err)
	}
	return file, nil
}

// Remove forgets the bytes; it is no error if there are none.
func (d *Dir) Remove(_ context.Context, id chat.ID) error {
	if err := os.Remove(d.name(id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove an upload: %w", err)
	}
	return nil
}

func (d *Dir) name(id chat.ID) string { return filepath.Join(d.path, id.String()) }

// full makes a refusal of a full disk.
func full(err error) error {
	if !errors.Is(err, syscall.ENOSPC) {
		return err
	}
	return &chat.Error{Code: chat.Unavailable, Message: "The server has no room for this file.", Retry: time.Minute}
}
