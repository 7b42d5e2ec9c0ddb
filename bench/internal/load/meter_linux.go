package load

import (
	"os"
	"time"

	"parley/bench/internal/proc"
)

// meter reads what was used between the two ends of the timed window.
type meter struct {
	opened  bool
	pid     int
	at      time.Duration
	units   int64
	server  time.Duration
	own     time.Duration
	machine proc.Machine
}

// open reads the state at the beginning.
func (m *meter) open(pid int, units int64, now time.Duration) error {
	machine, err := proc.ReadMachine()
	if err != nil {
		return err
	}
	own, err := proc.CPU(os.Getpid())
	if err != nil {
		return err
	}
	server, err := proc.CPU(pid)
	if err != nil {
		return err
	}
	*m = meter{opened: true, pid: pid, at: now, units: units, server: server, own: own, machine: machine}
	return nil
}

// close puts the differences since open into the result.
func (m *meter) close(result *Result, units int64, now time.Duration) error {
	var end meter
	if err := end.open(m.pid, units, now); err != nil {
		return err
	}
	result.Units = units - m.units
	result.Window = now - m.at
	result.Server = end.server - m.server
	result.Own = end.own - m.own
	used := end.machine.Sub(m.machine)
	if used.Total > 0 {
		others := used.Busy - result.Server - result.Own
		result.Others = max(0, float64(others)/float64(used.Total))
		result.Stolen = float64(used.Steal) / float64(used.Total)
	}
	return nil
}

// covers says whether a moment lies in the window, which is as long as given.
func (m *meter) covers(at, length time.Duration) bool {
	return m.opened && at >= m.at && at < m.at+length
}
