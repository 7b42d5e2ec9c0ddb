package report

import (
	"fmt"
	"strings"
	"time"

	"parley/bench/internal/load"
	"parley/bench/internal/proc"
	"parley/bench/internal/stats"
	"parley/bench/internal/suite"
)

// page is the measured part of performance.md. Pictures are the files that go with it.
func page(command string, s *suite.Session, drawn []picture) string {
	var b strings.Builder
	circumstances(&b, command, s)
	budgets(&b, s)
	for _, p := range drawn {
		fmt.Fprintf(&b, "![%s](%s)\n\n", p.title, p.file)
	}
	for _, scenario := range s.Plan.Scenarios {
		table(&b, s, scenario)
	}
	failures(&b, s)
	return b.String()
}

func circumstances(b *strings.Builder, command string, s *suite.Session) {
	fmt.Fprintf(b, "Measured on %s with `%s` in %s: %d rounds, the servers in turns.\n\n",
		s.Began.Format("2006-01-02 15:04"), strings.TrimSpace(command), s.Took.Round(time.Minute), s.Plan.Rounds)
	fmt.Fprintf(b, "- Machine: %s. Server on processor %d, load generator on processor %d.\n", proc.Describe(), s.CPUs[0], s.CPUs[1])
	if s.Plan.Quick {
		b.WriteString("- Quick mode: short runs, and half as many idle connections.\n")
	}
	others := disturbance(s)
	fmt.Fprintf(b, "- What else ran: a load average of %s before; during the runs other processes and the hypervisor took"+
		" %s of all processor time in the median, %s at most.\n", s.Load, suite.Others.Format(others.Median), suite.Others.Format(others.Max))
	for _, server := range s.Plan.Servers {
		if version, ok := s.Versions[server.Name]; ok {
			fmt.Fprintf(b, "- %s: %s.\n", server.Title, version)
		} else {
			fmt.Fprintf(b, "- %s: did not take part (%s).\n", server.Title, oneLine(s.Missing[server.Name]))
		}
	}
	b.WriteString("\n")
}

// disturbance is the share of processor time that other processes and the hypervisor took, over all runs.
func disturbance(s *suite.Session) stats.Summary {
	var values []float64
	for _, o := range s.Outcomes {
		if figure := o.Figures[suite.Others]; figure.N > 0 && o.Scenario.Spec.Kind != load.Idle {
			values = append(values, figure.Median, figure.Max)
		}
	}
	return stats.Summarize(values)
}

func budgets(b *strings.Builder, s *suite.Session) {
	var rows strings.Builder
	for _, budget := range suite.Budgets() {
		o, ok := s.Outcome(budget.Scenario, suite.Ours)
		if !ok {
			continue
		}
		figure := o.Figures[budget.Metric]
		limit, _ := s.Outcome(budget.Scenario, suite.Limit) // without it, the pace is that of the budget
		paced := budget.AtPace(limit.Figures[suite.CPU].Median)
		fmt.Fprintf(&rows, "| %s: %s | %s | %s | %s | %s | %s | %s | %s |\n", o.Scenario.Title, budget.Metric.Title(o.Scenario),
			budgetText(budget), o.Text(budget.Metric), verdict(budget, figure), budgetText(paced), verdict(paced, figure),
			reference(s, budget, suite.Reference), reference(s, budget, suite.Limit))
	}
	if rows.Len() == 0 {
		return
	}
	b.WriteString("### Budgets\n\n| work | budget (stretch) | measured | | at this machine's pace | | socket.io (Node.js) | limit |\n" +
		"|---|---|---|---|---|---|---|---|\n")
	b.WriteString(rows.String() + "\n")
}

func budgetText(budget suite.Budget) string {
	if budget.Stretch == 0 {
		return budget.Text()
	}
	return fmt.Sprintf("%s (%s)", budget.Text(), budget.Metric.Format(budget.Stretch))
}

func verdict(budget suite.Budget, figure stats.Summary) string {
	if figure.N > 0 && budget.Met(figure.Median) {
		return "met"
	}
	return "**missed**"
}

// reference is the median of another server beside a budget.
func reference(s *suite.Session, budget suite.Budget, server string) string {
	o, ok := s.Outcome(budget.Scenario, server)
	if !ok || o.Figures[budget.Metric].N == 0 {
		return "–"
	}
	return budget.Metric.Format(o.Figures[budget.Metric].Median)
}

func table(b *strings.Builder, s *suite.Session, scenario suite.Scenario) {
	shown := scenario.Shown
	if scenario.Spec.Kind != load.Idle {
		shown = append(shown[:len(shown):len(shown)], suite.Generator, suite.Others)
	}
	fmt.Fprintf(b, "### %s (`%s`)\n\n| server |", scenario.Title, scenario.Name)
	for _, m := range shown {
		fmt.Fprintf(b, " %s |", m.Title(scenario))
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(shown)) + "\n")
	for _, o := range outcomes(s, scenario) {
		fmt.Fprintf(b, "| %s |", o.Server.Title)
		for _, m := range shown {
			fmt.Fprintf(b, " %s |", o.Text(m))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

func failures(b *strings.Builder, s *suite.Session) {
	var rows strings.Builder
	for _, o := range s.Outcomes {
		for _, failure := range o.Failures {
			fmt.Fprintf(&rows, "- %s, %s, %s\n", o.Scenario.Title, o.Server.Title, oneLine(failure))
		}
	}
	if rows.Len() > 0 {
		b.WriteString("### Runs that failed\n\n" + rows.String())
	}
}

func oneLine(words string) string { return strings.Join(strings.Fields(words), " ") }
