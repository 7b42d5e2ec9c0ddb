//go:build !linux

package reactor

// New returns the best driver of the system.
func New() Driver { return NewGoroutines() }
