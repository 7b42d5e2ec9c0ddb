// Package report writes what a session of the benchmark measured: a table for the terminal, a page and its charts.
package report

import (
	"fmt"
	"io"
	"text/tabwriter"

	"parley/bench/internal/suite"
)

// Print writes the table that ends a run: medians, with ranges where there was more than one round.
func Print(w io.Writer, s *suite.Session) {
	for _, scenario := range s.Plan.Scenarios {
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintf(table, "%s\t", scenario.Name)
		for _, m := range scenario.Shown {
			fmt.Fprintf(table, "%s\t", m.Title(scenario))
		}
		fmt.Fprintln(table)
		for _, o := range outcomes(s, scenario) {
			fmt.Fprintf(table, "  %s\t", o.Server.Name)
			for _, m := range scenario.Shown {
				fmt.Fprintf(table, "%s\t", o.Text(m))
			}
			fmt.Fprintln(table)
		}
		_ = table.Flush() // a terminal that is gone needs no table
		fmt.Fprintln(w)
	}
	for _, o := range s.Outcomes {
		for _, failure := range o.Failures {
			fmt.Fprintf(w, "%s, %s, %s\n", o.Scenario.Name, o.Server.Name, failure)
		}
	}
}

// outcomes are those of a scenario, in the order of the servers.
func outcomes(s *suite.Session, scenario suite.Scenario) (all []suite.Outcome) {
	for _, server := range s.Plan.Servers {
		if o, ok := s.Outcome(scenario.Name, server.Name); ok {
			all = append(all, o)
		}
	}
	return all
}
