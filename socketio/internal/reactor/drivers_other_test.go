//go:build !linux

package reactor

// drivers are those that this system has.
func drivers() map[string]func() Driver {
	return map[string]func() Driver{"goroutines": NewGoroutines}
}
