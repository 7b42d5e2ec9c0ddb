package chat

import "context"

// Store runs functions inside transactions.
type Store interface {
	// View runs f on one consistent state, without waiting for writers.
	View(ctx context.Context, f func(Tx) error) error
	// Update runs f in a write transaction, and returns nil after what it wrote is flushed to disk. If f returns an
	// error nothing of it is kept and Update returns that error. Error of its own: *Error with Unavailable when nothing
	// was kept; an f that never began because ctx ended answers ctx's error. f may share a commit with others and must
	// do nothing but talk to its Tx.
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx is what a transaction can do.
type Tx interface {
	// AfterCommit registers a function to run once this transaction is on disk, and never if it is not. Functions run
	// one at a time, in commit order.
	AfterCommit(func())
}
