package stats

import "testing"

func TestPercentile_IsAValueThatOccurred(t *testing.T) {
	hundred := make([]int32, 100)
	for i := range hundred {
		hundred[i] = int32(i + 1)
	}
	for _, c := range []struct {
		sorted []int32
		p      float64
		want   int32
	}{
		{nil, 0.5, 0}, {[]int32{7}, 0.5, 7}, {[]int32{7}, 0.99, 7}, {[]int32{1, 2}, 0.5, 1}, {[]int32{1, 2}, 0.51, 2},
		{hundred, 0, 1}, {hundred, 0.5, 50}, {hundred, 0.99, 99}, {hundred, 0.999, 100}, {hundred, 1, 100},
	} {
		if got := Percentile(c.sorted, c.p); got != c.want {
			t.Errorf("p%v of %d values: %d, want %d", 100*c.p, len(c.sorted), got, c.want)
		}
	}
}

func TestSummarize_MedianAndRange(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   Summary
	}{
		{nil, Summary{}},
		{[]float64{3}, Summary{3, 3, 3, 1}},
		{[]float64{9, 1, 2}, Summary{2, 1, 9, 3}},
		{[]float64{4, 1, 3, 2}, Summary{2.5, 1, 4, 4}},
	} {
		if got := Summarize(c.values); got != c.want {
			t.Errorf("%v: %v, want %v", c.values, got, c.want)
		}
	}
}

func TestSummarize_LeavesItsArgumentInOrder(t *testing.T) {
	values := []float64{3, 1, 2}
	Summarize(values)
	if values[0] != 3 || values[1] != 1 {
		t.Error(values)
	}
}
