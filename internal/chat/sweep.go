package chat

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// How long is kept what nobody asks for any more.
const (
	looseFor   = 24 * time.Hour      // an upload waits to be sent
	overFor    = 30 * 24 * time.Hour // a session that is over
	draftsFor  = 90 * 24 * time.Hour // a draft that is not touched
	sweepBatch = 100                 // in one transaction
)

// Sweep forgets what nobody needs any more: uploads that were not sent for a day, the bytes of those that are gone,
// sessions that have long been over, old drafts, and the messages of rooms that do not keep them for ever, which become
// tombstones (MessageChanged). It works in small transactions, and by the steady clock: a wrong one must destroy nothing. The app calls it now and then, never twice at once.
func (s *Service) Sweep(ctx context.Context) error {
	return errors.Join(s.sweepFiles(ctx), s.sweepSessions(ctx), s.sweepDrafts(ctx), s.sweepMessages(ctx))
}

func (s *Service) sweepFiles(ctx context.Context) error {
	if s.opts.Blobs == nil {
		return nil
	}
	now := s.steady()
	err := s.inBatches(ctx, func(tx Tx) (int, error) { return tx.DropLooseFiles(now.Add(-looseFor), now, sweepBatch) })
	if err != nil {
		return fmt.Errorf("drop what was not sent: %w", err)
	}
	for {
		var ids []ID
		err := s.store.View(ctx, func(tx Tx) (err error) {
			ids, err = tx.GoneFiles(sweepBatch)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := s.opts.Blobs.Remove(ctx, id); err != nil {
				return fmt.Errorf("forget the bytes of file %s: %w", id, err)
			}
		}
		err = s.store.Update(ctx, func(tx Tx) error {
			for _, id := range ids {
				if err := tx.DeleteFile(id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("forget files: %w", err)
		}
	}
}

func (s *Service) sweepSessions(ctx context.Context) error {
	before := s.steady().Add(-overFor)
	err := s.inBatches(ctx, func(tx Tx) (int, error) { return tx.DropSessions(before, sweepBatch) })
	if err != nil {
		return fmt.Errorf("forget sessions that are over: %w", err)
	}
	return nil
}

func (s *Service) sweepDrafts(ctx context.Context) error {
	before := s.steady().Add(-draftsFor)
	err := s.inBatches(ctx, func(tx Tx) (int, error) { return tx.DropDrafts(before, sweepBatch) })
	if err != nil {
		return fmt.Errorf("forget old drafts: %w", err)
	}
	return nil
}

// inBatches repeats a transaction until it has found less than it may.
func (s *Service) inBatches(ctx context.Context, drop func(Tx) (int, error)) error {
	for {
		dropped := 0
		err := s.store.Update(ctx, func(tx Tx) (err error) {
			dropped, err = drop(tx)
			return err
		})
		if err != nil || dropped < sweepBatch {
			return err
		}
	}
}

// sweepMessages entombs what is older than its room keeps messages.
func (s *Service) sweepMessages(ctx context.Context) error {
	var rooms []Room
	err := s.store.View(ctx, func(tx Tx) (err error) {
		rooms, err = tx.RetainingRooms()
		return err
	})
	if err != nil {
		return fmt.Errorf("list the rooms that forget: %w", err)
	}
	for _, room := range rooms {
		for more := true; more; {
			if more, err = s.forgetSome(ctx, room); err != nil {
				return fmt.Errorf("forget messages of room %s: %w", room.ID, err)
			}
		}
	}
	return nil
}

// forgetSome entombs the next messages of a room that are too old, and tells whether there may be more. It remembers how
// far it has come, so that a room's tombstones are passed once in the life of a process.
func (s *Service) forgetSome(ctx context.Context, room Room) (more bool, err error) {
	before := s.steady().AddDate(0, 0, -room.RetentionDays)
	var old []int64
	passed := s.forgotten[room.ID]
	err = s.store.View(ctx, func(tx Tx) error {
		messages, err := tx.Messages(room.ID, Span{After: passed, Before: room.LastSeq + 1, Limit: sweepBatch})
		if err != nil {
			return err
		}
		more = len(messages) == sweepBatch
		for _, m := range messages {
			if !m.CreatedAt.Before(before) {
				more = false
				break
			}
			passed = m.Seq
			if !m.Deleted() {
				old = append(old, m.Seq)
			}
		}
		return nil
	})
	if err == nil && len(old) > 0 {
		err = s.store.Update(ctx, func(tx Tx) error { return s.entombAll(tx, room, old) })
	}
	if err != nil {
		return false, err
	}
	s.forgotten[room.ID] = passed
	return more, nil
}

func (s *Service) entombAll(tx Tx, room Room, seqs []int64) error {
	for _, seq := range seqs {
		m, err := tx.MessageAt(room.ID, seq)
		if err != nil {
			return err
		}
		if m.Deleted() {
			continue // meanwhile, by somebody
		}
		if err := s.entomb(tx, &m, room.Kind); err != nil {
			return err
		}
		if err := s.closeChange(tx, &change{deed: deed{room: room}, message: m}); err != nil {
			return err
		}
		if err := s.countReply(tx, room, m, -1); err != nil {
			return err
		}
	}
	return nil
}
