package history

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
)

// line is an event in the format of Lines.
type line struct {
	T    int64  `json:"t"`
	C    string `json:"c"`
	K    string `json:"k"`
	Ph   string `json:"ph,omitempty"`
	Conv string `json:"conv"`
	CID  string `json:"cid,omitempty"`
	Seq  int64  `json:"seq,omitempty"`
	H    string `json:"h,omitempty"`
	User string `json:"user,omitempty"`
	From int64  `json:"from,omitempty"`
	List []kept `json:"list,omitempty"`
}

type kept struct {
	Seq int64  `json:"seq"`
	CID string `json:"cid"`
	U   string `json:"u"`
	H   string `json:"h"`
}

// Lines writes a history as lines of JSON in the vocabulary of operations (invoke, ok, fail, info) that other checkers
// of histories use: "send", "show", "revoke", "synced", and one "final" for each room. Times are positions.
func Lines(w io.Writer, events []Event) error {
	c := &checker{rooms: map[string]*room{}, out: map[string]int{}}
	for at, e := range events {
		c.take(at, e)
	}
	names := slices.Sorted(maps.Keys(c.rooms))
	buffered := bufio.NewWriter(w)
	out := json.NewEncoder(buffered)
	for at, e := range events {
		for _, l := range c.lines(at, e, names) {
			if err := out.Encode(l); err != nil {
				return fmt.Errorf("write a history: %w", err)
			}
		}
	}
	return buffered.Flush()
}

// lines are what stands for one event: none for those that only an end sums up.
func (c *checker) lines(at int, e Event, rooms []string) []line {
	l := line{T: int64(at), C: e.Who, Conv: e.Room, CID: e.CID}
	switch e.Kind {
	case Sent:
		l.K, l.Ph, l.H = "send", "invoke", e.Text
	case Acked:
		l.K, l.Ph, l.Seq = "send", "ok", e.Seq
	case Refused:
		l.K, l.Ph = "send", "info"
		if c.rooms[e.Room].sends[e.CID].refused() {
			l.Ph = "fail"
		}
	case Unknown:
		l.K, l.Ph = "send", "info"
	case Shown:
		l.K, l.Seq, l.H = "show", e.Seq, e.Text
	case CaughtUp:
		l.K, l.From = "synced", e.Seq
	case Read:
		l.K = "final"
		for _, k := range c.rooms[e.Room].kept {
			l.List = append(l.List, kept{Seq: k.Seq, CID: k.CID, U: k.Who, H: k.Text})
		}
	case Revoked:
		l.K, l.Ph, l.User = "revoke", "ok", e.Who
		if e.Room == "" {
			return everywhere(l, rooms)
		}
	default:
		return nil
	}
	return []line{l}
}

func everywhere(l line, rooms []string) []line {
	var all []line
	for _, room := range rooms {
		l.Conv = room
		all = append(all, l)
	}
	return all
}
