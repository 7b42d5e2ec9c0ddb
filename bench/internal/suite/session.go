package suite

import (
	"io"
	"time"
)

// Plan is what to run.
type Plan struct {
	Root      string // of the module
	Scenarios []Scenario
	Servers   []Server
	Rounds    int
	Quick     bool
	Generator []string  // command that calls Generate
	Progress  io.Writer // gets a line per run
}

// Session is a plan carried out.
type Session struct {
	Plan     Plan
	Began    time.Time
	Took     time.Duration
	Load     string            // the load average before
	CPUs     [2]int            // of the server and of the generator
	Versions map[string]string // of servers, by name
	Missing  map[string]string // why a server did not take part, by name
	Outcomes []Outcome
}

// Outcome finds what a server did in a scenario.
func (s *Session) Outcome(scenario, server string) (Outcome, bool) {
	for _, o := range s.Outcomes {
		if o.Scenario.Name == scenario && o.Server.Name == server {
			return o, true
		}
	}
	return Outcome{}, false
}
