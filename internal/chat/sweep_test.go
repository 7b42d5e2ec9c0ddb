package chat_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// A room that keeps messages for a week: older ones become tombstones, told like any deletion, each with a rev of its
// own; others, and other rooms, stay.
func TestSweep_EntombsWhatARoomKeepsNoLonger(t *testing.T) {
	h, blobs := archive(t)
	ann := h.login(t, "ann")
	room := h.room(t, ann, chat.CreateRoomInput{Name: "Design"}).ID.String()
	if _, err := h.UpdateRoom(t.Context(), ann, chat.UpdateRoomInput{Room: room, RetentionDays: ptr(7)}); err != nil {
		t.Fatal(err)
	}
	file := h.upload(t, ann, "old.txt", "", "x")
	if _, err := h.Send(t.Context(), ann, chat.SendInput{Room: room, Body: "with a file", CID: "first", Files: []string{file.ID.String()}}); err != nil {
		t.Fatal(err)
	}
	const count = 230 // more than two batches
	for i := range count - 1 {
		h.say(t, ann, room, fmt.Sprint("old ", i))
	}
	h.say(t, ann, "", "elsewhere")
	h.clock.t = h.clock.t.Add(4 * 24 * time.Hour)
	young := h.say(t, ann, room, "young")
	before := len(published[chat.MessageChanged](t, h))
	sweep := func() {
		t.Helper()
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sweep()
	if n := len(published[chat.MessageChanged](t, h)); n != before {
		t.Errorf("%d messages changed too early", n-before)
	}
	h.clock.t = h.clock.t.Add(4 * 24 * time.Hour)
	sweep()
	sweep()
	changed := published[chat.MessageChanged](t, h)[before:]
	if len(changed) != count {
		t.Fatalf("%d messages changed, want %d", len(changed), count)
	}
	for i, c := range changed {
		m := c.Message
		if !m.Deleted() || m.Body != "" || m.Files != nil || m.Seq != int64(i+1) || m.Rev != young.Rev+int64(i)+1 {
			t.Fatalf("change %d is %+v", i, m)
		}
	}
	page, err := h.History(t.Context(), ann, chat.HistoryInput{Room: room, Limit: ptr(2)})
	if err != nil || len(page.Messages) != 2 || !page.Messages[0].Deleted() || page.Messages[1].Body != "young" {
		t.Errorf("%+v, %v", page, err)
	}
	if got := found(t, h, ann, chat.SearchInput{Query: "old"}); len(got) != 0 {
		t.Errorf("search finds %q", got)
	}
	if got := found(t, h, ann, chat.SearchInput{Query: "elsewhere"}); len(got) != 1 {
		t.Errorf("search finds %q", got)
	}
	if left := blobs.ids(); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
	again, err := h.Send(t.Context(), ann, chat.SendInput{Room: room, Body: "with a file", CID: "first", Files: []string{file.ID.String()}})
	if err != nil || !again.Duplicate || again.Message.Seq != 1 {
		t.Errorf("a retry of the first message: %+v, %v", again, err)
	}
}

func TestSweep_ForgetsSessionsAndDraftsThatNobodyUses(t *testing.T) {
	h := newHouse(t, func(o *chat.Options) { o.SessionTTL = 24 * time.Hour })
	ann := h.login(t, "ann")
	for i := range 150 {
		h.room(t, ann, chat.CreateRoomInput{Name: fmt.Sprint("room ", i)})
		if err := h.SetDraft(t.Context(), ann, fmt.Sprint("room ", i), "not yet"); err != nil {
			t.Fatal(err)
		}
		h.login(t, "ann")
	}
	count := func() (sessions, drafts int) {
		t.Helper()
		err := h.store.View(t.Context(), func(tx chat.Tx) error {
			old, err := tx.SessionsOf(ann.User, time.Time{})
			if err != nil {
				return err
			}
			kept, err := tx.Drafts(ann.User)
			sessions, drafts = len(old), len(kept)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return sessions, drafts
	}
	for _, step := range []struct {
		days             time.Duration
		sessions, drafts int
	}{{0, 151, 150}, {30, 151, 150}, {31, 0, 150}, {91, 0, 0}} {
		start := h.clock.t
		h.clock.t = start.Add(step.days*24*time.Hour + time.Hour)
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if sessions, drafts := count(); sessions != step.sessions || drafts != step.drafts {
			t.Errorf("after %d days: %d sessions and %d drafts, want %d and %d", step.days, sessions, drafts, step.sessions, step.drafts)
		}
		h.clock.t = start
	}
}

// The wall clock is set ten years ahead, then twenty back, while people are logged in and write.
func TestClock_AJumpEndsNoSessionAndKeepsTheOrder(t *testing.T) {
	h := newHouse(t, nil)
	var sessions []chat.Session
	keeper := h.login(t, "keeper")
	h.room(t, keeper, chat.CreateRoomInput{Name: "Brief"})
	if _, err := h.UpdateRoom(t.Context(), keeper, chat.UpdateRoomInput{Room: "brief", RetentionDays: ptr(1)}); err != nil {
		t.Fatal(err)
	}
	h.say(t, keeper, "brief", "not a day old")
	for i := range 5 {
		sessions = append(sessions, h.login(t, fmt.Sprint("person-", i)))
	}
	var seqs, want []int64
	var ids []chat.ID
	const year = 365 * 24 * time.Hour
	for i, jump := range []time.Duration{0, 10 * year, time.Hour, -20 * year, -time.Second} {
		h.clock.jump(jump)
		h.clock.t = h.clock.t.Add(time.Minute)
		sessions = append(sessions, h.login(t, fmt.Sprint("later-", i)))
		for _, by := range sessions {
			m := h.say(t, by, "", "still here")
			seqs, want, ids = append(seqs, m.Seq), append(want, int64(len(want)+1)), append(ids, m.ID)
		}
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, seqs); diff != "" {
		t.Errorf("seqs: %s", diff)
	}
	for i := range ids[1:] {
		if ids[i+1] <= ids[i] {
			t.Fatalf("id %d follows %d", ids[i+1], ids[i])
		}
	}
	if page, err := h.History(t.Context(), keeper, chat.HistoryInput{Room: "brief"}); err != nil || page.Messages[0].Deleted() {
		t.Errorf("%+v, %v", page, err)
	}
	h.clock.t = h.clock.t.Add(91 * 24 * time.Hour)
	for _, by := range sessions {
		_, err := h.Me(t.Context(), by)
		wantCode(t, err, chat.Unauthorized)
	}
}
