package suite

import "fmt"

// Budget is what the project's own server must reach.
type Budget struct {
	Scenario string
	Metric   Metric
	Bound    float64
	Stretch  float64 // what it should reach; 0 if nothing is said
	AtLeast  bool    // whether the bound is the least, not the most
}

// Budgets are those of the library.
func Budgets() []Budget {
	return []Budget{
		{Scenario: "flood-32", Metric: CPU, Bound: 1.0, Stretch: 0.6},
		{Scenario: "flood-32", Metric: Throughput, Bound: 1e6, AtLeast: true},
		{Scenario: "flood-10k", Metric: CPU, Bound: 1.2, Stretch: 0.7},
		{Scenario: "rate-1k", Metric: CPU, Bound: 7.5, Stretch: 6.5},
		{Scenario: "rate-1k", Metric: P99, Bound: 13},
		{Scenario: "rate-10k", Metric: CPU, Bound: 11, Stretch: 10.3},
		{Scenario: "rate-10k", Metric: P50, Bound: 60},
		{Scenario: "rate-10k", Metric: P99, Bound: 130},
		{Scenario: "rooms", Metric: CPU, Bound: 8, Stretch: 6.8},
		{Scenario: "rooms", Metric: P99, Bound: 3},
		{Scenario: "echo", Metric: CPU, Bound: 9, Stretch: 7},
		{Scenario: "echo", Metric: Throughput, Bound: 1e5, AtLeast: true},
		{Scenario: "connect", Metric: CPU, Bound: 90, Stretch: 75},
		{Scenario: "idle", Metric: Settled, Bound: 1500, Stretch: 1000},
	}
}

// Met says whether a figure keeps the budget.
func (b Budget) Met(figure float64) bool {
	if b.AtLeast {
		return figure >= b.Bound
	}
	return figure <= b.Bound
}

// Text is the budget as people read it.
func (b Budget) Text() string {
	sign := "≤"
	if b.AtLeast {
		sign = "≥"
	}
	return fmt.Sprintf("%s %s", sign, b.Metric.Format(b.Bound))
}
