//go:build parley_fault

package sqlite

import "parley/internal/fault"

// flushing is the synchronous setting of every connection, which a fault weakens.
func flushing() string {
	if fault.Has(fault.FlushLess) {
		return "normal"
	}
	return "full"
}

func unverified() bool { return fault.Has(fault.Unverified) }
