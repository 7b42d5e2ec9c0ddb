package report

import (
	"slices"

	"parley/bench/internal/chart"
	"parley/bench/internal/suite"
)

// picture is one file of charts.
type picture struct {
	file      string
	title     string
	metrics   []suite.Metric
	scenarios []string
}

func pictures() []picture {
	return []picture{
		{"performance-broadcast.svg", "Broadcast: server CPU per delivery", []suite.Metric{suite.CPU},
			[]string{"flood-32", "flood-512", "flood-10k", "rate-1k", "rate-10k", "rooms"}},
		{"performance-latency.svg", "Broadcast: 99th percentile of the time to arrive", []suite.Metric{suite.P99},
			[]string{"rate-1k", "rate-10k", "rooms", "churn"}},
		{"performance-requests.svg", "Requests and connections: server CPU each", []suite.Metric{suite.CPU},
			[]string{"echo", "connect"}},
		{"performance-memory.svg", "Idle connections: memory each", []suite.Metric{suite.Settled, suite.Kept},
			[]string{"idle"}},
	}
}

// draw makes the chart; ok is false when there is nothing to show.
func (p picture) draw(s *suite.Session) (c chart.Chart, ok bool) {
	c = chart.Chart{Title: p.title, Note: "Less is better. Median of the rounds; the thin line is their range."}
	for _, scenario := range s.Plan.Scenarios {
		if !slices.Contains(p.scenarios, scenario.Name) {
			continue
		}
		for _, metric := range p.metrics {
			if panel, ok := panelOf(s, scenario, metric); ok {
				c.Panels = append(c.Panels, panel)
			}
		}
	}
	return c, len(c.Panels) > 0
}

func panelOf(s *suite.Session, scenario suite.Scenario, metric suite.Metric) (p chart.Panel, ok bool) {
	p.Title = scenario.Title + ": " + metric.Title(scenario)
	for _, o := range outcomes(s, scenario) {
		figure := o.Figures[metric]
		if figure.N == 0 {
			continue
		}
		p.Bars = append(p.Bars, chart.Bar{
			Label: o.Server.Title, Strong: o.Server.Name == suite.Ours, Text: metric.Format(figure.Median),
			Value: max(0, figure.Median), Low: max(0, figure.Min), High: max(0, figure.Max),
		})
	}
	for _, budget := range suite.Budgets() {
		if budget.Scenario == scenario.Name && budget.Metric == metric {
			p.Bound, p.Word = budget.Bound, "budget"
		}
	}
	return p, len(p.Bars) > 0
}
