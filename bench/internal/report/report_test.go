package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/bench/internal/stats"
	"parley/bench/internal/suite"
)

// session is one in which our server keeps the budgets of the flood but for its throughput, on a machine half as
// fast as that of the budgets, and the reference fails to echo.
func session() *suite.Session {
	scenarios := suite.Scenarios()
	flood, echo, idle := scenarios[0], scenarios[6], scenarios[8]
	ours, node := suite.Servers()[0], suite.Servers()[1]
	some := func(median float64) stats.Summary {
		return stats.Summary{Median: median, Min: median / 2, Max: median * 2, N: 3}
	}
	return &suite.Session{
		Plan:  suite.Plan{Scenarios: []suite.Scenario{flood, echo, idle}, Servers: suite.Servers()[:3], Rounds: 3},
		Began: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Took: 90 * time.Second, Load: "0.10", CPUs: [2]int{0, 1},
		Versions: map[string]string{"parley": "commit abc", "node": "4.8.4"},
		Missing:  map[string]string{"centrifuge": "no\nnetwork"},
		Outcomes: []suite.Outcome{
			{Scenario: flood, Server: ours, Figures: map[suite.Metric]stats.Summary{
				suite.CPU: some(0.6), suite.Throughput: some(900000), suite.Others: some(0.1)}},
			{Scenario: flood, Server: node, Figures: map[suite.Metric]stats.Summary{suite.CPU: some(8.2), suite.Throughput: some(122000)}},
			{Scenario: flood, Server: suite.Servers()[4], Figures: map[suite.Metric]stats.Summary{suite.CPU: some(1.12)}},
			{Scenario: echo, Server: node, Failures: []string{"round 1: lost\nit"}},
			{Scenario: idle, Server: ours, Figures: map[suite.Metric]stats.Summary{suite.Settled: some(900), suite.Kept: some(500)}},
		},
	}
}

func TestWrite_ThePageSaysWhatWasMeasuredAndWhetherItIsEnough(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "docs")
	files, err := Write(folder, "go run ./bench ", session())
	if err != nil {
		t.Fatal(err)
	}
	page := read(t, folder, "performance.md")
	for _, want := range []string{
		"Measured on 2026-11-22 12:00 with `go run ./bench` in 2m0s: 3 rounds",
		"- Parley socketio (Go): commit abc.",
		"- centrifuge (Go, own protocol): did not take part (no network).",
		"took 15 % of all processor time in the median, 20 % at most",
		"| Flood of 32 B to 1,000 clients: server CPU µs per delivery | ≤ 1.00 (0.60) | 0.60 (0.30–1.20) | met | ≤ 2.00 (1.20) | met | 8.20 | 1.12 |",
		"| Flood of 32 B to 1,000 clients: deliveries/s | ≥ 1,000,000 | 900,000 (450,000–1,800,000) | **missed** | ≥ 500,000 | met | 122,000 | – |",
		"| 10,000 idle connections: bytes per connection, settled | ≤ 1,500 (1,000) | 900 (450–1,800) | met | ≤ 1,500 (1,000) | met | – | – |",
		"| socket.io (Node.js) | failed | failed | failed | failed | failed | failed |",
		"- Requests with acks from 1,000 clients, one outstanding each, socket.io (Node.js), round 1: lost it",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page)
		}
	}
	for _, file := range files[1:] {
		if !strings.Contains(page, "]("+file+")") || !strings.HasPrefix(read(t, folder, file), "<svg ") {
			t.Errorf("%s is not a picture of the page", file)
		}
	}
	if len(files) != 3 {
		t.Errorf("wrote %v, want the page and pictures of broadcast and memory", files)
	}
}

func TestWrite_WhatPeopleWroteStays(t *testing.T) {
	folder := t.TempDir()
	before := "# Speed\n\nOur words.\n\n" + beginMark + "\n\nold figures\n\n" + endMark + "\n\n## Profiles\n"
	if err := os.WriteFile(filepath.Join(folder, "performance.md"), []byte(before), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(folder, "bench", session()); err != nil {
		t.Fatal(err)
	}
	page := read(t, folder, "performance.md")
	if !strings.HasPrefix(page, "# Speed\n\nOur words.\n") || !strings.HasSuffix(page, endMark+"\n\n## Profiles\n") || strings.Contains(page, "old figures") {
		t.Error(page)
	}
}

func TestWrite_APageWithoutAPlaceForFiguresIsLeftAlone(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "performance.md"), []byte("# Ours\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(folder, "bench", session()); err == nil || read(t, folder, "performance.md") != "# Ours\n" {
		t.Errorf("%v", err)
	}
}

func TestPrint_ATablePerScenarioAndEveryFailure(t *testing.T) {
	var out strings.Builder
	Print(&out, session())
	for _, want := range []string{"flood-32", "0.60 (0.30–1.20)", "  node", "round 1: lost"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("does not print %q:\n%s", want, out.String())
		}
	}
}

func read(t *testing.T, folder, file string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
