package storetest

import (
	"context"
	"strings"
	"sync"
	"testing"

	"parley/internal/chat"
)

// Hasher is a chat.Hasher that costs nothing and keeps nothing secret.
type Hasher struct {
	mu     sync.Mutex // guards dummy
	dummy  int
	Rehash bool // what Verify says of every right password
}

// Hash implements chat.Hasher.
func (h *Hasher) Hash(_ context.Context, password string) (string, error) {
	return "plain:" + password, nil
}

// Verify implements chat.Hasher.
func (h *Hasher) Verify(_ context.Context, phc, password string) (ok, rehash bool, err error) {
	if phc == "" {
		h.mu.Lock()
		h.dummy++
		h.mu.Unlock()
		return false, false, nil
	}
	return strings.TrimPrefix(phc, "plain:") == password, h.Rehash, nil
}

// Dummies is how often Verify was asked about an account that does not exist.
func (h *Hasher) Dummies() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.dummy
}

// Recorder is a chat.Publisher that keeps what it is told.
type Recorder struct {
	mu     sync.Mutex // guards events
	events []chat.Event
}

// Publish implements chat.Publisher.
func (r *Recorder) Publish(e chat.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// Events is what was told so far.
func (r *Recorder) Events() []chat.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]chat.Event(nil), r.events...)
}

// Password is one that every rule accepts.
const Password = "correct horse battery"

// NewService is a chat on a store, with free registration.
func NewService(tb testing.TB, store chat.Store, pub chat.Publisher) *chat.Service {
	tb.Helper()
	service, err := chat.New(tb.Context(), store, pub, &chat.Options{Hasher: &Hasher{}})
	if err != nil {
		tb.Fatal(err)
	}
	return service
}

// Login is the session of a user, who is registered if nobody has the name.
func Login(tb testing.TB, service *chat.Service, name string) chat.Session {
	tb.Helper()
	result, err := service.Login(tb.Context(), chat.LoginInput{Name: name, Password: Password})
	if err != nil {
		tb.Fatalf("log in as %s: %v", name, err)
	}
	return result.Session
}
