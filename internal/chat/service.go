package chat

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"
)

// Service holds every rule of the chat. It is safe for use by many goroutines.
//
// Its methods answer a refusal as *Error; any other error is internal. Where a parameter names a user or a room it is an
// id or a name, with or without "@" or "#".
type Service struct {
	store     Store
	pub       Publisher
	opts      Options
	rules     map[string]Rule
	names     names
	passwords passwords

	started   time.Time    // by the wall clock
	forgotten map[ID]int64 // the last seq that Sweep has passed, by room; Sweep's own
	inserted  atomic.Int64 // messages, those of transactions that were not kept among them

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
	Name         string       // fixes the server's name; default what its owner says, else "Parley"
	Registration Registration // fixes who may register; default what its owner says, else DefaultRegistration

	DefaultRegistration Registration // until the owner has decided; default RegistrationOpen

	SessionTTL   time.Duration        // a session unused for this long is over; default 90 days
	Hasher       Hasher               // required
	Blobs        Blobs                // default none: no uploads
	MaxFileBytes int64                // default 100 MB
	Log          *slog.Logger         // for what takes long at the start; default slog.Default()
	Now          func() time.Time     // the wall clock, which may jump; default time.Now
	Elapsed      func() time.Duration // how long the process has run, which never jumps; default by the monotonic clock
	NewID        func() ID            // default time-ordered and random
}

// Hasher hashes passwords. Its methods may wait for a free core and answer Unavailable when too many wait already.
type Hasher interface {
	// Hash makes a PHC string of a password.
	Hash(ctx context.Context, password string) (phc string, err error)
	// Verify tells whether the password is the one of phc, and whether phc should be replaced by a new Hash. An empty
	// phc stands for an account that does not exist: Verify takes the time of a real check and answers false.
	Verify(ctx context.Context, phc, password string) (ok, rehash bool, err error)
}

const (
	defaultSessionTTL   = 90 * 24 * time.Hour
	defaultMaxFileBytes = 100e6
)

// New opens the chat on a store: the first start of a database makes its room Everyone. It returns when
// the search index knows all messages.
func New(ctx context.Context, store Store, pub Publisher, opts *Options) (*Service, error) {
	s := &Service{store: store, pub: pub, passwords: newPasswords(), rules: Rules(), forgotten: make(map[ID]int64)}
	if opts != nil {
		s.opts = *opts
	}
	if s.opts.Hasher == nil {
		return nil, errors.New("chat needs a Hasher")
	}
	if s.opts.DefaultRegistration == "" {
		s.opts.DefaultRegistration = RegistrationOpen
	}
	if s.opts.SessionTTL <= 0 {
		s.opts.SessionTTL = defaultSessionTTL
	}
	if s.opts.MaxFileBytes <= 0 {
		s.opts.MaxFileBytes = defaultMaxFileBytes
	}
	if s.opts.Log == nil {
		s.opts.Log = slog.Default()
	}
	if s.opts.Now == nil {
		s.opts.Now = time.Now
	}
	s.started = s.opts.Now()
	if s.opts.Elapsed == nil {
		began := time.Now()
		s.opts.Elapsed = func() time.Duration { return time.Since(began) }
	}
	if s.opts.NewID == nil {
		s.opts.NewID = (&idSource{now: s.opts.Now}).next
	}
	var err error
	if s.names, err = newNames(); err != nil {
		return nil, err
	}
	if err := store.Update(ctx, s.found); err != nil {
		return nil, fmt.Errorf("open the chat: %w", err)
	}
	if err := s.backfill(ctx); err != nil {
		return nil, fmt.Errorf("complete the search index: %w", err)
	}
	return s, nil
}

// Epoch names this history. It survives a restart and changes when a backup is restored, so that clients start over.
func (s *Service) Epoch() string { return s.epoch }

// Everyone is the id of the room that everybody belongs to.
func (s *Service) Everyone() ID { return s.everyone }

// The settings that the chat keeps.
const (
	settingEpoch    = "epoch"
	settingEveryone = "everyone"
)

// NewEpoch gives a history that was restored another name: what clients have seen after the backup is no part of it.
func NewEpoch(ctx context.Context, store Store) error {
	return store.Update(ctx, func(tx Tx) error { return tx.SetSetting(settingEpoch, randomHex(16)) })
}

// found makes what every database has, once: the epoch and the room Everyone.
func (s *Service) found(tx Tx) error {
	epoch, err := tx.Setting(settingEpoch)
	if errors.Is(err, ErrNotFound) {
		epoch = randomHex(16)
		err = tx.SetSetting(settingEpoch, epoch)
	}
	if err != nil {
		return err
	}
	s.epoch = epoch

	everyone, err := tx.Setting(settingEveryone)
	if errors.Is(err, ErrNotFound) {
		return s.foundEveryone(tx)
	}
	if err != nil {
		return err
	}
	id, ok := ParseID(everyone)
	if !ok {
		return fmt.Errorf("the setting %s is %q, not the id of a room", settingEveryone, everyone)
	}
	s.everyone = id
	return nil
}

func (s *Service) foundEveryone(tx Tx) error {
	room := NewRoom{Room: s.newRoom(KindEveryone, "Everyone"), NameKey: foldName("Everyone"), CreatedAt: s.now()}
	if err := tx.InsertRoom(room); err != nil {
		return err
	}
	s.everyone = room.ID
	return tx.SetSetting(settingEveryone, room.ID.String())
}

// newRoom is a room as it is at its first rev.
func (s *Service) newRoom(kind RoomKind, name string) Room {
	return Room{
		ID: s.opts.NewID(), Kind: kind, Name: name, PostPolicy: PostMembers,
		LastRev: 1, MetaRev: 1, MemberRev: 1,
	}
}

// now is the time as it is stored: UTC, in milliseconds.
func (s *Service) now() time.Time { return s.opts.Now().UTC().Truncate(time.Millisecond) }

// steady is the time by which sessions end: that of the wall clock at the start, and how long the process has run since. A
// wall clock that is set wrong while people are logged in does not log them all out.
func (s *Service) steady() time.Time {
	return s.started.Add(s.opts.Elapsed()).UTC().Truncate(time.Millisecond)
}

// publish hands an event over once the transaction is on disk.
func (s *Service) publish(tx Tx, e Event) {
	tx.AfterCommit(func() { s.pub.Publish(e) })
}

// actor is the user of a session that may act now. Error: Unauthorized.
func (s *Service) actor(tx Tx, by Session) (ShortUser, error) {
	actor, err := tx.Actor(by.ID)
	if errors.Is(err, ErrNotFound) {
		return ShortUser{}, errSessionOver()
	}
	if err != nil {
		return ShortUser{}, fmt.Errorf("load the acting session: %w", err)
	}
	if actor.ID != by.User || actor.Over || !actor.ExpiresAt.After(s.steady()) {
		return ShortUser{}, errSessionOver()
	}
	return actor.ShortUser, nil
}

// me is all that is known of the acting user.
func (s *Service) me(tx Tx, by Session) (User, error) {
	actor, err := s.actor(tx, by)
	if err != nil {
		return User{}, err
	}
	me, err := tx.User(actor.ID)
	if err != nil {
		return User{}, fmt.Errorf("load the acting user: %w", err)
	}
	return me, nil
}

func errSessionOver() *Error {
	return Errorf(Unauthorized, "Your session is over. Log in again.")
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
