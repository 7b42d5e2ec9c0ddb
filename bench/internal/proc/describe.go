package proc

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Describe says in one line which machine this is: processors, memory, system and kernel.
func Describe() string {
	memory := "unknown memory"
	if content, err := os.ReadFile("/proc/meminfo"); err == nil {
		if total, err := kilobytes(string(content), "MemTotal:"); err == nil {
			memory = fmt.Sprintf("%.0f GiB", float64(total)/(1<<30))
		}
	}
	model := value("/proc/cpuinfo", "model name", ":")
	system := strings.Trim(value("/etc/os-release", "PRETTY_NAME", "="), `"`)
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease") // unknown is said by an empty word
	return fmt.Sprintf("%d × %s, %s, %s, kernel %s", runtime.NumCPU(), model, memory, system, strings.TrimSpace(string(kernel)))
}

// LoadAverage is the first figure of /proc/loadavg: how many processes wanted to run in the last minute.
func LoadAverage() string {
	content, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(content), " ")
	return first
}

// value is what follows the label in the first line of the file that starts with it, or "unknown".
func value(file, label, separator string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(content)) {
		name, value, found := strings.Cut(line, separator)
		if found && strings.TrimSpace(name) == label {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}
