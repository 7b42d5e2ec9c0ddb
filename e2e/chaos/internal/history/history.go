// Package history records what clients of the chat asked for, were answered and showed, and judges from that alone
// whether the chat kept its promises. Nothing in it comes from the server's own accounts.
//
// The method is Jepsen's: many clients note everything in one order while faults are made; when all is quiet again a
// fresh client reads what is kept; a checker that knows only the promises looks for a contradiction.
package history

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"
)

// Kind says what an Event is.
type Kind string

// The kinds of events. Who is the name of a client, and of the author where a message is told of.
const (
	Sent     Kind = "sent"      // Who asks for a message to be stored, also again
	Acked    Kind = "acked"     // Who is told that the message is stored at Seq
	Refused  Kind = "refused"   // Who is told that the message is not stored
	Unknown  Kind = "unknown"   // Who has given up waiting for an answer
	Shown    Kind = "shown"     // Who has drawn the message, after what a client does against repetition
	CaughtUp Kind = "caught-up" // Who claims to have shown all of Room from Seq on
	Revoked  Kind = "revoked"   // it is acknowledged that Who is not in Room any more; without Room, in none
	Kept     Kind = "kept"      // a fresh client reads this message of Who's at Seq, in the order of its pages
	Read     Kind = "read"      // the fresh client has read all of Room
)

// Event is one thing that a client did or saw.
type Event struct {
	At   time.Duration `json:"at"` // since the recording began; for people, the order of events is what counts
	Kind Kind          `json:"kind"`
	Who  string        `json:"who"`
	Room string        `json:"room,omitempty"`
	CID  string        `json:"cid,omitempty"`
	Seq  int64         `json:"seq,omitempty"`
	Text string        `json:"text,omitempty"` // Digest of the body
}

// Digest stands for a body.
func Digest(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:8])
}

// Recorder puts the events of many clients in one order: an event that was added before another began to be added
// comes before it. Its zero value is ready.
type Recorder struct {
	mu     sync.Mutex // guards the fields below
	began  time.Time
	events []Event
}

// Add notes an event now.
func (r *Recorder) Add(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.began.IsZero() {
		r.began = time.Now()
	}
	e.At = time.Since(r.began)
	r.events = append(r.events, e)
}

// Events are those noted so far.
func (r *Recorder) Events() []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.events[:len(r.events):len(r.events)]
}

// Count is how many events of a kind were noted.
func (r *Recorder) Count(kind Kind) int {
	n := 0
	for _, e := range r.Events() {
		if e.Kind == kind {
			n++
		}
	}
	return n
}
