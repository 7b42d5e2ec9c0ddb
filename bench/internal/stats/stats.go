// Package stats holds the few figures that a benchmark reports: percentiles of one run, medians and ranges of several.
package stats

import (
	"math"
	"slices"
)

// Percentile is the smallest value that at least p (0 to 1) of the sorted values do not exceed; 0 for no values.
func Percentile[T int32 | int64 | float64](sorted []T, p float64) T {
	if len(sorted) == 0 {
		return 0
	}
	rank := int(math.Ceil(p * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// Summary is what several runs of one measurement amount to.
type Summary struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	N      int     `json:"n"` // how many runs; 0 means that there is nothing to say
}

// Summarize takes the values of several runs, in any order. With an even number the median is the mean of the two in
// the middle.
func Summarize(values []float64) Summary {
	if len(values) == 0 {
		return Summary{}
	}
	sorted := slices.Sorted(slices.Values(values))
	last := len(sorted) - 1
	middle := (sorted[last/2] + sorted[(last+1)/2]) / 2
	return Summary{Median: middle, Min: sorted[0], Max: sorted[last], N: len(sorted)}
}
