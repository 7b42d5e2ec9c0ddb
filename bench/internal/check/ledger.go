package check

import (
	"errors"
	"fmt"
)

// What can be wrong with a delivery. Each is wrapped with who got what.
var (
	ErrLost      = errors.New("lost")
	ErrDoubled   = errors.New("doubled")
	ErrReordered = errors.New("reordered")
	ErrMisrouted = errors.New("not for this recipient")
)

// Audience says who must get whose messages: the recipients stand in groups of Group, and the first Senders of each
// group write to their group.
type Audience struct {
	Recipients int
	Group      int  // size of a group; Recipients for one group of everybody
	Senders    int  // senders per group
	Echo       bool // whether a sender gets its own messages too
}

// unknown stands for a recipient that may start with any number.
const unknown = ^uint32(0)

// Ledger keeps, per recipient and sender, which message comes next. It is not safe for use by several goroutines.
type Ledger struct {
	audience Audience
	next     []uint32 // of recipient r from sender s: next[r*Senders+s]
	sent     []uint32 // of sender s of group g: sent[g*Senders+s]
	owed     int64    // deliveries outstanding
}

// NewLedger starts with nothing sent.
func NewLedger(a Audience) *Ledger {
	groups := a.Recipients / a.Group
	return &Ledger{audience: a, next: make([]uint32, a.Recipients*a.Senders), sent: make([]uint32, groups*a.Senders)}
}

// Senders is how many recipients also send.
func (l *Ledger) Senders() int { return len(l.sent) }

// Sender is the recipient who is the i-th sender.
func (l *Ledger) Sender(i int) int {
	return i/l.audience.Senders*l.audience.Group + i%l.audience.Senders
}

// Send notes that a sender writes its next message, and returns the number of it.
func (l *Ledger) Send(sender int) uint32 {
	slot := l.slot(sender)
	seq := l.sent[slot]
	l.sent[slot]++
	l.owed += int64(l.audience.Group)
	if !l.audience.Echo {
		l.owed--
	}
	return seq
}

// Deliver notes that a recipient got message seq of sender, and says what is wrong with that.
func (l *Ledger) Deliver(recipient, sender int, seq uint32) error {
	a := &l.audience
	member := sender % a.Group
	if sender/a.Group != recipient/a.Group || member >= a.Senders || (sender == recipient && !a.Echo) {
		return fmt.Errorf("recipient %d got message %d of %d: %w", recipient, seq, sender, ErrMisrouted)
	}
	if seq >= l.sent[l.slot(sender)] {
		return fmt.Errorf("recipient %d got message %d of %d, which was never sent: %w", recipient, seq, sender, ErrMisrouted)
	}
	next := &l.next[recipient*a.Senders+member]
	if seq == *next {
		*next++
		l.owed--
		return nil
	}
	return fmt.Errorf("recipient %d got message %d of %d, expected %d: %w", recipient, seq, sender, *next, fault(seq, *next))
}

// fault guesses from one glance: a number that is too low was seen before, one that is too high overtook another
// (or the other is lost: nobody can tell at this moment).
func fault(seq, next uint32) error {
	if seq < next {
		return ErrDoubled
	}
	return ErrReordered
}

// Owed is how many deliveries are outstanding.
func (l *Ledger) Owed() int64 { return l.owed }

// Settle says who has not got everything that was sent. It is called when no more will come.
func (l *Ledger) Settle() error {
	a := &l.audience
	for i, next := range l.next {
		recipient, member := i/a.Senders, i%a.Senders
		sender := recipient/a.Group*a.Group + member
		if sender == recipient && !a.Echo {
			continue
		}
		if want := l.sent[l.slot(sender)]; next != want {
			return fmt.Errorf("recipient %d has %d of %d messages of %d: %w", recipient, next, want, sender, ErrLost)
		}
	}
	return nil
}

func (l *Ledger) slot(sender int) int {
	return sender/l.audience.Group*l.audience.Senders + sender%l.audience.Group
}

// Visitor follows one sender's messages at a recipient who comes late and leaves early: it may start anywhere, and
// from there nothing may be missing, doubled or out of order.
type Visitor struct{ next uint32 }

// NewVisitor has not seen anything yet.
func NewVisitor() Visitor { return Visitor{next: unknown} }

// Deliver notes that the visitor got message seq.
func (v *Visitor) Deliver(seq uint32) error {
	if v.next != unknown && seq != v.next {
		return fmt.Errorf("a visitor got message %d, expected %d: %w", seq, v.next, fault(seq, v.next))
	}
	v.next = seq + 1
	return nil
}
