// Package dirlock keeps a second process out of a data directory.
package dirlock

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const lockName = "parley.lock"

// Lock is held by the one process that uses a data directory. It ends with the process.
type Lock struct{ file *os.File }

// errLocked: another process holds the lock.
var errLocked = errors.New("locked")

// Take locks a directory, making it if it is not there, or says who holds it.
func Take(dir string) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the data directory: %w", err)
	}
	if err := lockFile(file); err != nil {
		holder := readHolder(file)
		file.Close()
		if errors.Is(err, errLocked) {
			return nil, fmt.Errorf("the data directory %s is in use by another Parley%s; stop that one or choose another directory", dir, holder)
		}
		return nil, fmt.Errorf("lock the data directory %s: %w", dir, err)
	}
	if err := writeHolder(file); err != nil {
		file.Close()
		return nil, fmt.Errorf("sign the lock of the data directory: %w", err)
	}
	return &Lock{file: file}, nil
}

// readHolder is " (process 123)" if the holder has signed.
func readHolder(file *os.File) string {
	text, err := io.ReadAll(io.LimitReader(file, 20))
	if err != nil || len(text) == 0 {
		return ""
	}
	return " (process " + strings.TrimSpace(string(text)) + ")"
}

func writeHolder(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// Release lets the next one in. It may be called twice.
func (l *Lock) Release() error {
	if err := l.file.Close(); !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}
