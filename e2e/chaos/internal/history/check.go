package history

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Rule is a promise that can be broken.
type Rule string

// The rules.
const (
	Lost             Rule = "lost"                   // acknowledged, and not kept
	Duplicated       Rule = "duplicated"             // kept twice
	Gapped           Rule = "gapped"                 // the seqs of a room are not 1, 2, 3, …
	Phantom          Rule = "phantom"                // kept, and sent by nobody
	Altered          Rule = "altered"                // kept or shown with another body or author than was sent
	Moved            Rule = "moved"                  // acknowledged at one place and kept at another
	Reordered        Rule = "reordered"              // sent after another was acknowledged, and kept or shown before it
	ShownTwice       Rule = "shown-twice"            // to one client
	ShownButAbsent   Rule = "shown-but-absent"       // shown, and not kept there
	Missed           Rule = "missed"                 // kept, and not shown by a client that claims to be caught up
	RefusedButStored Rule = "refused-but-stored"     // refused each time it was sent, and kept
	SentAfter        Rule = "sent-after-revocation"  // kept, though its author was out when they first sent it
	ShownAfter       Rule = "shown-after-revocation" // sent after somebody was out, and shown to them
	Unread           Rule = "unread"                 // nobody has read at the end what is kept: the run proves nothing
)

// Violation is one contradiction between a history and a rule.
type Violation struct {
	Rule Rule
	Room string
	What string // for people
}

func (v Violation) String() string { return fmt.Sprintf("%s: room %s: %s", v.Rule, v.Room, v.What) }

// Rules are the rules that violations break, each once, sorted.
func Rules(violations []Violation) []Rule {
	broken := map[Rule]bool{}
	for _, v := range violations {
		broken[v.Rule] = true
	}
	return slices.Sorted(maps.Keys(broken))
}

// Check returns every violation; none means that the promises were kept in this history. It takes O(n log n).
func Check(events []Event) []Violation {
	c := &checker{rooms: map[string]*room{}, out: map[string]int{}}
	for at, e := range events {
		c.take(at, e)
	}
	for _, name := range slices.Sorted(maps.Keys(c.rooms)) {
		c.room, c.name = c.rooms[name], name
		c.checkRoom()
	}
	return c.found
}

// checker goes through a history. Times are positions in it.
type checker struct {
	rooms map[string]*room
	out   map[string]int // since when somebody is out of all rooms
	found []Violation

	room *room // that is being checked
	name string
}

// room is what happened in one room.
type room struct {
	sends  map[string]*send // by cid
	kept   []Event
	read   bool
	screen map[string][]shown // by client
	claims map[string]int64   // who is caught up, from which seq on
	out    map[string]int     // since when somebody is out
}

// send is what became of one message.
type send struct {
	cid      string
	who      string
	text     string
	first    int // when it was first sent
	attempts int
	refusals int
	acked    int     // when, -1 if never
	seqs     []int64 // that answers named
}

type shown struct {
	at int
	Event
}

func (c *checker) take(at int, e Event) {
	if e.Kind == Revoked && e.Room == "" {
		c.out[e.Who] = at
		return
	}
	r := c.rooms[e.Room]
	if r == nil {
		r = &room{sends: map[string]*send{}, screen: map[string][]shown{}, claims: map[string]int64{}, out: map[string]int{}}
		c.rooms[e.Room] = r
	}
	switch e.Kind {
	case Sent, Acked, Refused, Unknown:
		r.takeSend(at, e)
	case Shown:
		r.screen[e.Who] = append(r.screen[e.Who], shown{at, e})
	case CaughtUp:
		r.claims[e.Who] = e.Seq
	case Revoked:
		r.out[e.Who] = at
	case Kept:
		r.kept = append(r.kept, e)
	case Read:
		r.read = true
	}
}

func (r *room) takeSend(at int, e Event) {
	s := r.sends[e.CID]
	if s == nil {
		s = &send{cid: e.CID, who: e.Who, text: e.Text, first: at, acked: -1}
		r.sends[e.CID] = s
	}
	switch e.Kind {
	case Sent:
		s.attempts++
	case Refused:
		s.refusals++
	case Acked:
		s.seqs = append(s.seqs, e.Seq)
		if s.acked < 0 {
			s.acked = at
		}
	}
}

// refused reports whether every attempt had a definite no.
func (s *send) refused() bool { return s.acked < 0 && s.refusals == s.attempts }

func (c *checker) report(rule Rule, format string, args ...any) {
	c.found = append(c.found, Violation{Rule: rule, Room: c.name, What: fmt.Sprintf(format, args...)})
}

func (c *checker) checkRoom() {
	if !c.room.read {
		c.report(Unread, "no client read it at the end")
		return
	}
	c.checkKept()
	c.checkAnswers()
	c.checkOrder()
	c.checkScreens()
}

// checkKept judges each message that is kept.
func (c *checker) checkKept() {
	places := map[string]int64{}
	last := int64(0)
	for _, e := range c.room.kept {
		if e.Seq != last+1 {
			c.report(Gapped, "after seq %d comes %d", last, e.Seq)
		}
		last = e.Seq
		if first, again := places[e.CID]; again {
			c.report(Duplicated, "%s is at %d and at %d", e.CID, first, e.Seq)
			continue
		}
		places[e.CID] = e.Seq
		s := c.room.sends[e.CID]
		if s == nil {
			c.report(Phantom, "%s at %d was sent by nobody", e.CID, e.Seq)
			continue
		}
		if s.text != e.Text || s.who != e.Who {
			c.report(Altered, "%s at %d, sent by %s as %s, is %s's and is %s", e.CID, e.Seq, s.who, s.text, e.Who, e.Text)
		}
		if s.refused() {
			c.report(RefusedButStored, "%s at %d", e.CID, e.Seq)
		}
		if c.isOut(e.Who, s.first) {
			c.report(SentAfter, "%s at %d by %s", e.CID, e.Seq, e.Who)
		}
	}
}

// isOut reports whether somebody had left the room, or everything, before a time.
func (c *checker) isOut(who string, at int) bool {
	if since, out := c.out[who]; out && since < at {
		return true
	}
	since, out := c.room.out[who]
	return out && since < at
}

// checkAnswers judges each acknowledgement.
func (c *checker) checkAnswers() {
	places := map[string][]int64{}
	for _, e := range c.room.kept {
		places[e.CID] = append(places[e.CID], e.Seq)
	}
	for _, s := range c.bySend(func(s *send) int64 { return int64(s.first) }) {
		for _, seq := range s.seqs {
			switch kept := places[s.cid]; {
			case len(kept) == 0:
				c.report(Lost, "%s was acknowledged at %d", s.cid, seq)
			case !slices.Contains(kept, seq):
				c.report(Moved, "%s was acknowledged at %d and is at %d", s.cid, seq, kept[0])
			}
		}
	}
}

func (c *checker) bySend(key func(*send) int64) []*send {
	return slices.SortedFunc(maps.Values(c.room.sends), func(a, b *send) int {
		return cmp.Or(cmp.Compare(key(a), key(b)), strings.Compare(a.cid, b.cid))
	})
}

// checkOrder: what was acknowledged before another was first sent is kept before it.
func (c *checker) checkOrder() {
	place := map[string]int64{}
	for _, e := range slices.Backward(c.room.kept) {
		place[e.CID] = e.Seq // the first of a duplicate
	}
	var acked []*send
	for _, s := range c.bySend(func(s *send) int64 { return int64(s.acked) }) {
		if _, kept := place[s.cid]; kept && s.acked >= 0 {
			acked = append(acked, s)
		}
	}
	next, highest, of := 0, int64(0), ""
	for _, s := range c.bySend(func(s *send) int64 { return int64(s.first) }) {
		for ; next < len(acked) && acked[next].acked < s.first; next++ {
			if seq := place[acked[next].cid]; seq > highest {
				highest, of = seq, acked[next].cid
			}
		}
		if seq, kept := place[s.cid]; kept && seq < highest {
			c.report(Reordered, "%s is at %d, and was sent after %s at %d was acknowledged", s.cid, seq, of, highest)
		}
	}
}

// checkScreens judges what each client showed.
func (c *checker) checkScreens() {
	kept := map[int64]Event{}
	for _, e := range c.room.kept {
		kept[e.Seq] = e
	}
	for _, who := range slices.Sorted(maps.Keys(c.room.screen)) {
		c.checkScreen(who, kept)
	}
	for _, who := range slices.Sorted(maps.Keys(c.room.claims)) {
		seen := map[int64]bool{}
		for _, e := range c.room.screen[who] {
			seen[e.Seq] = true
		}
		for _, e := range c.room.kept {
			if e.Seq >= c.room.claims[who] && !seen[e.Seq] {
				c.report(Missed, "%s never showed %s at %d", who, e.CID, e.Seq)
			}
		}
	}
}

func (c *checker) checkScreen(who string, kept map[int64]Event) {
	seqs, cids, last := map[int64]bool{}, map[string]bool{}, int64(0)
	for _, e := range c.room.screen[who] {
		there, ok := kept[e.Seq]
		keptTwice := ok && there.CID == e.CID && !seqs[e.Seq] // which is Duplicated, and shown truly
		if (seqs[e.Seq] || cids[e.CID]) && !keptTwice {
			c.report(ShownTwice, "%s showed %s at %d again", who, e.CID, e.Seq)
			continue
		}
		seqs[e.Seq], cids[e.CID] = true, true
		if e.Seq < last {
			c.report(Reordered, "%s showed %s at %d after %d", who, e.CID, e.Seq, last)
		}
		last = max(last, e.Seq)
		switch {
		case !ok || there.CID != e.CID:
			c.report(ShownButAbsent, "%s showed %s at %d", who, e.CID, e.Seq)
		case there.Text != e.Text:
			c.report(Altered, "%s showed %s at %d as %s, kept is %s", who, e.CID, e.Seq, e.Text, there.Text)
		}
		if s := c.room.sends[e.CID]; s != nil && c.isOut(who, s.first) {
			c.report(ShownAfter, "%s at %d was sent after %s was out, who showed it", e.CID, e.Seq, who)
		}
	}
}
