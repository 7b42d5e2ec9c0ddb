package storetest

import (
	"errors"
	"testing"
	"time"

	"parley/internal/chat"
)

func changedMessages(t *testing.T, s chat.Store) {
	insertUser(t, s, 1, "ann")
	insertRoom(t, s, 1)
	m := message(10, 1, 2, "a")
	m.Files = []chat.File{{ID: 7, Name: "a \"cat\".png", MIME: "image/png", Bytes: 1 << 40, Width: 3, Height: 4, Alt: "a cat"}, {ID: 8, Name: "b"}}
	update(t, s, func(tx chat.Tx) error {
		if err := tx.InsertMessage(m, 0, 0); err != nil {
			return err
		}
		return tx.InsertMention(1, 1, 2)
	})
	check := func(unread int) {
		t.Helper()
		view(t, s, func(tx chat.Tx) error {
			got, err := tx.MessageAt(1, 1)
			same(t, "the message", m, got)
			named, err2 := tx.UnreadMentions(1, 2, 0, 10)
			same(t, "mentions", unread, named)
			return errors.Join(err, err2)
		})
	}
	check(1)
	before := m
	m.Rev, m.Body, m.EditedAt, m.PinnedAt, m.Replies = 3, "other", noon(), noon().Add(time.Second), 7
	m.Mentions = chat.Mentions{Users: []chat.ID{1}}
	m.Reactions = []chat.Reaction{{Emoji: "👍", Users: []chat.ID{2, 1}}, {Emoji: "❤️", Users: []chat.ID{1}}}
	update(t, s, func(tx chat.Tx) error {
		return errors.Join(tx.KeepEdit(before, noon()), tx.DeleteMention(1, 1, 2), tx.UpdateMessage(m))
	})
	check(0)
	if err := s.Update(t.Context(), func(tx chat.Tx) error { return tx.KeepEdit(before, noon()) }); !errors.Is(err, chat.ErrExists) {
		t.Errorf("one edit twice: %v", err)
	}
	m.Rev, m.Body, m.Mentions, m.Files, m.Reactions = 4, "", chat.Mentions{}, nil, nil
	m.EditedAt, m.PinnedAt, m.DeletedAt = time.Time{}, time.Time{}, noon()
	update(t, s, func(tx chat.Tx) error {
		return errors.Join(tx.DeleteEdits(1, 1), tx.UpdateMessage(m), tx.KeepEdit(before, noon()))
	})
	check(0)
}

func blocks(t *testing.T, s chat.Store) {
	for id, name := range map[chat.ID]string{1: "ann", 2: "bob", 3: "chen"} {
		insertUser(t, s, id, name)
	}
	insertRoom(t, s, 1)
	update(t, s, func(tx chat.Tx) error {
		for _, id := range []chat.ID{1, 2} {
			if err := tx.PutMember(chat.Member{Room: 1, User: id, Role: chat.MemberPlain, Notify: chat.NotifyAll}, noon()); err != nil {
				return err
			}
		}
		return nil
	})
	check := func(what string, want ...bool) {
		t.Helper()
		view(t, s, func(tx chat.Tx) error {
			ann, err := tx.BlockedIn(1, 1)
			bob, err2 := tx.BlockedIn(1, 2)
			blocks, err3 := tx.Blocks(1, 2)
			other, err4 := tx.Blocks(2, 1)
			same(t, what, want, []bool{ann, bob, blocks, other})
			return errors.Join(err, err2, err3, err4)
		})
	}
	check("nobody", false, false, false, false)
	update(t, s, func(tx chat.Tx) error { return errors.Join(tx.SetBlock(1, 3, noon()), tx.SetBlock(3, 2, noon())) })
	check("somebody who is not there", false, false, false, false)
	update(t, s, func(tx chat.Tx) error { return errors.Join(tx.SetBlock(1, 2, noon()), tx.SetBlock(1, 2, noon())) })
	check("ann blocks bob", true, true, true, false)
	view(t, s, func(tx chat.Tx) error {
		of2, err := tx.Blockers(2)
		of1, err2 := tx.Blockers(1)
		same(t, "who blocks whom", [][]chat.ID{{1, 3}, {}}, [][]chat.ID{of2, of1})
		return errors.Join(err, err2)
	})
	update(t, s, func(tx chat.Tx) error { return errors.Join(tx.DeleteBlock(1, 2), tx.DeleteBlock(1, 2)) })
	check("ended", false, false, false, false)
}

func search(t *testing.T, s chat.Store) {
	insertUser(t, s, 1, "ann")
	insertRoom(t, s, 1)
	update(t, s, func(tx chat.Tx) error {
		for seq := int64(1); seq <= 4; seq++ {
			m := message(chat.ID(10+seq), seq, seq+1, string(rune('a'+seq)))
			m.CreatedAt = noon().Add(time.Duration(seq) * time.Second)
			if err := tx.InsertMessage(m, 0, 0); err != nil {
				return err
			}
		}
		return nil
	})
	update(t, s, func(tx chat.Tx) error {
		first, err := tx.Unindexed(3)
		if err != nil || len(first) != 3 || first[0].Pos != 1 || first[2].Message.Seq != 3 || first[0].Kind != chat.KindPublic {
			t.Errorf("not indexed: %+v, %v", first, err)
		}
		return tx.Index([]chat.IndexText{{Pos: 1, Text: "red :r1"}, {Pos: 2, Text: ""}, {Pos: 3, Text: "red ロ :r2"}})
	})
	find := func(what string, q chat.SearchQuery, want ...int64) {
		t.Helper()
		view(t, s, func(tx chat.Tx) error {
			found, err := tx.Search(q)
			var seqs []int64
			for _, one := range found {
				seqs = append(seqs, one.Message.Seq)
			}
			same(t, what, want, seqs)
			return err
		})
	}
	all := chat.SearchQuery{Phrases: []chat.Phrase{{Words: []string{"red"}}}, From: 1, Below: 100, Limit: 10}
	both := all
	both.Marks = [][]string{{":r1", ":r2"}}
	find("a word", all, 3, 1)
	find("a word under either mark", both, 3, 1)
	find("a word under one mark", chat.SearchQuery{Phrases: all.Phrases, Marks: [][]string{{":r2"}}, Below: 100, Limit: 10}, 3)
	find("below a position", chat.SearchQuery{Phrases: all.Phrases, From: 1, Below: 3, Limit: 10}, 1)
	find("from a position", chat.SearchQuery{Phrases: all.Phrases, From: 2, Below: 4, Limit: 10}, 3)
	find("the newest", chat.SearchQuery{Phrases: all.Phrases, From: 1, Below: 4, Limit: 1}, 3)
	find("a phrase", chat.SearchQuery{Phrases: []chat.Phrase{{Words: []string{"red", "ロ"}}}, Below: 4, Limit: 1}, 3)
	find("a beginning", chat.SearchQuery{Phrases: []chat.Phrase{{Words: []string{"re"}, Prefix: true}}, Below: 4, Limit: 9}, 3, 1)
	update(t, s, func(tx chat.Tx) error {
		return errors.Join(tx.Reindex(1, 1, "blue"), tx.Reindex(1, 3, ""), tx.Reindex(1, 2, "red"), tx.Reindex(1, 4, "red"))
	})
	find("after changes", all, 2)
	view(t, s, func(tx chat.Tx) error {
		last, err := tx.LastPos()
		third, err2 := tx.PosAt(noon().Add(3 * time.Second))
		none, err3 := tx.PosAt(noon().Add(time.Hour))
		first, err4 := tx.PosAt(noon())
		same(t, "positions", []int64{4, 3, 5, 1}, []int64{last, third, none, first})
		left, err5 := tx.Unindexed(10)
		if len(left) != 1 || left[0].Pos != 4 {
			t.Errorf("not indexed: %+v", left)
		}
		return errors.Join(err, err2, err3, err4, err5)
	})
}
