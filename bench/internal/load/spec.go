// Package load is the benchmark's load generator: one thread, one epoll, tens of thousands of connections that speak
// WebSocket by themselves, and every delivery checked. It runs as a process of its own on a processor of its own.
package load

import "time"

// Kind says what the clients of a run do.
type Kind string

// Kinds of load. A unit of work is one delivery, but for Echo one answered request, for Connect one whole connection
// and for Idle one connection held.
const (
	Flood   Kind = "flood"   // one client writes to everybody, as much as the server takes
	Rate    Kind = "rate"    // some clients write to everybody, at a fixed rate
	Rooms   Kind = "rooms"   // some clients of each room write to the others in it, at a fixed rate
	Echo    Kind = "echo"    // every client has one request outstanding
	Connect Kind = "connect" // clients come, are let in, and go
	Idle    Kind = "idle"    // nobody says anything
	Churn   Kind = "churn"   // as Rate, while visitors come and go
)

// Spec is one run against one server. It travels to the generator's process as JSON.
type Spec struct {
	Kind     Kind
	Protocol string // as in protocol.Named
	Address  string // host:port, an IPv4 address
	PID      int    // the server's process

	Clients  int
	Payload  int           // bytes of a message
	Rate     float64       // messages a second, all senders together: Rate, Rooms, Churn
	Window   int           // messages outstanding in Flood; connections under way in Connect
	Room     int           // clients in a room: Rooms
	Visitors float64       // visitors a second: Churn
	Warmup   time.Duration // load before the measurement
	Measure  time.Duration // the timed window
	Silence  time.Duration // after which work outstanding at the end counts as lost; default 10s
}

// Result is what one run measured.
type Result struct {
	Units   int64         // done inside the timed window
	Window  time.Duration // how long the timed window was
	Server  time.Duration // processor time of the server in it
	Own     time.Duration // processor time of the generator in it
	Others  float64       // share of all processors that other processes used in it
	Stolen  float64       // share of all processors that the hypervisor took away in it
	P50     time.Duration // from the moment a message was due to its arrival at each recipient
	P99     time.Duration
	Settled float64 // Idle: bytes of server memory per connection, some seconds after the last one came
	Kept    float64 // Idle: the same after SIGUSR2; Churn: bytes left per visitor who came and went
}

// PerSecond is the throughput.
func (r Result) PerSecond() float64 {
	if r.Window <= 0 {
		return 0
	}
	return float64(r.Units) / r.Window.Seconds()
}

// CPUPerUnit is the server's processor time in microseconds per unit of work.
func (r Result) CPUPerUnit() float64 {
	if r.Units == 0 {
		return 0
	}
	return float64(r.Server.Microseconds()) / float64(r.Units)
}
