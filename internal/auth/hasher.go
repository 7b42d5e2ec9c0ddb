package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/crypto/argon2"

	"parley/internal/chat"
)

// HasherOptions bound the work of hashing.
type HasherOptions struct {
	Parallel int    // hashes at the same time, default one per core
	Waiting  int    // callers that may wait for their turn, default 256
	Memory   uint32 // KiB per hash, default 47104 (46 MiB); tests take less
}

// Hasher hashes and verifies passwords with argon2id. A hash takes its memory
// and a core for some 50 ms, so few run at once, a bounded number of callers
// wait, and one more is refused with unavailable.
type Hasher struct {
	params params
	dummy  string        // what a login of an unknown name is compared with
	places chan struct{} // running and waiting
	turns  chan struct{} // running
}

// NewHasher returns a Hasher; nil options are the defaults.
func NewHasher(opts *HasherOptions) *Hasher {
	var o HasherOptions
	if opts != nil {
		o = *opts
	}
	if o.Parallel == 0 {
		o.Parallel = runtime.GOMAXPROCS(0)
	}
	if o.Waiting == 0 {
		o.Waiting = 256
	}
	if o.Memory == 0 {
		o.Memory = 46 * 1024
	}
	h := &Hasher{
		params: params{memory: o.Memory, time: 1, threads: 1},
		places: make(chan struct{}, o.Parallel+o.Waiting),
		turns:  make(chan struct{}, o.Parallel),
	}
	// Random bytes are a hash that no password has. To make one of a password would take its time and memory at every start.
	salt, sum := make([]byte, saltBytes), make([]byte, sumBytes)
	rand.Read(salt)
	rand.Read(sum)
	h.dummy = h.params.encode(salt, sum)
	return h
}

// Hash returns the PHC string of a password with a new salt. It waits for its
// turn; when too many wait already, it fails with the code unavailable.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	sum, err := h.sum(ctx, password, salt, h.params)
	if err != nil {
		return "", err
	}
	return h.params.encode(salt, sum), nil
}

// Verify reports whether a password belongs to a PHC string, and whether it
// should be hashed again because the parameters have changed since. An empty
// PHC string (no such account, or one without a password) takes as long as any
// other and is never right.
func (h *Hasher) Verify(ctx context.Context, phc, password string) (ok, rehash bool, err error) {
	known := phc != ""
	if !known {
		phc = h.dummy
	}
	p, salt, want, err := parsePHC(phc)
	if err != nil {
		return false, false, err
	}
	sum, err := h.sum(ctx, password, salt, p)
	if err != nil {
		return false, false, err
	}
	ok = subtle.ConstantTimeCompare(sum, want) == 1 && known
	return ok, ok && p != h.params, nil
}

func (h *Hasher) sum(ctx context.Context, password string, salt []byte, p params) ([]byte, error) {
	select {
	case h.places <- struct{}{}:
		defer func() { <-h.places }()
	default:
		return nil, &chat.Error{
			Code:    chat.Unavailable,
			Message: "Too many people are signing in at the moment. Try again shortly.",
			Retry:   2 * time.Second,
		}
	}
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a turn to hash: %w", ctx.Err())
	}
	return argon2.IDKey([]byte(password), salt, p.time, p.memory, p.threads, sumBytes), nil
}
