package auth

import (
	"net/netip"
	"time"

	"parley/internal/chat"
)

// ThrottleOptions are the rates of logins. Those that succeed give their token
// back, so that only guesses count.
type ThrottleOptions struct {
	PerAddressAndName Rate // default 5 a minute, 10 at once
	PerAddress        Rate // default 60 a minute, 120 at once
	PerName           Rate // default 60 a minute, 120 at once, from all addresses together
	Keys              int  // how many keys each kind remembers, default 65,536
}

// Throttle slows guessing of passwords; it never locks an account. A device
// that shows a live session of the account is counted by itself: wrong guesses
// of others do not slow it.
type Throttle struct {
	pairs     *Buckets[addressAndName]
	addresses *Buckets[Address]
	names     *Buckets[string]
	devices   *Buckets[chat.ID]
}

type addressAndName struct {
	address Address
	name    string
}

// NewThrottle returns a Throttle; nil options are the defaults.
func NewThrottle(opts *ThrottleOptions) *Throttle {
	var o ThrottleOptions
	if opts != nil {
		o = *opts
	}
	if o.PerAddressAndName == (Rate{}) {
		o.PerAddressAndName = Rate{Every: 12 * time.Second, Burst: 10}
	}
	if o.PerAddress == (Rate{}) {
		o.PerAddress = Rate{Every: time.Second, Burst: 120}
	}
	if o.PerName == (Rate{}) {
		o.PerName = Rate{Every: time.Second, Burst: 120}
	}
	if o.Keys == 0 {
		o.Keys = 1 << 16
	}
	return &Throttle{
		pairs:     NewBuckets[addressAndName](o.PerAddressAndName, o.Keys),
		addresses: NewBuckets[Address](o.PerAddress, o.Keys),
		names:     NewBuckets[string](o.PerName, o.Keys),
		devices:   NewBuckets[chat.ID](o.PerAddressAndName, o.Keys),
	}
}

// Attempt asks for leave to try a password. name is the key under which the
// account is unique. device is the id of a live session of that very account
// that the caller has shown, or 0. The error has the code rate_limited and a
// time to wait. The caller calls giveBack if what followed was no guess.
func (t *Throttle) Attempt(from Address, name string, device chat.ID) (giveBack func(), err error) {
	if device != 0 {
		return take(t.devices, device)
	}
	pair := addressAndName{address: from, name: name}
	returnPair, err := take(t.pairs, pair)
	if err != nil {
		return nil, err
	}
	returnAddress, err := take(t.addresses, from)
	if err != nil {
		returnPair()
		return nil, err
	}
	returnName, err := take(t.names, name)
	if err != nil {
		returnPair()
		returnAddress()
		return nil, err
	}
	return func() { returnPair(); returnAddress(); returnName() }, nil
}

func take[K comparable](buckets *Buckets[K], key K) (giveBack func(), err error) {
	if retry := buckets.Take(key); retry > 0 {
		return nil, &chat.Error{
			Code:    chat.RateLimited,
			Message: "Too many attempts. Try again in a moment.",
			Retry:   retry,
		}
	}
	return func() { buckets.Return(key) }, nil
}

// Address is where a client is, as far as limits go: an IPv4 address, or the
// /64 network of an IPv6 address, since one client commands all of it.
type Address = netip.Prefix

// AddressOf reads the address of a request's RemoteAddr. What cannot be read
// shares one address.
func AddressOf(remoteAddr string) Address {
	addrPort, err := netip.ParseAddrPort(remoteAddr)
	if err != nil {
		return Address{}
	}
	addr := addrPort.Addr().Unmap().WithZone("")
	bits := 64
	if addr.Is4() {
		bits = 32
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return Address{}
	}
	return prefix
}
