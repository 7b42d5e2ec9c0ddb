package auth_test

import (
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

var here = auth.AddressOf("192.0.2.1:4000")

// guess asks for leave to try and then guesses wrongly.
func guess(t *auth.Throttle, from auth.Address, name string, device chat.ID) error {
	_, err := t.Attempt(from, name, device)
	return err
}

func TestThrottle_TenGuessesAtOnceThenFiveAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		throttle := auth.NewThrottle(nil)
		for range 10 {
			if err := guess(throttle, here, "ann", 0); err != nil {
				t.Fatal(err)
			}
		}
		err := guess(throttle, here, "ann", 0)
		if chat.CodeOf(err) != chat.RateLimited {
			t.Fatalf("the eleventh guess: %v", err)
		}
		if retry := err.(*chat.Error).Retry; retry != 12*time.Second {
			t.Errorf("retry %v, want 12s", retry)
		}
		if err := guess(throttle, here, "bob", 0); err != nil {
			t.Errorf("another name: %v", err)
		}
		if err := guess(throttle, auth.AddressOf("192.0.2.2:1"), "ann", 0); err != nil {
			t.Errorf("another address: %v", err)
		}
		time.Sleep(12 * time.Second)
		if err := guess(throttle, here, "ann", 0); err != nil {
			t.Errorf("12 s later: %v", err)
		}
	})
}

func TestThrottle_TheRightPasswordCostsNothing(t *testing.T) {
	throttle := auth.NewThrottle(nil)
	for range 1000 {
		giveBack, err := throttle.Attempt(here, "ann", 0)
		if err != nil {
			t.Fatal(err)
		}
		giveBack()
	}
}

func TestThrottle_OneAddressCannotTryAllNames(t *testing.T) {
	throttle := auth.NewThrottle(nil)
	for i := range 120 {
		if err := guess(throttle, here, fmt.Sprint("name", i), 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := guess(throttle, here, "another", 0); chat.CodeOf(err) != chat.RateLimited {
		t.Errorf("got %v", err)
	}
}

func TestThrottle_ManyAddressesSlowOneNameButNotItsDevices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		throttle := auth.NewThrottle(nil)
		for i := range 120 {
			from := auth.AddressOf(fmt.Sprintf("198.51.100.%d:1", i))
			if err := guess(throttle, from, "ann", 0); err != nil {
				t.Fatal(err)
			}
		}
		if err := guess(throttle, here, "ann", 0); chat.CodeOf(err) != chat.RateLimited {
			t.Errorf("a new device: %v", err)
		}
		if err := guess(throttle, here, "ann", 77); err != nil {
			t.Errorf("a device with a live session: %v", err)
		}
		time.Sleep(time.Second)
		if err := guess(throttle, here, "ann", 0); err != nil {
			t.Errorf("slowed, not locked: %v", err)
		}
	})
}

func TestThrottle_ARefusedAttemptTakesNothingElsewhere(t *testing.T) {
	throttle := auth.NewThrottle(&auth.ThrottleOptions{PerAddress: auth.Rate{Every: time.Hour, Burst: 11}})
	for range 30 {
		_ = guess(throttle, here, "ann", 0) // ten are let through
	}
	if err := guess(throttle, here, "bob", 0); err != nil {
		t.Errorf("the refused attempts were counted for the address: %v", err)
	}
}

func TestAddressOf_CountsAnIPv6NetworkAsOne(t *testing.T) {
	tests := map[string]string{
		"192.0.2.1:80":             "192.0.2.1/32",
		"[::ffff:192.0.2.1]:80":    "192.0.2.1/32",
		"[2001:db8:1:2:3::4]:80":   "2001:db8:1:2::/64",
		"[2001:db8:1:2:ffff::]:80": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:80":        "fe80::/64",
	}
	for remote, want := range tests {
		if got := auth.AddressOf(remote); got != netip.MustParsePrefix(want) {
			t.Errorf("%s: got %v, want %s", remote, got, want)
		}
	}
	if got := auth.AddressOf("@"); got != (auth.Address{}) {
		t.Errorf("unreadable: got %v", got)
	}
}
