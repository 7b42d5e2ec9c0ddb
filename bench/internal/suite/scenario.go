// Package suite says which scenarios the benchmark has and which servers take part, runs them in turns, and sums up.
package suite

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"parley/bench/internal/load"
)

// Scenario is one kind of work at one size.
type Scenario struct {
	Name  string
	Title string
	Unit  string // what CPU time is counted per
	Spec  load.Spec
	Shown []Metric // what is worth reading, most important first
	Quick bool     // part of the quick mode
}

// coldStart is how long Node's compiler needs to see enough connections; without it Node would cost several times as
// much.
const coldStart = 4 * time.Second

// Scenarios are all there are, in the order in which they run.
func Scenarios() []Scenario {
	flood := []Metric{CPU, Throughput}
	rate := []Metric{CPU, P50, P99}
	return []Scenario{
		{Name: "flood-32", Title: "Flood of 32 B to 1,000 clients", Unit: "delivery", Shown: flood, Quick: true,
			Spec: load.Spec{Kind: load.Flood, Clients: 1000, Payload: 32, Window: 16}},
		{Name: "flood-512", Title: "Flood of 512 B to 1,000 clients", Unit: "delivery", Shown: flood,
			Spec: load.Spec{Kind: load.Flood, Clients: 1000, Payload: 512, Window: 16}},
		{Name: "flood-10k", Title: "Flood of 32 B to 10,000 clients", Unit: "delivery", Shown: flood,
			Spec: load.Spec{Kind: load.Flood, Clients: 10000, Payload: 32, Window: 16}},
		{Name: "rate-1k", Title: "20 messages/s to each of 1,000 clients", Unit: "delivery", Shown: rate, Quick: true,
			Spec: load.Spec{Kind: load.Rate, Clients: 1000, Payload: 32, Rate: 20}},
		{Name: "rate-10k", Title: "2 messages/s to each of 10,000 clients", Unit: "delivery", Shown: rate,
			Spec: load.Spec{Kind: load.Rate, Clients: 10000, Payload: 32, Rate: 2, Measure: 10 * time.Second}},
		{Name: "rooms", Title: "100 rooms of 50, 1,000 messages/s, 49,000 deliveries/s", Unit: "delivery", Shown: rate, Quick: true,
			Spec: load.Spec{Kind: load.Rooms, Clients: 5000, Payload: 32, Rate: 1000, Room: 50}},
		{Name: "echo", Title: "Requests with acks from 1,000 clients, one outstanding each", Unit: "request", Quick: true,
			Shown: []Metric{CPU, Throughput, P50, P99}, Spec: load.Spec{Kind: load.Echo, Clients: 1000, Payload: 32}},
		{Name: "connect", Title: "Handshake, CONNECT, disconnect, 64 at a time", Unit: "connection", Quick: true,
			Shown: []Metric{CPU, Throughput, P99}, Spec: load.Spec{Kind: load.Connect, Window: 64, Warmup: coldStart}},
		{Name: "idle", Title: "10,000 idle connections", Unit: "connection", Quick: true,
			Shown: []Metric{Settled, Kept}, Spec: load.Spec{Kind: load.Idle, Clients: 10000}},
		{Name: "churn", Title: "20 messages/s to 1,000 clients while 200 others a second come and go", Unit: "delivery",
			Shown: []Metric{CPU, P50, P99, Kept},
			Spec:  load.Spec{Kind: load.Churn, Clients: 1000, Payload: 32, Rate: 20, Visitors: 200}},
	}
}

// timed is the scenario's load with the times of the full or the quick mode, unless it has its own; the quick mode
// shortens those too.
func (s Scenario) timed(quick bool) load.Spec {
	spec, warmup, measure := s.Spec, 2*time.Second, 5*time.Second
	if quick {
		warmup, measure = 800*time.Millisecond, 1500*time.Millisecond
	}
	if spec.Kind == load.Idle {
		if quick {
			spec.Clients /= 2
		}
		return spec
	}
	spec.Warmup = cmp.Or(spec.Warmup, warmup)
	if spec.Measure == 0 || quick {
		spec.Measure = cmp.Or(min(spec.Measure, measure), measure)
	}
	return spec
}

// Pick returns those of all that are named in a list with commas, in the order of all; an empty list picks those that
// are preferred. A name that nothing has is an error.
func Pick[T any](all []T, list string, name func(T) string, preferred func(T) bool) ([]T, error) {
	wanted := map[string]bool{}
	for word := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		wanted[word] = true
	}
	byDefault := len(wanted) == 0
	var picked []T
	var names []string
	for _, candidate := range all {
		if wanted[name(candidate)] || (byDefault && preferred(candidate)) {
			picked = append(picked, candidate)
		}
		delete(wanted, name(candidate))
		names = append(names, name(candidate))
	}
	for unknown := range wanted {
		return nil, fmt.Errorf("there is no %q, only %s", unknown, strings.Join(names, ", "))
	}
	return picked, nil
}
