package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// copier copies files and notes what is in them.
type copier struct {
	sums  map[string]string // SHA-256 in hexadecimal, by path with slashes
	bytes int64

	told func(bytes int64) // of each piece that is copied
}

// newCopier tells how much of all bytes is copied.
func newCopier(what string, all int64, o Options) *copier {
	done := int64(0)
	return &copier{sums: make(map[string]string), told: func(bytes int64) {
		done += bytes
		o.Progress(what, done, all)
	}}
}

// copy copies one file between directories and returns when the disk has it. Error: fs.ErrNotExist.
func (c *copier) copy(ctx context.Context, from, to, name string) error {
	source, err := os.Open(filepath.Join(from, name))
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	defer source.Close()
	target, err := os.OpenFile(filepath.Join(to, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("copy %s: %w", name, err)
	}
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(target, hash, watch{ctx, c.told}), source)
	if err == nil {
		err = target.Sync()
	}
	if err := errors.Join(err, target.Close()); err != nil {
		return fmt.Errorf("copy %s: %w", name, err)
	}
	c.add(name, size, hash.Sum(nil))
	return nil
}

// watch tells what is written to it, and ends the writing when ctx ends.
type watch struct {
	ctx  context.Context
	told func(bytes int64)
}

// Write implements io.Writer.
func (w watch) Write(piece []byte) (int, error) {
	w.told(int64(len(piece)))
	return len(piece), w.ctx.Err()
}

// note reads a file that is in its place already.
func (c *copier) note(dir, name string) error {
	file, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR, 0) // to sync it, which some systems refuse to readers
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	defer file.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, file)
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	c.add(name, size, hash.Sum(nil))
	return nil
}

func (c *copier) add(name string, size int64, sum []byte) {
	c.sums[filepath.ToSlash(name)] = hex.EncodeToString(sum)
	c.bytes += size
}

// syncDir returns when the names in a directory are on disk. Windows has no way to ask.
func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open a directory: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("keep the names of files: %w", err)
	}
	return nil
}
