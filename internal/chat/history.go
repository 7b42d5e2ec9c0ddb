package chat

import "context"

// HistoryInput asks for messages of a room by their place. At most one of Before, After and Around is given; none means
// the latest.
type HistoryInput struct {
	Room   string
	Before *int64 // exclusive
	After  *int64 // exclusive
	Around *int64 // inclusive
	Limit  *int   // default 50, cut to 200
}

// HistoryPage is a run of messages, ascending by seq, deleted ones included.
type HistoryPage struct {
	Messages []Message
	First    int64 // lowest seq of the room that can be read; 0 when empty
	Last     int64 // highest seq of the room; 0 when empty
}

// History reads a room's messages. Errors: NotFound, Invalid (two bounds, Limit below 1).
func (s *Service) History(ctx context.Context, by Session, in HistoryInput) (HistoryPage, error) {
	panic("not yet")
}

// ChangesInput asks what has changed in a room since a rev.
type ChangesInput struct {
	Room  string
	Since int64
	Limit *int // default and most 500
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
	panic("not yet")
}

// SetReadInput moves a read mark.
type SetReadInput struct {
	Room   string
	Seq    int64 // cut to the room's last seq
	Unread bool  // may lower the mark
}

// ReadResult is where the mark is now.
type ReadResult struct {
	ReadSeq int64
	Unread  int // counted up to CountCap
}

// SetRead moves the acting user's read mark in a room (ReadMoved if it moved). Only with Unread may it go back. Errors:
// NotFound, Forbidden (a room one is not in), Invalid (Field seq).
func (s *Service) SetRead(ctx context.Context, by Session, in SetReadInput) (ReadResult, error) {
	panic("not yet")
}
