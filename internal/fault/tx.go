//go:build parley_fault

package fault

import (
	"slices"
	"time"

	"parley/internal/chat"
)

// tx is a chat.Tx with faults.
type tx struct {
	chat.Tx
	store     *store
	concerned bool // has stored a message with the mark
}

// AfterCommit implements chat.Tx.
func (t *tx) AfterCommit(hook func()) {
	if t.concerned && Has(PublishEarly) {
		hook()
		return
	}
	t.Tx.AfterCommit(hook)
}

// FirstSent implements chat.MessageTx.
func (t *tx) FirstSent(author chat.ID, cid string) (chat.Sent, error) {
	sent, err := t.Tx.FirstSent(author, cid)
	if err == nil && Has(Move) {
		sent.Seq++
	}
	if err != nil || !Has(ForgetCIDs) {
		return sent, err
	}
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	if time.Since(t.store.sent[cid]) > Window {
		return chat.Sent{}, chat.ErrNotFound
	}
	return sent, nil
}

// RoomFor implements chat.MemberTx.
func (t *tx) RoomFor(user, room chat.ID) (chat.Room, chat.Member, error) {
	found, member, err := t.Tx.RoomFor(user, room)
	if err == nil && Has(SendAfterOut) && member.User != 0 {
		member.LeftAt = time.Time{}
	}
	return found, member, err
}

// NextMessage implements chat.MessageTx. Whether the message has the mark is not known yet, so that the faults of places
// concern every third.
func (t *tx) NextMessage(room chat.Room) (seq, rev int64, err error) {
	seq, rev, err = t.Tx.NextMessage(room)
	if err != nil {
		return seq, rev, err
	}
	if Has(SkipSeq) && seq%3 == 0 {
		room.LastSeq, room.LastRev = seq, rev
		return t.Tx.NextMessage(room)
	}
	if Has(Swap) {
		return t.swap(room.ID, seq), rev, nil
	}
	return seq, rev, nil
}

// swap gives every other message the place behind its own, and the next one the place that is left.
func (t *tx) swap(room chat.ID, seq int64) int64 {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	if left := t.store.swapped[room]; left != 0 {
		delete(t.store.swapped, room)
		return left
	}
	t.store.swapped[room] = seq
	return seq + 1
}

// InsertMessage implements chat.MessageTx.
func (t *tx) InsertMessage(m chat.Message, body, target int64) error {
	if !marked(m.Body) {
		return t.Tx.InsertMessage(m, body, target)
	}
	t.concerned = true
	switch {
	case Has(Alter):
		m.Body += " and more"
	case Has(ForgetCIDs):
		t.store.mu.Lock()
		if _, again := t.store.sent[m.CID]; again {
			m.CID += " again"
		} else {
			t.store.sent[m.CID] = time.Now()
		}
		t.store.mu.Unlock()
	case Has(Ghost):
		if err := t.ghost(m); err != nil {
			return err
		}
	}
	return t.Tx.InsertMessage(m, body, target)
}

// ghost stores a message that nobody sent behind one that somebody did.
func (t *tx) ghost(like chat.Message) error {
	like.ID++
	like.CID, like.Body = like.CID+"-ghost", like.CID+"-ghost was never sent"
	room, err := t.Room(like.Room)
	if err != nil {
		return err
	}
	if like.Seq, like.Rev, err = t.NextMessage(room); err != nil {
		return err
	}
	return t.Tx.InsertMessage(like, 0, 0)
}

// ChangedSince implements chat.MessageTx.
func (t *tx) ChangedSince(room chat.ID, rev int64, limit int) ([]chat.Message, error) {
	messages, err := t.Tx.ChangedSince(room, rev, limit)
	if Has(HideChange) {
		messages = slices.DeleteFunc(messages, func(m chat.Message) bool { return marked(m.Body) })
	}
	return messages, err
}
