package chat_test

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/internal/chat"
)

// TestModel_AnyRunOfCallsKeepsRoomsGapless: whatever people do in whatever order, every room is what an obvious model of
// it says: no seq or rev is left out, no cid makes two messages, nothing is lost, and reading in pages gives the same as
// reading at once.
func TestModel_AnyRunOfCallsKeepsRoomsGapless(t *testing.T) {
	if err := flag.Set("rapid.checks", "20"); err != nil { // each is some thirty calls on a real disk
		t.Fatal(err)
	}
	h := newHouse(t, nil)
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		m := newModel(t, h, round)
		rt.Repeat(map[string]func(*rapid.T){
			"send":    m.send,
			"reply":   m.reply,
			"resend":  m.resend,
			"edit":    m.edit,
			"delete":  m.remove,
			"react":   m.react,
			"join":    m.join,
			"leave":   m.leave,
			"changes": m.changes,
			"history": m.history,
			"thread":  m.thread,
			"":        m.check,
		})
	})
}

type modelMessage struct {
	chat.Message
	by   int // who sent it
	sent string
}

// model is what one room should be.
type model struct {
	t        *testing.T
	h        *house
	room     string
	people   []chat.Session
	inside   []bool
	rev      int64
	messages []modelMessage // by seq
	cids     int
}

func newModel(t *testing.T, h *house, round int) *model {
	m := &model{t: t, h: h, inside: []bool{true, false, false}, rev: 1}
	for i := range m.inside {
		m.people = append(m.people, h.login(t, fmt.Sprintf("person-%d", i)))
	}
	m.room = h.room(t, m.people[0], chat.CreateRoomInput{Name: fmt.Sprintf("room %d", round)}).ID.String()
	return m
}

func (m *model) person(rt *rapid.T) int { return rapid.IntRange(0, len(m.people)-1).Draw(rt, "person") }

func (m *model) send(rt *rapid.T) {
	by := m.person(rt)
	m.cids++
	in := chat.SendInput{Room: m.room, CID: fmt.Sprintf("%s-%d", m.room, m.cids), Body: rapid.StringMatching(`[a-z@ ]{1,9}x`).Draw(rt, "body")}
	result, err := m.h.Send(m.t.Context(), m.people[by], in)
	if !m.inside[by] {
		if chat.CodeOf(err) != chat.Forbidden {
			rt.Fatalf("somebody outside sends: %v", err)
		}
		return
	}
	m.rev++
	want := int64(len(m.messages) + 1)
	if err != nil || result.Duplicate || result.Message.Seq != want || result.Message.Rev != m.rev || result.Message.Body != in.Body {
		rt.Fatalf("send: %+v, %v; wanted seq %d rev %d", result, err, want, m.rev)
	}
	m.messages = append(m.messages, modelMessage{result.Message, by, in.Body})
}

// reply answers a message: one rev for the answer, and one for what began the thread.
func (m *model) reply(rt *rapid.T) {
	by := m.person(rt)
	if len(m.messages) == 0 || !m.inside[by] {
		return
	}
	m.cids++
	to := rapid.SampledFrom(m.messages).Draw(rt, "to")
	in := chat.SendInput{Room: m.room, CID: fmt.Sprintf("%s-%d", m.room, m.cids), Body: "an answer", ReplyTo: &to.Seq}
	result, err := m.h.Send(m.t.Context(), m.people[by], in)
	thread := cmp.Or(to.Thread, to.Seq)
	if err != nil || result.Message.Rev != m.rev+1 || result.Message.ReplyTo != to.Seq || result.Message.Thread != thread {
		rt.Fatalf("reply: %+v, %v; wanted rev %d in the thread of %d", result, err, m.rev+1, thread)
	}
	m.rev++
	m.messages = append(m.messages, modelMessage{result.Message, by, in.Body})
	m.counted(thread, 1)
}

// counted changes how many answers a thread has, which is a rev of what began it; 0 is no thread.
func (m *model) counted(thread int64, by int) {
	if thread == 0 {
		return
	}
	m.rev++
	m.messages[thread-1].Rev = m.rev
	m.messages[thread-1].Replies += by
}

// thread reads the answers of one message in pages.
func (m *model) thread(rt *rapid.T) {
	if len(m.messages) == 0 {
		return
	}
	of := rapid.SampledFrom(m.messages).Draw(rt, "of")
	root := m.messages[cmp.Or(of.Thread, of.Seq)-1]
	limit, before := rapid.IntRange(1, 4).Draw(rt, "limit"), int64(len(m.messages)+1)
	var got []chat.Message
	for more := true; more; {
		page, err := m.h.Thread(m.t.Context(), m.people[1], chat.ThreadInput{Room: m.room, Seq: of.Seq, Before: &before, Limit: &limit})
		if err != nil || page.Root.Seq != root.Seq || len(page.Messages) > limit || page.More && len(page.Messages) < limit {
			rt.Fatalf("the thread of %d before %d: %+v, %v", of.Seq, before, page, err)
		}
		got = append(slices.Clone(page.Messages), got...)
		if more = page.More; more {
			before = page.Messages[0].Seq
		}
	}
	var answers []modelMessage
	alive := 0
	for _, one := range m.messages {
		if one.Thread == root.Seq {
			answers = append(answers, one)
			if !one.Deleted() {
				alive++
			}
		}
	}
	if root.Replies != alive {
		rt.Fatalf("%d answers are counted, %d are there", root.Replies, alive)
	}
	m.compareTo(rt, got, answers, 0)
}

func (m *model) resend(rt *rapid.T) {
	if len(m.messages) == 0 {
		return
	}
	first := rapid.SampledFrom(m.messages).Draw(rt, "first")
	again, err := m.h.Send(m.t.Context(), m.people[first.by], chat.SendInput{Room: m.room, CID: first.CID, Body: first.sent})
	if err != nil || !again.Duplicate || again.Message.ID != first.ID || again.Message.Seq != first.Seq {
		rt.Fatalf("the same again: %+v, %v", again, err)
	}
	_, err = m.h.Send(m.t.Context(), m.people[first.by], chat.SendInput{Room: m.room, CID: first.CID, Body: first.sent + "!"})
	if chat.CodeOf(err) != chat.Conflict {
		rt.Fatalf("another body: %v", err)
	}
}

// change runs a change of one message and notes what should come of it: another rev, or nothing at all.
func (m *model) change(rt *rapid.T, allowed func(by int, one *modelMessage) bool, do func(by chat.Session, one *modelMessage) (chat.Message, error)) {
	if len(m.messages) == 0 {
		return
	}
	by := m.person(rt)
	one := &m.messages[rapid.IntRange(0, len(m.messages)-1).Draw(rt, "seq")]
	before := one.Rev
	got, err := do(m.people[by], one)
	if !m.inside[by] || !allowed(by, one) {
		if err == nil {
			rt.Fatalf("person %d may change %+v", by, one)
		}
		return
	}
	if err != nil {
		rt.Fatalf("change %+v: %v", one, err)
	}
	if got.Rev != before {
		m.rev++
	}
	if got.Rev != before && got.Rev != m.rev {
		rt.Fatalf("the change is rev %d, the room was at %d", got.Rev, m.rev)
	}
	deleted := got.Deleted() && !one.Deleted()
	one.Message = got
	if deleted {
		m.counted(got.Thread, -1)
	}
}

func (m *model) edit(rt *rapid.T) {
	body := rapid.StringMatching(`[a-z]{1,3}`).Draw(rt, "body")
	m.change(rt, func(by int, one *modelMessage) bool { return by == one.by && !one.Deleted() },
		func(by chat.Session, one *modelMessage) (chat.Message, error) {
			return m.h.Edit(m.t.Context(), by, chat.EditInput{Room: m.room, Seq: one.Seq, Body: body, Rev: &one.Rev})
		})
}

func (m *model) remove(rt *rapid.T) {
	m.change(rt, func(by int, one *modelMessage) bool { return by == one.by || by == 0 }, // 0 owns the room
		func(by chat.Session, one *modelMessage) (chat.Message, error) {
			return m.h.Delete(m.t.Context(), by, chat.DeleteInput{Room: m.room, Seq: one.Seq})
		})
}

func (m *model) react(rt *rapid.T) {
	emoji, on := rapid.SampledFrom([]string{"👍", "🎉"}).Draw(rt, "emoji"), rapid.Bool().Draw(rt, "on")
	m.change(rt, func(_ int, one *modelMessage) bool { return !one.Deleted() },
		func(by chat.Session, one *modelMessage) (chat.Message, error) {
			return m.h.React(m.t.Context(), by, chat.ReactInput{Room: m.room, Seq: one.Seq, Emoji: emoji, On: on})
		})
}

func (m *model) join(rt *rapid.T) {
	who := m.person(rt)
	if !m.inside[who] {
		m.rev++
	}
	m.inside[who] = true
	room, err := m.h.JoinRoom(m.t.Context(), m.people[who], m.room)
	if err != nil || room.LastRev != m.rev {
		rt.Fatalf("join: %+v, %v, wanted rev %d", room, err, m.rev)
	}
}

func (m *model) leave(rt *rapid.T) {
	who := rapid.IntRange(1, len(m.people)-1).Draw(rt, "person") // the owner stays
	_, err := m.h.LeaveRoom(m.t.Context(), m.people[who], m.room)
	if m.inside[who] != (err == nil) {
		rt.Fatalf("leave: %v", err)
	}
	if m.inside[who] {
		m.rev++
	}
	m.inside[who] = false
}

func (m *model) changes(rt *rapid.T) {
	since := rapid.Int64Range(0, m.rev).Draw(rt, "since")
	limit := rapid.IntRange(1, 5).Draw(rt, "limit")
	var got []chat.Message
	at := since
	for more := true; more; {
		page, err := m.h.Changes(m.t.Context(), m.people[1], chat.ChangesInput{Room: m.room, Since: at, Limit: &limit})
		if err != nil || page.Reset || len(page.Messages) > limit || page.More && page.ToRev <= at {
			rt.Fatalf("changes since %d: %+v, %v", at, page, err)
		}
		got = append(got, page.Messages...)
		at, more = page.ToRev, page.More
	}
	if at != m.rev {
		rt.Fatalf("caught up to %d, the room is at %d", at, m.rev)
	}
	m.compareTo(rt, got, slices.SortedFunc(slices.Values(m.messages), func(a, b modelMessage) int { return cmp.Compare(a.Rev, b.Rev) }), since)
}

func (m *model) history(rt *rapid.T) {
	limit := rapid.IntRange(1, 7).Draw(rt, "limit")
	var got []chat.Message
	before := int64(len(m.messages) + 1)
	for before > 1 {
		page, err := m.h.History(m.t.Context(), m.people[2], chat.HistoryInput{Room: m.room, Before: &before, Limit: &limit})
		if err != nil || len(page.Messages) == 0 || len(page.Messages) > limit || page.Last != int64(len(m.messages)) || page.First != 1 {
			rt.Fatalf("history before %d: %+v, %v", before, page, err)
		}
		got = append(slices.Clone(page.Messages), got...)
		before = page.Messages[0].Seq
	}
	m.compareTo(rt, got, m.messages, 0)
}

// compareTo checks that got is those of the messages whose rev is later, in order.
func (m *model) compareTo(rt *rapid.T, got []chat.Message, wanted []modelMessage, since int64) {
	want := []chat.Message{}
	for _, one := range wanted {
		if one.Rev > since {
			want = append(want, one.Message)
		}
	}
	if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		rt.Fatal(diff)
	}
}

// check compares the head of each who is inside.
func (m *model) check(rt *rapid.T) {
	id, _ := chat.ParseID(m.room)
	members := 0
	for who, inside := range m.inside {
		if !inside {
			continue
		}
		members++
		head := m.h.head(m.t, m.people[who], id)
		if head.Room.LastRev != m.rev || head.Room.LastSeq != int64(len(m.messages)) {
			rt.Fatalf("the head says %+v, wanted seq %d rev %d", head.Room, len(m.messages), m.rev)
		}
		unread := 0
		for _, one := range m.messages {
			if one.Seq > head.ReadSeq && one.by != who && !one.Deleted() {
				unread++
			}
		}
		if head.Unread != min(unread, chat.CountCap) {
			rt.Fatalf("%d unread, wanted %d", head.Unread, unread)
		}
	}
	if room := m.h.head(m.t, m.people[0], id).Room; room.MembersCount != members {
		rt.Fatalf("%d members, wanted %d", room.MembersCount, members)
	}
}
