package suite

import "fmt"

// Budget is what the project's own server must reach.
type Budget struct {
	Scenario string
	Metric   Metric
	Bound    float64
	Stretch  float64 // what it should reach; 0 if nothing is said
	AtLeast  bool    // whether the bound is the least, not the most

	// Anchor is what the limit cost, in CPU µs per unit of the scenario, on the machine and day that the budget was
	// set; 0 where the machine's pace does not matter.
	Anchor float64
}

// Budgets are those of the library.
func Budgets() []Budget {
	return []Budget{
		{Scenario: "flood-32", Metric: CPU, Bound: 1.0, Stretch: 0.6, Anchor: 0.56},
		{Scenario: "flood-32", Metric: Throughput, Bound: 1e6, AtLeast: true, Anchor: 0.56},
		{Scenario: "flood-10k", Metric: CPU, Bound: 1.2, Stretch: 0.7, Anchor: 0.67},
		{Scenario: "rate-1k", Metric: CPU, Bound: 7.5, Stretch: 6.5, Anchor: 5.9},
		{Scenario: "rate-1k", Metric: P99, Bound: 13, Anchor: 5.9},
		{Scenario: "rate-10k", Metric: CPU, Bound: 11, Stretch: 10.3, Anchor: 9.8},
		{Scenario: "rate-10k", Metric: P50, Bound: 60, Anchor: 9.8},
		{Scenario: "rate-10k", Metric: P99, Bound: 130, Anchor: 9.8},
		{Scenario: "rooms", Metric: CPU, Bound: 8, Stretch: 6.8, Anchor: 6.1},
		{Scenario: "rooms", Metric: P99, Bound: 3, Anchor: 6.1},
		{Scenario: "echo", Metric: CPU, Bound: 9, Stretch: 7, Anchor: 6.0},
		{Scenario: "echo", Metric: Throughput, Bound: 1e5, AtLeast: true, Anchor: 6.0},
		{Scenario: "connect", Metric: CPU, Bound: 90, Stretch: 75, Anchor: 33},
		{Scenario: "idle", Metric: Settled, Bound: 1500, Stretch: 1000},
	}
}

// AtPace is the budget on a machine where the limit costs so much now: looser on a slower machine, tighter on a
// faster one.
func (b Budget) AtPace(limit float64) Budget {
	if b.Anchor == 0 || limit <= 0 {
		return b
	}
	pace := limit / b.Anchor
	if b.AtLeast {
		pace = 1 / pace
	}
	b.Bound *= pace
	b.Stretch *= pace
	return b
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
