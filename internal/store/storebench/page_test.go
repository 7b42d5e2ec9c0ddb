package storebench

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

var page = flag.String("page", "", "file with the marks of a measured part, to write the table into; only where there are as many messages as by default")

// The lines of a page between which the table is written.
const (
	beginMark = "<!-- measured: begin -->"
	endMark   = "<!-- measured: end -->"
)

// results are the figures of each store, by question, and the questions in order.
type results struct {
	stores    []string
	questions []string
	figures   map[string]map[string]string // question → store → text
}

func newResults() *results { return &results{figures: make(map[string]map[string]string)} }

func (r *results) add(store, question, format string, args ...any) {
	if r.figures[question] == nil {
		r.questions = append(r.questions, question)
		r.figures[question] = make(map[string]string)
	}
	r.figures[question][store] = fmt.Sprintf(format, args...)
}

// table is the results in markdown.
func (r *results) table(now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s; %d messages in each store; load average %s at the end; `make bench-store`\n\n", machine(), now.UTC().Format("2 January 2006"),
		*messages, load())
	fmt.Fprintf(&b, "| question | %s |\n|---|%s\n", strings.Join(r.stores, " | "), strings.Repeat("---|", len(r.stores)))
	for _, question := range r.questions {
		cells := make([]string, len(r.stores))
		for i, store := range r.stores {
			cells[i] = r.figures[question][store]
		}
		fmt.Fprintf(&b, "| %s | %s |\n", question, strings.Join(cells, " | "))
	}
	return b.String()
}

// write puts the table between the marks of the page.
func (r *results) write(b *testing.B) {
	if *page == "" || flag.Lookup("messages").DefValue != fmt.Sprint(*messages) {
		return
	}
	before, err := os.ReadFile(*page)
	if err != nil {
		b.Fatal(err)
	}
	head, rest, begun := bytes.Cut(before, []byte(beginMark))
	_, tail, ended := bytes.Cut(rest, []byte(endMark))
	if !begun || !ended {
		b.Fatalf("%s has no lines %q and %q to write between", *page, beginMark, endMark)
	}
	text := fmt.Sprintf("%s%s\n\n%s\n%s%s", head, beginMark, r.table(time.Now()), endMark, tail)
	if err := os.WriteFile(*page, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
	tell("written: %s", *page)
}

// machine says which processors there are.
func machine() string {
	model := runtime.GOARCH
	text, _ := os.ReadFile("/proc/cpuinfo") // where there is none, the architecture is said
	for line := range strings.Lines(string(text)) {
		if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
			break
		}
	}
	return fmt.Sprintf("%d × %s, %s %s", runtime.NumCPU(), model, runtime.GOOS, runtime.Version())
}
