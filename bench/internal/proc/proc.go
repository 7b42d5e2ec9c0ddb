// Package proc reads from Linux's /proc what a process and the machine have used.
package proc

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU times in /proc: USER_HZ is 100 on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// CPU is the processor time, user and system, that a process has used so far, exact to 10 ms.
func CPU(pid int) (time.Duration, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("read processor time: %w", err)
	}
	return parseCPU(content)
}

// parseCPU takes fields 14 and 15 of proc_pid_stat(5). The second field, the name, may contain anything.
func parseCPU(stat []byte) (time.Duration, error) {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0, fmt.Errorf("read processor time: %q is too short", stat)
	}
	user, err := strconv.ParseInt(string(fields[11]), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read user time: %w", err)
	}
	system, err := strconv.ParseInt(string(fields[12]), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read system time: %w", err)
	}
	return time.Duration(user+system) * tick, nil
}

// Memory is the proportional set size of a process in bytes: its own pages, and its share of those it shares.
func Memory(pid int) (int64, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, fmt.Errorf("read memory: %w", err)
	}
	return kilobytes(string(content), "Pss:")
}

// kilobytes finds a line such as "Pss:   12 kB" and returns it in bytes.
func kilobytes(content, label string) (int64, error) {
	for line := range strings.Lines(content) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] == label && fields[2] == "kB" {
			n, err := strconv.ParseInt(fields[1], 10, 64)
			return n * 1024, err
		}
	}
	return 0, fmt.Errorf("read %s no such line", label)
}

// Machine is what all processors together have done since the start.
type Machine struct {
	Busy  time.Duration // for any process, and the kernel
	Steal time.Duration // taken away by the hypervisor
	Total time.Duration // busy or not: wall time × processors
}

// ReadMachine reads the machine's processor times.
func ReadMachine() (Machine, error) {
	content, err := os.ReadFile("/proc/stat")
	if err != nil {
		return Machine{}, fmt.Errorf("read the machine's processor times: %w", err)
	}
	return parseMachine(string(content))
}

// parseMachine takes the first line of proc_stat(5): user nice system idle iowait irq softirq steal …
func parseMachine(stat string) (Machine, error) {
	line, _, _ := strings.Cut(stat, "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return Machine{}, fmt.Errorf("read the machine's processor times: %q", line)
	}
	var ticks [8]time.Duration
	var total time.Duration
	for i := range ticks {
		n, err := strconv.ParseInt(fields[i+1], 10, 64)
		if err != nil {
			return Machine{}, fmt.Errorf("read the machine's processor times: %w", err)
		}
		ticks[i] = time.Duration(n) * tick
		total += ticks[i]
	}
	steal := ticks[7]
	return Machine{Busy: total - ticks[3] - ticks[4] - steal, Steal: steal, Total: total}, nil
}

// Sub is what happened since an earlier reading.
func (m Machine) Sub(earlier Machine) Machine {
	return Machine{Busy: m.Busy - earlier.Busy, Steal: m.Steal - earlier.Steal, Total: m.Total - earlier.Total}
}
