package chat

import (
	"context"
	"time"
)

// Service holds every rule of the chat. It is safe for use by many goroutines.
//
// Its methods answer a refusal as *Error; any other error is internal. Where a parameter names a user or a room it is an
// id or a name, with or without "@" or "#".
type Service struct {
	store Store
	pub   Publisher
	opts  Options

	everyone ID     // the room that everybody belongs to
	epoch    string // changes when a backup is restored
}

// Registration says who may become a user by logging in.
type Registration string

// The registration policies.
const (
	RegistrationOpen   Registration = "open"   // the first login of an unknown name registers it
	RegistrationInvite Registration = "invite" // only with an invitation
	RegistrationClosed Registration = "closed" // only an operator adds users
)

// Options configures a Service.
type Options struct {
	Registration Registration     // default RegistrationOpen
	SessionTTL   time.Duration    // a session unused for this long is over; default 90 days
	Hasher       Hasher           // required
	Now          func() time.Time // default time.Now
	NewID        func() ID        // default time-ordered and random
}

// Hasher hashes passwords. Its methods may wait for a free core and answer Unavailable when too many wait already.
type Hasher interface {
	// Hash makes a PHC string of a password.
	Hash(ctx context.Context, password string) (phc string, err error)
	// Verify tells whether the password is the one of phc, and whether phc should be replaced by a new Hash. An empty
	// phc stands for an account that does not exist: Verify takes the time of a real check and answers false.
	Verify(ctx context.Context, phc, password string) (ok, rehash bool, err error)
}

// New opens the chat on a store: the first start of a database makes its room Everyone. Publish is called from New on.
func New(ctx context.Context, store Store, pub Publisher, opts *Options) (*Service, error) {
	panic("not yet")
}

// Epoch names this history. It survives a restart and changes when a backup is restored, so that clients start over.
func (s *Service) Epoch() string { return s.epoch }

// Everyone is the id of the room that everybody belongs to.
func (s *Service) Everyone() ID { return s.everyone }
