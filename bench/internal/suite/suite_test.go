package suite

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/bench/internal/load"
	"parley/bench/internal/stats"
)

func TestPick_TheOrderIsThatOfAll(t *testing.T) {
	all := []string{"a", "b", "c"}
	itself := func(s string) string { return s }
	notB := func(s string) bool { return s != "b" }
	for list, want := range map[string]string{"": "a c", "c,a": "a c", " b ,": "b", "c,b,a": "a b c"} {
		got, err := Pick(all, list, itself, notB)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q picks %q, %v", list, got, err)
		}
	}
	if _, err := Pick(all, "a,d", itself, notB); err == nil || !strings.Contains(err.Error(), `"d"`) {
		t.Errorf("picking what is not there: %v", err)
	}
}

func TestBudgets_AreAboutScenariosThatExistAndFiguresThatTheyShow(t *testing.T) {
	for _, b := range Budgets() {
		at := slices.IndexFunc(Scenarios(), func(s Scenario) bool { return s.Name == b.Scenario })
		if at < 0 || !slices.Contains(Scenarios()[at].Shown, b.Metric) {
			t.Errorf("%s %s is not shown anywhere", b.Scenario, b.Metric)
		}
	}
}

func TestBudget_Met(t *testing.T) {
	most, least := Budget{Bound: 10, Metric: CPU}, Budget{Bound: 10, Metric: CPU, AtLeast: true}
	for figure, want := range map[float64][2]bool{9: {true, false}, 10: {true, true}, 11: {false, true}} {
		if got := [2]bool{most.Met(figure), least.Met(figure)}; got != want {
			t.Errorf("%v: %v, want %v", figure, got, want)
		}
	}
	if most.Text() != "≤ 10.0" || least.Text() != "≥ 10.0" {
		t.Errorf("%q, %q", most.Text(), least.Text())
	}
}

func TestBudget_AtPace(t *testing.T) {
	twice := Budget{Bound: 10, Stretch: 8, Anchor: 5}.AtPace(10)
	if twice.Bound != 20 || twice.Stretch != 16 {
		t.Errorf("on a machine half as fast: %+v", twice)
	}
	if least := (Budget{Bound: 10, Anchor: 5, AtLeast: true}).AtPace(10); least.Bound != 5 {
		t.Errorf("at least, on a machine half as fast: %+v", least)
	}
	for _, same := range []Budget{Budget{Bound: 10}.AtPace(3), Budget{Bound: 10, Anchor: 5}.AtPace(0)} {
		if same.Bound != 10 {
			t.Errorf("without a pace: %+v", same)
		}
	}
}

func TestFormat_AsPeopleRead(t *testing.T) {
	for _, c := range []struct {
		metric Metric
		value  float64
		want   string
	}{
		{CPU, 0.283, "0.28"}, {CPU, 8.16, "8.16"}, {CPU, 18.66, "18.7"}, {CPU, 203.4, "203"},
		{Throughput, 999, "999"}, {Throughput, 1000, "1,000"}, {Throughput, 3143432.4, "3,143,432"},
		{Kept, -1234, "-1,234"}, {Kept, -123, "-123"}, {Kept, 7.3, "7"}, {Others, 0.294, "29 %"},
	} {
		if got := c.metric.Format(c.value); got != c.want {
			t.Errorf("%s %v reads %q, want %q", c.metric, c.value, got, c.want)
		}
	}
}

func TestOutcome_MediansAndRangesOfRoundsThatWentWell(t *testing.T) {
	rounds := []load.Result{
		{Units: 1000, Window: time.Second, Server: 9 * time.Millisecond, P99: 3 * time.Millisecond},
		{Units: 2000, Window: time.Second, Server: 10 * time.Millisecond, P99: 2 * time.Millisecond},
		{Units: 1000, Window: time.Second, Server: 7 * time.Millisecond, P99: 7 * time.Millisecond},
	}
	o := outcome(Scenarios()[0], Servers()[0], rounds, nil)
	if got, want := o.Figures[CPU], (stats.Summary{Median: 7, Min: 5, Max: 9, N: 3}); got != want {
		t.Errorf("CPU %v, want %v", got, want)
	}
	if got := o.Text(P99); got != "3.00 (2.00–7.00)" {
		t.Error(got)
	}
	failed := outcome(Scenarios()[0], Servers()[0], nil, []string{"round 1: lost"})
	if got := failed.Text(CPU); got != "failed" {
		t.Error(got)
	}
}

// A developer waits two minutes at most; the sum is of what is planned, so there must be slack for starting and
// gathering.
func TestScenarios_TheQuickModeIsQuick(t *testing.T) {
	var planned time.Duration
	for _, scenario := range Scenarios() {
		if scenario.Quick {
			spec := scenario.timed(true)
			planned += spec.Warmup + spec.Measure + time.Second
		}
	}
	servers := 0
	for _, server := range Servers() {
		if server.Quick {
			servers++
		}
	}
	if total := planned * time.Duration(servers); total > 90*time.Second {
		t.Errorf("%v are planned", total)
	}
}
