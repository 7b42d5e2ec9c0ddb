//go:build unix

package blob

import (
	"errors"
	"fmt"
	"os"
)

// syncDir returns when the names in a directory are on disk.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the directory of uploads: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("keep the names of uploads: %w", err)
	}
	return nil
}
