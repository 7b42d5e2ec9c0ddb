package backup

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// writeSums writes the sums as sha256sum(1) does, and returns when the disk has them.
func writeSums(path string, sums map[string]string) error {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		fmt.Fprintf(&text, "%s  %s\n", sums[name], name)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the checksums: %w", err)
	}
	_, err = file.WriteString(text.String())
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write the checksums: %w", err)
	}
	return nil
}

// readSums reads what writeSums wrote.
func readSums(from string) (map[string]string, error) {
	file, err := os.Open(filepath.Join(from, sumsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is no backup of Parley: there is no %s in it", from, sumsFile)
	}
	if err != nil {
		return nil, fmt.Errorf("read the checksums: %w", err)
	}
	defer file.Close()
	sums := make(map[string]string)
	for lines := bufio.NewScanner(file); ; {
		if !lines.Scan() {
			if err := lines.Err(); err != nil {
				return nil, fmt.Errorf("read the checksums: %w", err)
			}
			break
		}
		sum, name, found := strings.Cut(lines.Text(), "  ")
		if !found || len(sum) != 64 || !known(name) {
			return nil, fmt.Errorf("the backup %s is damaged: its %s has the line %q", from, sumsFile, lines.Text())
		}
		sums[name] = sum
	}
	return sums, nil
}

// known tells a name that a backup has, and so no path that leads out of it.
func known(name string) bool {
	id, upload := strings.CutPrefix(name, uploads+"/")
	return name == database || name == aboutFile || upload && id != "" && strings.Trim(id, "0123456789") == ""
}
