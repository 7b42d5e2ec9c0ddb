package report

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"parley/bench/internal/suite"
)

// Between these lines of performance.md stands what was measured; the rest belongs to people.
const (
	beginMark = "<!-- measured: begin -->"
	endMark   = "<!-- measured: end -->"
)

// frame is the page around the measured part as long as nobody has written another.
//
//go:embed frame.md
var frame string

// Write writes performance.md and its charts into the folder and returns their names. What people wrote around the
// measured part of an existing page stays.
func Write(folder, command string, s *suite.Session) ([]string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	var drawn []picture
	var files []string
	for _, p := range pictures() {
		c, ok := p.draw(s)
		if !ok {
			continue
		}
		if err := os.WriteFile(filepath.Join(folder, p.file), c.SVG(), 0o644); err != nil {
			return nil, fmt.Errorf("write a chart: %w", err)
		}
		drawn, files = append(drawn, p), append(files, p.file)
	}
	name := filepath.Join(folder, "performance.md")
	before, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	content, err := splice(string(before), page(command, s, drawn))
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	return append([]string{"performance.md"}, files...), nil
}

// splice puts the measured part into a page.
func splice(before, measured string) (string, error) {
	if before == "" {
		before = frame
	}
	head, rest, begun := strings.Cut(before, beginMark)
	_, tail, ended := strings.Cut(rest, endMark)
	if !begun || !ended {
		return "", fmt.Errorf("no lines %q and %q to write between", beginMark, endMark)
	}
	return head + beginMark + "\n\n" + strings.TrimSpace(measured) + "\n\n" + endMark + tail, nil
}
