package suite

import (
	"fmt"
	"strconv"

	"parley/bench/internal/load"
	"parley/bench/internal/stats"
)

// Metric is one figure of a run.
type Metric string

// Metrics. Times are in the unit of their title.
const (
	CPU        Metric = "cpu"
	Throughput Metric = "throughput"
	P50        Metric = "p50"
	P99        Metric = "p99"
	Settled    Metric = "settled"
	Kept       Metric = "kept"
	Generator  Metric = "generator"
	Others     Metric = "others"
)

// metrics are all, for summing up.
func metrics() []Metric {
	return []Metric{CPU, Throughput, P50, P99, Settled, Kept, Generator, Others}
}

// Title heads a column.
func (m Metric) Title(s Scenario) string {
	switch m {
	case CPU:
		return "server CPU µs per " + s.Unit
	case Throughput:
		return plural(s.Unit) + "/s"
	case P50, P99:
		return string(m) + " ms"
	case Settled:
		return "bytes per connection, settled"
	case Kept:
		if s.Spec.Kind == load.Churn {
			return "bytes left per visitor"
		}
		return "bytes per connection, after SIGUSR2"
	case Generator:
		return "generator busy"
	case Others:
		return "taken by others"
	}
	return string(m)
}

func plural(unit string) string {
	if unit == "delivery" {
		return "deliveries"
	}
	return unit + "s"
}

// of is the figure of one run.
func (m Metric) of(r load.Result) float64 {
	switch m {
	case CPU:
		return r.CPUPerUnit()
	case Throughput:
		return r.PerSecond()
	case P50:
		return 1000 * r.P50.Seconds()
	case P99:
		return 1000 * r.P99.Seconds()
	case Settled:
		return r.Settled
	case Kept:
		return r.Kept
	case Generator:
		return share(r.Own.Seconds(), r.Window.Seconds())
	case Others:
		return r.Others + r.Stolen
	}
	return 0
}

func share(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return part / whole
}

// Format writes a figure as people read it: three digits that count, thousands apart.
func (m Metric) Format(v float64) string {
	switch {
	case m == Generator || m == Others:
		return fmt.Sprintf("%.0f %%", 100*v)
	case v >= 100 || v <= -100 || m == Settled || m == Kept:
		return thousands(v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

func thousands(v float64) string {
	digits := strconv.FormatFloat(v, 'f', 0, 64)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// Outcome is what all rounds of one scenario against one server amount to.
type Outcome struct {
	Scenario Scenario
	Server   Server
	Figures  map[Metric]stats.Summary
	Failures []string // of rounds that say nothing about speed
}

// outcome sums up rounds that went well.
func outcome(scenario Scenario, server Server, rounds []load.Result, failures []string) Outcome {
	o := Outcome{Scenario: scenario, Server: server, Figures: map[Metric]stats.Summary{}, Failures: failures}
	for _, m := range metrics() {
		var values []float64
		for _, round := range rounds {
			values = append(values, m.of(round))
		}
		o.Figures[m] = stats.Summarize(values)
	}
	return o
}

// Text is the median and, if there was more than one round, the range.
func (o Outcome) Text(m Metric) string {
	figure := o.Figures[m]
	switch {
	case figure.N == 0 && len(o.Failures) > 0:
		return "failed"
	case figure.N == 0:
		return "–"
	case figure.N == 1 || m.Format(figure.Min) == m.Format(figure.Max):
		return m.Format(figure.Median)
	}
	return fmt.Sprintf("%s (%s–%s)", m.Format(figure.Median), m.Format(figure.Min), m.Format(figure.Max))
}
