package chat

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// ThreadInput asks for the answers of a thread by their place. At most one of Before and After is given; neither means the
// latest.
type ThreadInput struct {
	Room   string
	Seq    int64  // of any message of the thread
	Before *int64 // exclusive
	After  *int64 // exclusive
	Limit  *int   // default 50, cut to MaxHistory
}

// ThreadPage is a run of a thread: a message, and what answers it or one of its answers.
type ThreadPage struct {
	Root     Message   // what began the thread; it may be deleted
	Messages []Message // ascending by seq, deleted ones included
	More     bool      // there are others further on: earlier ones, or, if After was given, later ones
}

// Thread reads the answers of a thread. Errors: NotFound (room, or Field seq), Invalid (two bounds, Limit below 1).
func (s *Service) Thread(ctx context.Context, by Session, in ThreadInput) (ThreadPage, error) {
	if in.Before != nil && in.After != nil {
		return ThreadPage{}, Errorf(Invalid, "Ask for one of before and after.")
	}
	limit, err := pageLimit(in.Limit, historyPage, MaxHistory)
	if err != nil {
		return ThreadPage{}, err
	}
	var page ThreadPage
	err = s.store.View(ctx, func(tx Tx) error {
		room, _, err := s.readable(tx, by, in.Room)
		if err != nil {
			return err
		}
		if page.Root, err = rootOf(tx, room.ID, in.Seq); err != nil {
			return err
		}
		page.Messages, page.More, err = answersOf(tx, page.Root, in, limit)
		return err
	})
	return page, err
}

// rootOf is the message that began the thread of another, which is itself where nothing was answered.
func rootOf(tx Tx, room ID, seq int64) (Message, error) {
	m, err := tx.MessageAt(room, seq)
	if err == nil && m.Thread != 0 {
		m, err = tx.MessageAt(room, m.Thread)
	}
	if errors.Is(err, ErrNotFound) {
		return Message{}, errNoMessage()
	}
	if err != nil {
		return Message{}, fmt.Errorf("load the beginning of a thread: %w", err)
	}
	return m, nil
}

// answersOf reads one more than it answers, to tell whether there is more.
func answersOf(tx Tx, root Message, in ThreadInput, limit int) (found []Message, more bool, err error) {
	if in.After != nil {
		found, err = tx.AnswersAfter(root.Room, root.Seq, *in.After, limit+1)
	} else {
		before := int64(math.MaxInt64)
		if in.Before != nil {
			before = *in.Before
		}
		found, err = tx.AnswersBefore(root.Room, root.Seq, before, limit+1)
	}
	if err != nil {
		return nil, false, fmt.Errorf("read a thread: %w", err)
	}
	if len(found) <= limit {
		return found, false, nil
	}
	if in.After != nil {
		return found[:limit], true, nil
	}
	return found[1:], true, nil
}

// answered is what a message that answers another says of it: its seq, and that of the message that began the thread.
func answered(tx Tx, room ID, seq int64) (replyTo, thread int64, err error) {
	m, err := tx.MessageAt(room, seq)
	if errors.Is(err, ErrNotFound) {
		return 0, 0, invalidField("reply_to", "There is no such message in this room.")
	}
	if err != nil {
		return 0, 0, fmt.Errorf("load the message answered: %w", err)
	}
	if m.Thread != 0 {
		return seq, m.Thread, nil
	}
	return seq, seq, nil
}

// countReply tells the message that began a thread of one answer more or less (MessageChanged). It costs nothing where the
// message answers none.
func (s *Service) countReply(tx Tx, room Room, answer Message, by int) error {
	if answer.Thread == 0 {
		return nil
	}
	root, err := tx.MessageAt(room.ID, answer.Thread)
	if err != nil {
		return fmt.Errorf("load the beginning of a thread: %w", err)
	}
	root.Replies += by
	return s.closeChange(tx, &change{deed: deed{room: room}, message: root})
}
