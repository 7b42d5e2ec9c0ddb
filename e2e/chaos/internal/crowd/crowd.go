// Package crowd is thousands of people who are connected and do nothing else, in processes of their own, so that what
// they cost is not the test's, and so that they can be stopped as a machine is that lost its power.
package crowd

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"time"

	"parley/e2e/chaos/internal/history"
	"parley/e2e/chaos/internal/person"
)

// Word is the argument that makes a program a crowd: it must call Be then.
const Word = "crowd"

// spec is what a crowd is told on standard input.
type spec struct {
	URL     string
	Tokens  []string
	Backoff time.Duration // see person.Options
}

// State is how a crowd is doing.
type State struct {
	Online int           // connected and ready
	Back   int           // came back at least once
	P50    time.Duration // how long those were away who came back
	P99    time.Duration

	Told    int // were told when to come back before the server stopped
	Densest int // most of those who were told to come back within one second
}

// Crowd is one process of people.
type Crowd struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	reader sync.WaitGroup

	mu    sync.Mutex // guards state
	state State
}

// Start starts a program as a crowd.
func Start(program, url string, tokens []string, backoff time.Duration) (*Crowd, error) {
	c := &Crowd{cmd: exec.Command(program, Word)}
	c.cmd.Stderr = os.Stderr
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a crowd: %w", err)
	}
	c.reader.Go(func() { c.read(out) })
	if err := json.NewEncoder(c.in).Encode(spec{url, tokens, backoff}); err != nil {
		return nil, errors.Join(fmt.Errorf("tell a crowd who it is: %w", err), c.Stop())
	}
	return c, nil
}

func (c *Crowd) read(out io.Reader) {
	for lines := json.NewDecoder(out); ; {
		var state State
		if err := lines.Decode(&state); err != nil {
			return // the process has ended
		}
		c.mu.Lock()
		c.state = state
		c.mu.Unlock()
	}
}

// State is what the crowd has said last.
func (c *Crowd) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// Freeze stops the process from running: its connections stay open, and nobody answers.
func (c *Crowd) Freeze() error { return c.cmd.Process.Signal(syscall.SIGSTOP) }

// Stop ends the process, frozen or not.
func (c *Crowd) Stop() error {
	if err := c.cmd.Process.Kill(); err != nil {
		return fmt.Errorf("end a crowd: %w", err)
	}
	c.reader.Wait()
	_ = c.cmd.Wait() // it was killed
	return nil
}

// Be is a crowd, until its process is ended.
func Be(ctx context.Context, in io.Reader, out io.Writer) error {
	const pace = 500 * time.Microsecond // between two who come, at first
	var s spec
	if err := json.NewDecoder(bufio.NewReader(in)).Decode(&s); err != nil {
		return fmt.Errorf("read who the crowd is: %w", err)
	}
	people := make([]*person.Person, 0, len(s.Tokens))
	var record history.Recorder
	for _, token := range s.Tokens {
		people = append(people, person.Start(ctx, person.Options{
			Token: token, URL: s.URL, Record: &record, Blind: true, Backoff: s.Backoff, Patience: 20 * time.Second,
		}))
		time.Sleep(pace)
	}
	lines := json.NewEncoder(out)
	for tick := time.NewTicker(200 * time.Millisecond); ; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if err := lines.Encode(stateOf(people)); err != nil {
			return err
		}
	}
}

func stateOf(people []*person.Person) State {
	var s State
	var away, told []time.Duration
	for _, one := range people {
		if after := one.Told(); after > 0 {
			told = append(told, after)
		}
		online, connects, last := one.Away()
		if online {
			s.Online++
		}
		if connects > 1 {
			away = append(away, last)
		}
	}
	slices.Sort(away)
	if s.Back = len(away); s.Back > 0 {
		s.P50, s.P99 = away[len(away)/2], away[len(away)*99/100]
	}
	s.Told, s.Densest = len(told), densest(told)
	return s
}

// densest is how many times of some are within one second at most.
func densest(times []time.Duration) (most int) {
	slices.Sort(times)
	first := 0
	for i, at := range times {
		for at-times[first] >= time.Second {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}
