package history

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// quiet is a history without a fault: ann and bob send in turn, overlapping, cy watches, and all is read at the end.
func quiet() []Event {
	var events, ends []Event
	for i := 1; i <= 20; i++ {
		who, cid, text := []string{"ann", "bob"}[i%2], fmt.Sprint("m", i), fmt.Sprint("text ", i)
		events = append(events, Event{Kind: Sent, Who: who, Room: "r", CID: cid, Text: text})
		events = append(events, ends...)
		ends = []Event{
			{Kind: Acked, Who: who, Room: "r", CID: cid, Seq: int64(i)},
			{Kind: Shown, Who: "cy", Room: "r", CID: cid, Seq: int64(i), Text: text},
		}
	}
	events = append(events, ends...)
	for i := 1; i <= 20; i++ {
		who := []string{"ann", "bob"}[i%2]
		events = append(events, Event{Kind: Kept, Who: who, Room: "r", CID: fmt.Sprint("m", i), Seq: int64(i), Text: fmt.Sprint("text ", i)})
	}
	return append(events, Event{Kind: Read, Who: "fresh", Room: "r"}, Event{Kind: CaughtUp, Who: "cy", Room: "r", Seq: 1})
}

// at finds an event.
func at(events []Event, kind Kind, cid string) int {
	return slices.IndexFunc(events, func(e Event) bool { return e.Kind == kind && e.CID == cid })
}

// without is a history less one event.
func without(events []Event, kind Kind, cid string) []Event {
	i := at(events, kind, cid)
	return slices.Delete(events, i, i+1)
}

func TestCheck_AQuietHistoryBreaksNoRule(t *testing.T) {
	if found := Check(quiet()); len(found) > 0 {
		t.Error(found)
	}
}

func TestCheck_EveryRuleIsFoundAndNoOther(t *testing.T) {
	tests := map[string]struct {
		rule  Rule
		fault func(h []Event) []Event
	}{
		"an acknowledged message is not kept": {Lost, func(h []Event) []Event {
			return without(without(h, Kept, "m20"), Shown, "m20")
		}},
		"a message is kept twice": {Duplicated, func(h []Event) []Event {
			again := h[at(h, Kept, "m3")]
			again.Seq = 21
			return append(slices.Insert(h, at(h, Kept, "m20")+1, again), Event{Kind: CaughtUp, Who: "cy", Room: "r", Seq: 22})
		}},
		"a retry is answered with a second place": {Duplicated, func(h []Event) []Event {
			again := h[at(h, Kept, "m3")]
			again.Seq = 21
			h = append(slices.Insert(h, at(h, Kept, "m20")+1, again), Event{Kind: CaughtUp, Who: "cy", Room: "r", Seq: 22})
			return append(h, Event{Kind: Acked, Who: again.Who, Room: "r", CID: "m3", Seq: 21})
		}},
		"a seq is left out": {Gapped, func(h []Event) []Event {
			h[at(h, Kept, "m20")].Seq, h[at(h, Acked, "m20")].Seq, h[at(h, Shown, "m20")].Seq = 21, 21, 21
			return h
		}},
		"a message is kept that nobody sent": {Phantom, func(h []Event) []Event {
			ghost := Event{Kind: Kept, Who: "ann", Room: "r", CID: "boo", Seq: 21, Text: "boo"}
			h = slices.Insert(h, at(h, Kept, "m20")+1, ghost)
			ghost.Kind, ghost.Who = Shown, "cy"
			return append(h, ghost)
		}},
		"a body is kept as another": {Altered, func(h []Event) []Event {
			h[at(h, Kept, "m7")].Text = "something else"
			return h
		}},
		"a body is shown as another": {Altered, func(h []Event) []Event {
			h[at(h, Shown, "m7")].Text = "something else"
			return h
		}},
		"a message is kept as somebody else's": {Altered, func(h []Event) []Event {
			h[at(h, Kept, "m7")].Who = "cy"
			return h
		}},
		"an answer names a place where the message is not": {Moved, func(h []Event) []Event {
			h[at(h, Acked, "m7")].Seq = 8
			return h
		}},
		"a later message is kept before one that was acknowledged": {Reordered, func(h []Event) []Event {
			sent, acked := h[at(h, Sent, "m2")], h[at(h, Acked, "m2")]
			h = without(without(h, Sent, "m2"), Acked, "m2")
			return slices.Insert(h, at(h, Acked, "m3")+1, sent, acked)
		}},
		"a client shows a later message first": {Reordered, func(h []Event) []Event {
			i, j := at(h, Shown, "m5"), at(h, Shown, "m6")
			h[i], h[j] = h[j], h[i]
			return h
		}},
		"a client shows a message again": {ShownTwice, func(h []Event) []Event {
			return append(h, h[at(h, Shown, "m5")])
		}},
		"a client shows what is not kept": {ShownButAbsent, func(h []Event) []Event {
			return append(h, Event{Kind: Shown, Who: "cy", Room: "r", CID: "m21", Seq: 21, Text: "text 21"})
		}},
		"a client that claims to be caught up is not": {Missed, func(h []Event) []Event {
			return without(h, Shown, "m5")
		}},
		"a message is kept that was refused": {RefusedButStored, func(h []Event) []Event {
			h[at(h, Acked, "m5")].Kind = Refused
			return h
		}},
		"somebody who was removed goes on sending": {SentAfter, func(h []Event) []Event {
			return slices.Insert(h, at(h, Sent, "m19"), Event{Kind: Revoked, Who: "bob", Room: "r"})
		}},
		"somebody whose session is over goes on sending": {SentAfter, func(h []Event) []Event {
			return slices.Insert(h, at(h, Sent, "m19"), Event{Kind: Revoked, Who: "bob"})
		}},
		"somebody who was removed goes on reading": {ShownAfter, func(h []Event) []Event {
			return slices.Insert(h, at(h, Sent, "m19"), Event{Kind: Revoked, Who: "cy", Room: "r"})
		}},
		"nobody reads at the end": {Unread, func(h []Event) []Event {
			return without(h, Read, "")
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			found := Check(test.fault(quiet()))
			if rules := Rules(found); len(rules) != 1 || rules[0] != test.rule {
				t.Errorf("want %s only, found %v", test.rule, found)
			}
		})
	}
}

func TestCheck_WhatIsAllowedIsNotReported(t *testing.T) {
	tests := map[string]func(h []Event) []Event{
		"an answer was lost and the retry answers the first place": func(h []Event) []Event {
			i := at(h, Acked, "m5")
			again, sent := h[i], h[at(h, Sent, "m5")]
			h[i].Kind = Unknown
			return append(h, sent, again)
		},
		"an unknown message is kept": func(h []Event) []Event {
			h[at(h, Acked, "m5")].Kind = Unknown
			return h
		},
		"an unknown message is not kept": func(h []Event) []Event {
			return append(h, Event{Kind: Sent, Who: "ann", Room: "r", CID: "x"}, Event{Kind: Unknown, Who: "ann", Room: "r", CID: "x"})
		},
		"a refused message is not kept": func(h []Event) []Event {
			return append(h, Event{Kind: Sent, Who: "ann", Room: "r", CID: "x"}, Event{Kind: Refused, Who: "ann", Room: "r", CID: "x"})
		},
		"a retry is refused after an attempt that may have been kept": func(h []Event) []Event {
			i := at(h, Acked, "m5")
			sent := h[at(h, Sent, "m5")]
			h[i].Kind = Unknown
			return append(h, sent, Event{Kind: Refused, Who: sent.Who, Room: "r", CID: "m5"})
		},
		"somebody is removed whose message was under way": func(h []Event) []Event {
			return slices.Insert(h, at(h, Sent, "m20")+1, Event{Kind: Revoked, Who: "ann", Room: "r"})
		},
		"a client that claims nothing has missed something": func(h []Event) []Event {
			return without(without(h, Shown, "m5"), CaughtUp, "")
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			if found := Check(change(quiet())); len(found) > 0 {
				t.Error(found)
			}
		})
	}
}

func TestLines_TellOperationsAndTheEnd(t *testing.T) {
	events := append(quiet(),
		Event{Kind: Sent, Who: "ann", Room: "r", CID: "no"}, Event{Kind: Refused, Who: "ann", Room: "r", CID: "no"},
		Event{Kind: Revoked, Who: "bob"})
	var out bytes.Buffer
	if err := Lines(&out, events); err != nil {
		t.Fatal(err)
	}
	phases := map[string]int{}
	for text := range strings.Lines(out.String()) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err)
		}
		phases[l.K+" "+l.Ph]++
		if l.K == "final" && (len(l.List) != 20 || l.List[0] != kept{Seq: 1, CID: "m1", U: "bob", H: "text 1"}) {
			t.Errorf("the end is %+v", l.List)
		}
	}
	want := map[string]int{"send invoke": 21, "send ok": 20, "send fail": 1, "show ": 20, "synced ": 1, "final ": 1, "revoke ok": 1}
	if fmt.Sprint(phases) != fmt.Sprint(want) {
		t.Errorf("got %v", phases)
	}
}
