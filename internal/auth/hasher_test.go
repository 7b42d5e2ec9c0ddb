package auth_test

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"testing"

	"parley/internal/auth"
	"parley/internal/chat"
)

const cheap = 64 // KiB

func TestHasher_ByDefaultCostsWhatTheGuaranteesSay(t *testing.T) {
	h := auth.NewHasher(nil)
	phc, err := h.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=47104,t=1,p=1$") {
		t.Errorf("got %s", phc)
	}
}

func TestHasher_KnowsTheRightPasswordOnly(t *testing.T) {
	h := auth.NewHasher(&auth.HasherOptions{Memory: cheap})
	phc, err := h.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		phc, password string
		want          bool
	}{
		{phc, "correct horse", true},
		{phc, "Correct horse", false},
		{phc, "", false},
		{"", "correct horse", false},
		{"", "", false},
	}
	for _, test := range tests {
		ok, rehash, err := h.Verify(t.Context(), test.phc, test.password)
		if err != nil || ok != test.want || rehash {
			t.Errorf("%q: ok %v, rehash %v, error %v", test.password, ok, rehash, err)
		}
	}
}

func TestHasher_TheSamePasswordTwiceLooksDifferent(t *testing.T) {
	h := auth.NewHasher(&auth.HasherOptions{Memory: cheap})
	first, _ := h.Hash(t.Context(), "correct horse")
	second, _ := h.Hash(t.Context(), "correct horse")
	if first == second || first == "" {
		t.Errorf("%s and %s", first, second)
	}
}

func TestHasher_AsksForANewHashWhenTheCostHasChanged(t *testing.T) {
	old := auth.NewHasher(&auth.HasherOptions{Memory: cheap})
	phc, err := old.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	now := auth.NewHasher(&auth.HasherOptions{Memory: 2 * cheap})
	if ok, rehash, err := now.Verify(t.Context(), phc, "correct horse"); !ok || !rehash || err != nil {
		t.Errorf("ok %v, rehash %v, error %v", ok, rehash, err)
	}
	if ok, rehash, err := now.Verify(t.Context(), phc, "wrong"); ok || rehash || err != nil {
		t.Errorf("wrong password: ok %v, rehash %v, error %v", ok, rehash, err)
	}
}

// The string is one that the reference implementation printed, so that hashes
// stay readable by others and theirs by us.
func TestHasher_ReadsHashesOfOthers(t *testing.T) {
	h := auth.NewHasher(&auth.HasherOptions{Memory: cheap})
	const phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, rehash, err := h.Verify(t.Context(), phc, "password"); !ok || !rehash || err != nil {
		t.Errorf("ok %v, rehash %v, error %v", ok, rehash, err)
	}
}

func TestHasher_RefusesADamagedHash(t *testing.T) {
	h := auth.NewHasher(&auth.HasherOptions{Memory: cheap})
	for _, phc := range []string{
		"plain text",
		"$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=99999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$short",
		"$argon2id$v=19$m=64,t=1,p=1$%%%$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
	} {
		if ok, _, err := h.Verify(t.Context(), phc, "password"); ok || err == nil {
			t.Errorf("%s: ok %v, error %v", phc, ok, err)
		}
	}
}

func TestHasher_RefusesOneMoreThanMayWait(t *testing.T) {
	h := auth.NewHasher(&auth.HasherOptions{Memory: 16 * 1024, Parallel: 1, Waiting: 1})
	const callers = 20
	var refused, done int
	var mu sync.Mutex // guards the counts
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			_, err := h.Hash(context.Background(), "correct horse")
			mu.Lock()
			defer mu.Unlock()
			switch chat.CodeOf(err) {
			case chat.Unavailable:
				refused++
			case "":
				done++
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if refused == 0 || done == 0 || refused+done != callers {
		t.Errorf("%d refused, %d done", refused, done)
	}
}

func TestHasher_ACallerWhoGivesUpFreesThePlace(t *testing.T) {
	h := auth.NewHasher(&auth.HasherOptions{Memory: cheap, Parallel: 1, Waiting: 1})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 10 {
		_, _ = h.Hash(ctx, "correct horse") // each may be refused or done, none may keep its place
	}
	if _, err := h.Hash(t.Context(), "correct horse"); err != nil {
		t.Error(err)
	}
}

// A start used to spend 100 ms and 46 MiB on a hash of no password.
func TestNewHasher_HashesNothingAtTheStart(t *testing.T) {
	const little = 1 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	auth.NewHasher(nil)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > little {
		t.Errorf("making a Hasher took %d bytes", used)
	}
}
