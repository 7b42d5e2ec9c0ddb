package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"parley/internal/chat"
)

func threadsAndPins(t *testing.T, s chat.Store) {
	insertUser(t, s, 1, "ann")
	for room := chat.ID(1); room <= 2; room++ {
		insertRoom(t, s, room)
		update(t, s, func(tx chat.Tx) error {
			for seq := int64(1); seq <= 8; seq++ {
				m := message(chat.ID(int64(room)*100+seq), seq, seq+1, fmt.Sprint(room, seq))
				m.Room = room
				if seq > 2 {
					m.Thread = 1 + seq%2 // the odd ones of 2, the even ones of 1
					m.ReplyTo = m.Thread
				}
				if err := tx.InsertMessage(m, 0, 0); err != nil {
					return err
				}
				m.Rev = seq + 10
				m.PinnedAt = noon().Add(time.Duration(seq%3) * time.Second)
				if seq > 5 {
					m.PinnedAt = time.Time{}
				}
				if err := tx.UpdateMessage(m); err != nil {
					return err
				}
			}
			return nil
		})
	}
	view(t, s, func(tx chat.Tx) error {
		all, err := tx.AnswersBefore(1, 1, 100, 10)
		newest, err2 := tx.AnswersBefore(1, 1, 8, 1)
		oldest, err3 := tx.AnswersAfter(1, 2, 3, 1)
		none, err4 := tx.AnswersAfter(1, 3, 0, 10)
		same(t, "threads", [][]int64{{4, 6, 8}, {6}, {5}, nil}, [][]int64{seqsOf(all), seqsOf(newest), seqsOf(oldest), seqsOf(none)})
		pins, err5 := tx.Pinned(1, chat.PinMark{At: noon().Add(time.Hour)}, 10)
		some, err6 := tx.Pinned(1, chat.PinMark{At: noon().Add(2 * time.Second), Seq: 5}, 2)
		same(t, "pins", [][]int64{{5, 2, 4, 1, 3}, {2, 4}}, [][]int64{seqsOf(pins), seqsOf(some)})
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
}

func seqsOf(messages []chat.Message) []int64 {
	var seqs []int64
	for _, m := range messages {
		seqs = append(seqs, m.Seq)
	}
	return seqs
}

func edits(t *testing.T, s chat.Store) {
	update(t, s, func(tx chat.Tx) error {
		for seq := int64(1); seq <= 2; seq++ {
			for rev := int64(1); rev <= 5; rev++ {
				m := chat.Message{Room: 1, Seq: seq, Rev: rev, Body: fmt.Sprint("text ", rev)}
				if err := tx.KeepEdit(m, noon().Add(time.Duration(rev)*time.Second)); err != nil {
					return err
				}
			}
		}
		return errors.Join(tx.TrimEdits(1, 1, 2), tx.TrimEdits(1, 2, 5), tx.TrimEdits(1, 3, 5))
	})
	check := func(seq int64, want ...string) {
		t.Helper()
		view(t, s, func(tx chat.Tx) error {
			kept, err := tx.Edits(1, seq)
			var bodies []string
			for _, one := range kept {
				bodies = append(bodies, one.Body+one.At.Format(" 05"))
			}
			same(t, "edits", want, bodies)
			return err
		})
	}
	check(1, "text 4 04", "text 5 05")
	check(2, "text 1 01", "text 2 02", "text 3 03", "text 4 04", "text 5 05")
	update(t, s, func(tx chat.Tx) error { return tx.DeleteEdits(1, 2) })
	check(2)
}
