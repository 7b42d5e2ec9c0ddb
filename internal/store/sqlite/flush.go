//go:build !parley_fault

package sqlite

// flushing is the synchronous setting of every connection: a commit waits until the log is on disk.
func flushing() string { return "full" }

// unverified is false: no database is served whose commits do not.
func unverified() bool { return false }
