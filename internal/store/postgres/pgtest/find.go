package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// programs is the directory of PostgreSQL's programs. It installs them where they are missing and this can be done.
func programs() (string, error) {
	if dir, ok := find(); ok {
		return dir, nil
	}
	cause := install()
	if dir, ok := find(); ok {
		return dir, nil
	}
	return "", errors.Join(errors.New("PostgreSQL is needed for this test and not found: install it (apt-get install postgresql)"), cause)
}

// find looks where packages of systems put the programs, the newest version first.
func find() (string, bool) {
	var candidates []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
	} {
		found, err := filepath.Glob(pattern)
		if err == nil {
			candidates = append(candidates, found...)
		}
	}
	slices.SortFunc(candidates, func(a, b string) int { return versionIn(b) - versionIn(a) })
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		candidates = append(candidates, strings.TrimSpace(string(out)))
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		candidates = append(candidates, filepath.Dir(path))
	}
	for _, dir := range candidates {
		if isProgram(filepath.Join(dir, "postgres")) && isProgram(filepath.Join(dir, "initdb")) {
			return dir, true
		}
	}
	return "", false
}

func versionIn(path string) int {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, path)
	version, _ := strconv.Atoi(digits) // none counts as 0
	return version
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

func install() error {
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		return nil
	}
	if os.Geteuid() != 0 {
		return errors.New("it could be installed here by root")
	}
	for _, args := range [][]string{{"update", "-qq"}, {"install", "-y", "-qq", "postgresql"}} {
		cmd := exec.Command(apt, args...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("apt-get %s: %w\n%s", strings.Join(args, " "), err, out)
		}
	}
	return nil
}
