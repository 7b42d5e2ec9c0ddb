package storetest

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/chat"
)

// unread compares what a store counts with what an obvious count says, whatever was written, deleted, read and marked
// unread before.
func unread(t *testing.T, s chat.Store) {
	if err := flag.Set("rapid.checks", "20"); err != nil { // each is some thirty transactions on a real disk
		t.Fatal(err)
	}
	for id, name := range map[chat.ID]string{1: "ann", 2: "bob", 3: "chen"} {
		insertUser(t, s, id, name)
	}
	round := chat.ID(0)
	rapid.Check(t, func(rt *rapid.T) {
		round++
		insertRoom(t, s, round)
		r := &reading{t: t, s: s, room: round, named: map[int64][]chat.ID{}}
		for user := chat.ID(1); user <= readers; user++ {
			update(t, s, func(tx chat.Tx) error {
				return tx.PutMember(chat.Member{Room: round, User: user, Role: chat.MemberPlain, Notify: chat.NotifyAll}, noon())
			})
		}
		rt.Repeat(map[string]func(*rapid.T){"send": r.send, "delete": r.remove, "mark": r.mark, "leave and join": r.rejoin, "": r.check})
	})
}

const readers = 3

// reading is a room and what is known of it.
type reading struct {
	t        *testing.T
	s        chat.Store
	room     chat.ID
	messages []chat.Message      // by seq
	named    map[int64][]chat.ID // whom a message mentions, 0 for everyone
	marks    [readers + 1]int64  // what each has read
}

func (r *reading) person(rt *rapid.T) chat.ID {
	return chat.ID(rapid.IntRange(1, readers).Draw(rt, "person"))
}

// send stores one message or so many that not all are counted.
func (r *reading) send(rt *rapid.T) {
	author, kind := r.person(rt), chat.KindText
	if rapid.IntRange(0, 3).Draw(rt, "kind") == 0 {
		kind = chat.KindSystem
	}
	count := rapid.SampledFrom([]int{1, 2, 60, 120}).Draw(rt, "count")
	named := rapid.SampledFrom([][]chat.ID{nil, {0}, {1, 2}, {0, 3}}).Draw(rt, "named")
	update(r.t, r.s, func(tx chat.Tx) error {
		for range count {
			seq, rev, err := next(tx, r.room)
			if err != nil {
				return err
			}
			m := message(chat.ID(seq), seq, rev, fmt.Sprint(r.room, "-", seq))
			m.Room, m.Author.ID, m.Kind = r.room, author, kind
			if err := tx.InsertMessage(m, 0, 0); err != nil {
				return err
			}
			r.messages = append(r.messages, m)
			for _, user := range named {
				if err := tx.InsertMention(r.room, seq, user); err != nil {
					return err
				}
			}
			r.named[seq] = named
		}
		r.marks[author] = int64(len(r.messages))
		return tx.SetReadSeq(r.room, author, r.marks[author], noon())
	})
}

func (r *reading) remove(rt *rapid.T) {
	if len(r.messages) == 0 {
		return
	}
	from := rapid.IntRange(0, len(r.messages)-1).Draw(rt, "seq")
	some := r.messages[from:min(len(r.messages), from+rapid.SampledFrom([]int{1, 150}).Draw(rt, "count"))]
	update(r.t, r.s, func(tx chat.Tx) error {
		for i := range some {
			rev, err := tx.NextChange(r.room)
			if err != nil {
				return err
			}
			some[i].Rev, some[i].DeletedAt = rev, noon()
			if err := tx.UpdateMessage(some[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// mark moves what somebody has read, also back.
func (r *reading) mark(rt *rapid.T) {
	who := r.person(rt)
	r.marks[who] = rapid.Int64Range(0, int64(len(r.messages))).Draw(rt, "mark")
	update(r.t, r.s, func(tx chat.Tx) error { return tx.SetReadSeq(r.room, who, r.marks[who], noon()) })
}

func (r *reading) rejoin(rt *rapid.T) {
	who := r.person(rt)
	r.marks[who] = int64(len(r.messages))
	again := chat.Member{Room: r.room, User: who, Role: chat.MemberPlain, Notify: chat.NotifyAll, ReadSeq: r.marks[who]}
	update(r.t, r.s, func(tx chat.Tx) error {
		return errors.Join(tx.SetLeft(r.room, who, noon()), tx.PutMember(again, noon()))
	})
}

func (r *reading) check(rt *rapid.T) {
	limit := rapid.SampledFrom([]int{1, 2, 3, 7, chat.CountCap}).Draw(rt, "limit")
	view(r.t, r.s, func(tx chat.Tx) error {
		for who := chat.ID(1); who <= readers; who++ {
			room, member, err := tx.RoomFor(who, r.room)
			got, err2 := tx.Unread(room, member, limit)
			if err := errors.Join(err, err2); err != nil {
				return err
			}
			unread, mentions := r.count(who)
			if got != min(unread, limit) {
				rt.Fatalf("%d unread of %d at most for %d, wanted %d", got, limit, who, unread)
			}
			heads, err := tx.Heads(who)
			if err != nil {
				return err
			}
			head := heads[slices.IndexFunc(heads, func(h chat.Head) bool { return h.Room.ID == r.room })]
			if head.Unread != min(unread, chat.CountCap) || head.Mentions != min(mentions, chat.CountCap) || head.ReadSeq != r.marks[who] {
				rt.Fatalf("the head of %d is %+v, wanted %d unread and %d mentions after %d", who, head, unread, mentions, r.marks[who])
			}
			if last := len(r.messages); last > 0 && (head.LastMessage == nil || head.LastMessage.Rev != r.messages[last-1].Rev) {
				rt.Fatalf("the last message of %d is %+v", who, head.LastMessage)
			}
		}
		return nil
	})
}

// count looks at each message after what somebody has read.
func (r *reading) count(who chat.ID) (unread, mentions int) {
	for _, m := range r.messages[r.marks[who]:] {
		if m.Author.ID == who || m.Kind == chat.KindSystem || m.Deleted() {
			continue
		}
		unread++
		if slices.Contains(r.named[m.Seq], 0) || slices.Contains(r.named[m.Seq], who) {
			mentions++
		}
	}
	return unread, mentions
}
