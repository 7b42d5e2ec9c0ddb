package suite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"parley/bench/internal/load"
	"parley/bench/internal/proc"
)

// Run makes the servers ready and runs each scenario in rounds, each server in its turn: what disturbs the machine
// for a while disturbs all of them. Each run has fresh processes. A server that cannot be made ready is left out.
func Run(ctx context.Context, plan Plan) (*Session, error) {
	cpus, err := proc.CPUs()
	if err != nil {
		return nil, err
	}
	if len(cpus) < 2 {
		return nil, errors.New("a benchmark needs two processors: one for the server, one for its clients")
	}
	s := &Session{Plan: plan, Began: time.Now(), Load: proc.LoadAverage(), CPUs: [2]int{cpus[0], cpus[1]},
		Versions: map[string]string{}, Missing: map[string]string{}}
	bin, err := os.MkdirTemp("", "parley-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for what is built: %w", err)
	}
	defer func() { _ = os.RemoveAll(bin) }() // a leftover in the temporary folder is no failure
	commands, err := s.prepare(ctx, workshop{root: plan.Root, bin: bin})
	if err != nil {
		return nil, err
	}
	err = s.run(ctx, commands)
	s.Took = time.Since(s.Began)
	return s, err
}

// prepare fills Versions and Missing and returns the commands of the servers that can be started.
func (s *Session) prepare(ctx context.Context, shop workshop) (map[string][]string, error) {
	commands := map[string][]string{}
	for _, server := range s.Plan.Servers {
		s.say("making %s ready\n", server.Name)
		ready, err := server.prepare(ctx, shop)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err != nil {
			s.Missing[server.Name] = err.Error()
			s.say("  left out: %v\n", err)
			continue
		}
		commands[server.Name], s.Versions[server.Name] = ready.command, ready.version
	}
	if len(commands) == 0 {
		return nil, errors.New("no server can be started")
	}
	return commands, nil
}

// turn is one run of the plan.
type turn struct {
	scenario Scenario
	server   Server
	round    int
}

func (s *Session) turns(commands map[string][]string) (all []turn) {
	for _, scenario := range s.Plan.Scenarios {
		for round := range s.Plan.Rounds {
			for _, server := range s.Plan.Servers {
				if commands[server.Name] != nil && server.Can(scenario) {
					all = append(all, turn{scenario, server, round + 1})
				}
			}
		}
	}
	return all
}

func (s *Session) run(ctx context.Context, commands map[string][]string) error {
	type cell struct{ scenario, server string }
	results, failures := map[cell][]load.Result{}, map[cell][]string{}
	turns := s.turns(commands)
	began := time.Now()
	for i, t := range turns {
		s.say("[%3d/%d%s] %-9s %-10s round %d: ", i+1, len(turns), left(began, i, len(turns)), t.scenario.Name, t.server.Name, t.round)
		at := cell{t.scenario.Name, t.server.Name}
		result, err := s.once(ctx, t, commands[t.server.Name])
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			failures[at] = append(failures[at], fmt.Sprintf("round %d: %v", t.round, err))
			s.say("FAILED: %v\n", err)
			continue
		}
		results[at] = append(results[at], result)
		s.say("%s\n", line(t.scenario, result))
	}
	for _, scenario := range s.Plan.Scenarios {
		for _, server := range s.Plan.Servers {
			at := cell{scenario.Name, server.Name}
			if len(results[at])+len(failures[at]) > 0 {
				s.Outcomes = append(s.Outcomes, outcome(scenario, server, results[at], failures[at]))
			}
		}
	}
	return nil
}

// once runs one turn with fresh processes.
func (s *Session) once(ctx context.Context, t turn, command []string) (load.Result, error) {
	server, err := start(ctx, command, s.CPUs[0])
	if err != nil {
		return load.Result{}, err
	}
	defer server.stop()
	spec := t.scenario.timed(s.Plan.Quick)
	spec.Protocol, spec.Address, spec.PID = t.server.Protocol, server.address, server.cmd.Process.Pid
	result, err := generate(ctx, s.Plan.Generator, s.CPUs[1], spec)
	if err != nil && server.said.String() != "" {
		return result, fmt.Errorf("%w (the server says: %s)", err, server.said)
	}
	return result, err
}

// left guesses the time until the end from that of the turns that are done.
func left(began time.Time, done, all int) string {
	if done == 0 {
		return ""
	}
	rest := time.Since(began) / time.Duration(done) * time.Duration(all-done)
	return fmt.Sprintf(", %s left", rest.Round(time.Second))
}

// line is a run in a few words.
func line(scenario Scenario, r load.Result) string {
	var text string
	for _, m := range scenario.Shown {
		text += fmt.Sprintf("%s %s, ", m.Format(m.of(r)), m.Title(scenario))
	}
	if r.Window == 0 {
		return text[:len(text)-2]
	}
	return fmt.Sprintf("%sgenerator %s busy, others %s", text, Generator.Format(Generator.of(r)), Others.Format(Others.of(r)))
}

func (s *Session) say(format string, words ...any) {
	fmt.Fprintf(s.Plan.Progress, format, words...) // whoever does not read progress loses nothing
}
