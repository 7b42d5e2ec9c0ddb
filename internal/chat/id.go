package chat

import (
	"crypto/rand"
	"encoding/binary"
	"strconv"
	"sync"
	"time"
)

// ID names a user, room, message or session: 63 bits, time-ordered, never zero. On the wire it is a decimal string.
type ID int64

// String is the decimal form.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseID reads the decimal form of an ID. It reports false for anything that String does not print.
func ParseID(s string) (ID, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != s {
		return 0, false
	}
	return ID(n), true
}

// idEpoch is the zero of the time part: 2025-01-01T00:00:00Z in Unix milliseconds.
const idEpoch = 1735689600000

// idRandomBits is how many low bits of an ID are random; the 42 bits above count milliseconds and last 139 years.
const idRandomBits = 21

// idSource makes IDs that rise within a process, also when the clock goes back, and differ between processes.
type idSource struct {
	now func() time.Time

	mu   sync.Mutex // guards last
	last ID
}

func (g *idSource) next() ID {
	var b [4]byte
	rand.Read(b[:]) // never fails
	low := ID(binary.LittleEndian.Uint32(b[:]) >> (32 - idRandomBits))
	id := ID(g.now().UnixMilli()-idEpoch)<<idRandomBits | low

	g.mu.Lock()
	defer g.mu.Unlock()
	if id <= g.last {
		id = g.last + 1
	}
	g.last = id
	return id
}
