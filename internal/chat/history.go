package chat

import (
	"context"
	"fmt"
	"math"
)

// Pages of messages.
const (
	historyPage = 50
	MaxHistory  = 200 // messages in one page of history
	MaxChanges  = 500 // messages in one page of changes
	resetBehind = 1000
)

// HistoryInput asks for messages of a room by their place. At most one of Before, After and Around is given; none means
// the latest.
type HistoryInput struct {
	Room   string
	Before *int64 // exclusive
	After  *int64 // exclusive
	Around *int64 // inclusive
	Limit  *int   // default 50, cut to MaxHistory
}

// HistoryPage is a run of messages, ascending by seq, deleted ones included.
type HistoryPage struct {
	Messages []Message
	First    int64 // lowest seq of the room that can be read; 0 when empty
	Last     int64 // highest seq of the room; 0 when empty
}

// History reads a room's messages. Errors: NotFound, Invalid (two bounds, Limit below 1).
func (s *Service) History(ctx context.Context, by Session, in HistoryInput) (HistoryPage, error) {
	if bounds(in) > 1 {
		return HistoryPage{}, Errorf(Invalid, "Ask for one of before, after and around.")
	}
	limit, err := pageLimit(in.Limit, historyPage, MaxHistory)
	if err != nil {
		return HistoryPage{}, err
	}
	var page HistoryPage
	err = s.store.View(ctx, func(tx Tx) error {
		room, _, err := s.readable(tx, by, in.Room)
		if err != nil {
			return err
		}
		page = HistoryPage{Last: room.LastSeq}
		if page.First, err = tx.FirstSeq(room.ID); err != nil {
			return fmt.Errorf("find the first message: %w", err)
		}
		if page.Messages, err = messagesOf(tx, room.ID, in, limit); err != nil {
			return fmt.Errorf("read history: %w", err)
		}
		return nil
	})
	return page, err
}

func bounds(in HistoryInput) int {
	n := 0
	for _, bound := range []*int64{in.Before, in.After, in.Around} {
		if bound != nil {
			n++
		}
	}
	return n
}

// pageLimit is how many rows to read. Error: Invalid, field limit.
func pageLimit(asked *int, usual, most int) (int, error) {
	if asked == nil {
		return usual, nil
	}
	if *asked < 1 {
		return 0, invalidField("limit", "A limit is at least 1.")
	}
	return min(*asked, most), nil
}

func messagesOf(tx Tx, room ID, in HistoryInput, limit int) ([]Message, error) {
	switch {
	case in.Before != nil:
		return tx.Messages(room, Span{Before: *in.Before, Newest: true, Limit: limit})
	case in.After != nil:
		return tx.Messages(room, Span{After: *in.After, Before: math.MaxInt64, Limit: limit})
	case in.Around != nil:
		return messagesAround(tx, room, *in.Around, limit)
	}
	return tx.Messages(room, Span{Before: math.MaxInt64, Newest: true, Limit: limit})
}

// messagesAround reads a page with a place in its middle, or nearer to an end where the room has no more.
func messagesAround(tx Tx, room ID, seq int64, limit int) ([]Message, error) {
	if seq == math.MaxInt64 {
		seq--
	}
	upTo, err := tx.Messages(room, Span{Before: seq + 1, Newest: true, Limit: limit})
	if err != nil {
		return nil, err
	}
	later, err := tx.Messages(room, Span{After: seq, Before: math.MaxInt64, Limit: limit})
	if err != nil {
		return nil, err
	}
	after := min(len(later), limit/2)
	before := min(len(upTo), limit-after)
	after = min(len(later), limit-before)
	return append(upTo[len(upTo)-before:], later[:after]...), nil
}

// ChangesInput asks what has changed in a room since a rev.
type ChangesInput struct {
	Room  string
	Since int64
	Limit *int // default and most MaxChanges
}

// ChangesPage is what changed: each message once, as it now is, oldest change first.
type ChangesPage struct {
	Messages       []Message
	ToRev          int64 // what the reader has after applying this page
	More           bool  // ask again from ToRev
	Reset          bool  // too far behind: forget the room, Messages are its latest page, ascending by seq
	Room           *Room // set if its name, topic or policy changed
	MembersChanged bool
}

// Changes reads what changed in a room after a rev. More than 1,000 revs behind, or ahead of the room, it answers Reset
// and the latest page. Errors: NotFound, Invalid (Field since, limit).
func (s *Service) Changes(ctx context.Context, by Session, in ChangesInput) (ChangesPage, error) {
	limit, err := pageLimit(in.Limit, MaxChanges, MaxChanges)
	if err != nil {
		return ChangesPage{}, err
	}
	if in.Since < 0 {
		return ChangesPage{}, invalidField("since", "A rev is not negative.")
	}
	var page ChangesPage
	err = s.store.View(ctx, func(tx Tx) error {
		room, member, err := s.readable(tx, by, in.Room)
		if err != nil {
			return err
		}
		if room, err = withPeers(tx, room, member.User); err != nil {
			return err
		}
		if in.Since > room.LastRev || room.LastRev-in.Since > resetBehind {
			page, err = latestPage(tx, room)
			return err
		}
		page, err = changesSince(tx, room, in.Since, limit)
		return err
	})
	return page, err
}

func latestPage(tx Tx, room Room) (ChangesPage, error) {
	messages, err := tx.Messages(room.ID, Span{Before: math.MaxInt64, Newest: true, Limit: historyPage})
	if err != nil {
		return ChangesPage{}, fmt.Errorf("read the latest page: %w", err)
	}
	return ChangesPage{Messages: messages, ToRev: room.LastRev, Reset: true, Room: &room, MembersChanged: true}, nil
}

func changesSince(tx Tx, room Room, since int64, limit int) (ChangesPage, error) {
	messages, err := tx.ChangedSince(room.ID, since, limit+1)
	if err != nil {
		return ChangesPage{}, fmt.Errorf("read changes: %w", err)
	}
	page := ChangesPage{Messages: messages, ToRev: room.LastRev, MembersChanged: room.MemberRev > since}
	if room.MetaRev > since {
		page.Room = &room
	}
	if len(messages) > limit {
		page.Messages = messages[:limit]
		page.ToRev = messages[limit-1].Rev
		page.More = true
	}
	return page, nil
}
