package chat

import (
	"context"
	"fmt"
)

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
	if in.Seq < 0 {
		return ReadResult{}, invalidField("seq", "A seq is not negative.")
	}
	var result ReadResult
	err := s.store.Update(ctx, func(tx Tx) error {
		room, member, err := s.entered(tx, by, "read:set", in.Room)
		if err != nil {
			return err
		}
		seq := min(in.Seq, room.LastSeq)
		if !in.Unread {
			seq = max(seq, member.ReadSeq)
		}
		if seq != member.ReadSeq {
			if err := s.moveRead(tx, by, room, member, seq); err != nil {
				return err
			}
		}
		result.ReadSeq, member.ReadSeq = seq, seq
		if result.Unread, err = tx.Unread(room, member, CountCap); err != nil {
			return fmt.Errorf("count unread messages: %w", err)
		}
		return nil
	})
	if err != nil {
		return ReadResult{}, err
	}
	return result, nil
}

func (s *Service) moveRead(tx Tx, by Session, room Room, member Member, seq int64) error {
	if err := tx.SetReadSeq(room.ID, member.User, seq, s.now()); err != nil {
		return fmt.Errorf("move the read mark: %w", err)
	}
	moved := ReadMoved{Room: room.ID, User: member.User, Seq: seq, Session: by.ID}
	if room.Kind == KindDM && seq > member.ReadSeq {
		var err error
		if moved.Peers, err = receivers(tx, room.ID, member.User); err != nil {
			return err
		}
	}
	s.publish(tx, moved)
	return nil
}
