package chat_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func seqs(messages []chat.Message) []int64 {
	var found []int64
	for _, m := range messages {
		found = append(found, m.Seq)
	}
	return found
}

func between(first, last int64) []int64 {
	var all []int64
	for seq := first; seq <= last; seq++ {
		all = append(all, seq)
	}
	return all
}

func TestHistory_Bounds(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	empty := h.room(t, ann, chat.CreateRoomInput{Name: "empty"}).ID.String()
	page, err := h.History(t.Context(), ann, chat.HistoryInput{Room: empty})
	if err != nil || page.Messages == nil || len(page.Messages) != 0 || page.First != 0 || page.Last != 0 {
		t.Errorf("an empty room: %+v, %v", page, err)
	}
	for i := range 250 {
		h.say(t, ann, "", fmt.Sprint(i))
	}
	for what, c := range map[string]struct {
		in   chat.HistoryInput
		want []int64
	}{
		"the latest":             {chat.HistoryInput{}, between(201, 250)},
		"the latest few":         {chat.HistoryInput{Limit: ptr(3)}, between(248, 250)},
		"the most":               {chat.HistoryInput{Limit: ptr(1000)}, between(51, 250)},
		"before":                 {chat.HistoryInput{Before: ptr[int64](10), Limit: ptr(4)}, between(6, 9)},
		"before the first":       {chat.HistoryInput{Before: ptr[int64](1)}, nil},
		"before, far beyond":     {chat.HistoryInput{Before: ptr[int64](math.MaxInt64), Limit: ptr(1)}, between(250, 250)},
		"before, below zero":     {chat.HistoryInput{Before: ptr[int64](-5)}, nil},
		"after":                  {chat.HistoryInput{After: ptr[int64](10), Limit: ptr(4)}, between(11, 14)},
		"after the last":         {chat.HistoryInput{After: ptr[int64](250)}, nil},
		"after, below zero":      {chat.HistoryInput{After: ptr[int64](-5), Limit: ptr(2)}, between(1, 2)},
		"around":                 {chat.HistoryInput{Around: ptr[int64](100), Limit: ptr(5)}, between(98, 102)},
		"around one":             {chat.HistoryInput{Around: ptr[int64](100), Limit: ptr(1)}, between(100, 100)},
		"around the first":       {chat.HistoryInput{Around: ptr[int64](1), Limit: ptr(6)}, between(1, 6)},
		"around the last":        {chat.HistoryInput{Around: ptr[int64](250), Limit: ptr(6)}, between(245, 250)},
		"around, beyond the end": {chat.HistoryInput{Around: ptr[int64](math.MaxInt64), Limit: ptr(2)}, between(249, 250)},
	} {
		c.in.Room = "everyone"
		page, err := h.History(t.Context(), ann, c.in)
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if diff := cmp.Diff(c.want, seqs(page.Messages)); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
		if page.First != 1 || page.Last != 250 {
			t.Errorf("%s: the room goes from %d to %d", what, page.First, page.Last)
		}
	}
	for what, in := range map[string]chat.HistoryInput{
		"two bounds": {Room: "everyone", Before: ptr[int64](1), After: ptr[int64](1)},
		"limit 0":    {Room: "everyone", Limit: ptr(0)},
		"limit -1":   {Room: "everyone", Limit: ptr(-1)},
	} {
		if _, err := h.History(t.Context(), ann, in); chat.CodeOf(err) != chat.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestHistory_OfAnOpenRoomOneIsNotIn(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.room(t, ann, chat.CreateRoomInput{Name: "open"})
	h.say(t, ann, "open", "hello")
	if page, err := h.History(t.Context(), bob, chat.HistoryInput{Room: "open"}); err != nil || len(page.Messages) != 1 {
		t.Errorf("history: %+v, %v", page, err)
	}
	if page, err := h.Changes(t.Context(), bob, chat.ChangesInput{Room: "open"}); err != nil || len(page.Messages) != 1 {
		t.Errorf("changes: %+v, %v", page, err)
	}
	if page, err := h.Members(t.Context(), bob, "open", ""); err != nil || len(page.Members) != 1 {
		t.Errorf("members: %+v, %v", page, err)
	}
	_, err := h.SetRead(t.Context(), bob, chat.SetReadInput{Room: "open", Seq: 1})
	wantCode(t, err, chat.Forbidden)
}

func TestChanges_PagesMembershipAndReset(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.room(t, ann, chat.CreateRoomInput{Name: "design"})
	ask := func(since int64, limit *int) chat.ChangesPage {
		t.Helper()
		page, err := h.Changes(t.Context(), ann, chat.ChangesInput{Room: "design", Since: since, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	if page := ask(0, nil); page.Room == nil || !page.MembersChanged || page.ToRev != 1 || page.More || page.Reset {
		t.Errorf("from nothing: %+v", page)
	}
	if page := ask(1, nil); page.Room != nil || page.MembersChanged || page.ToRev != 1 || len(page.Messages) != 0 {
		t.Errorf("nothing new: %+v", page)
	}
	for range 5 {
		h.say(t, ann, "design", "x")
	}
	if page := ask(1, ptr(2)); !page.More || page.ToRev != 3 || len(page.Messages) != 2 {
		t.Errorf("the first page: %+v", page)
	}
	if page := ask(3, ptr(3)); page.More || page.ToRev != 6 || len(page.Messages) != 3 {
		t.Errorf("the last page: %+v", page)
	}
	if _, err := h.JoinRoom(t.Context(), bob, "design"); err != nil {
		t.Fatal(err)
	}
	if page := ask(6, nil); page.ToRev != 7 || !page.MembersChanged || page.Room != nil || len(page.Messages) != 0 {
		t.Errorf("a join: %+v", page)
	}
	if page := ask(8, nil); !page.Reset || page.ToRev != 7 || page.Room == nil || len(page.Messages) != 5 {
		t.Errorf("ahead of the room: %+v", page)
	}
	for range 995 {
		h.say(t, ann, "design", "x")
	}
	if page := ask(2, nil); page.Reset || !page.More || len(page.Messages) != 500 {
		t.Errorf("1,000 behind: %+v", page)
	}
	if page := ask(1, nil); !page.Reset || page.More || page.ToRev != 1002 || page.Messages[0].Seq != 951 || len(page.Messages) != 50 {
		t.Errorf("more than 1,000 behind: %d messages, %+v", len(page.Messages), page)
	}
	for _, in := range []chat.ChangesInput{{Room: "design", Since: -1}, {Room: "design", Limit: ptr(0)}} {
		_, err := h.Changes(t.Context(), ann, in)
		wantCode(t, err, chat.Invalid)
	}
}

func TestUnread_CountsWhatOthersSaidUpToAHundred(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	for i := range 60 {
		h.say(t, ann, "", fmt.Sprintf("to @bob %d", i))
		h.say(t, ann, "", "@everyone")
	}
	head := h.head(t, bob, h.Everyone())
	if head.Unread != chat.CountCap || head.Mentions != chat.CountCap || head.LastMessage == nil || head.LastMessage.Seq != 120 {
		t.Errorf("120 unread mentions: %+v", head)
	}
	if mine := h.head(t, ann, h.Everyone()); mine.Unread != 0 || mine.Mentions != 0 || mine.ReadSeq != 120 {
		t.Errorf("my own: %+v", mine)
	}
	read, err := h.SetRead(t.Context(), bob, chat.SetReadInput{Room: "everyone", Seq: 117})
	if err != nil || read.ReadSeq != 117 || read.Unread != 3 {
		t.Errorf("%+v, %v", read, err)
	}
	if head := h.head(t, bob, h.Everyone()); head.Unread != 3 || head.Mentions != 3 {
		t.Errorf("after reading: %+v", head)
	}
	h.say(t, bob, "", "me too, @bob and @everyone")
	if head := h.head(t, bob, h.Everyone()); head.Unread != 0 || head.Mentions != 0 || head.ReadSeq != 121 {
		t.Errorf("sending reads: %+v", head)
	}
	back, err := h.SetRead(t.Context(), bob, chat.SetReadInput{Room: "everyone", Seq: 118, Unread: true})
	if err != nil || back.Unread != 2 {
		t.Errorf("marking unread again: %+v, %v", back, err)
	}
	if head := h.head(t, bob, h.Everyone()); head.Mentions != 2 {
		t.Errorf("my own mention of myself counts: %+v", head)
	}
}

func TestSetRead_GoesBackOnlyWhenAsked(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	for range 5 {
		h.say(t, ann, "", "x")
	}
	for _, step := range []struct {
		in   chat.SetReadInput
		want chat.ReadResult
	}{
		{chat.SetReadInput{Seq: 3}, chat.ReadResult{ReadSeq: 3, Unread: 2}},
		{chat.SetReadInput{Seq: 1}, chat.ReadResult{ReadSeq: 3, Unread: 2}},
		{chat.SetReadInput{Seq: 99}, chat.ReadResult{ReadSeq: 5}},
		{chat.SetReadInput{Seq: 5, Unread: true}, chat.ReadResult{ReadSeq: 5}},
		{chat.SetReadInput{Seq: 0, Unread: true}, chat.ReadResult{Unread: 5}},
		{chat.SetReadInput{Seq: 99, Unread: true}, chat.ReadResult{ReadSeq: 5}},
	} {
		step.in.Room = "everyone"
		if got, err := h.SetRead(t.Context(), bob, step.in); err != nil || got != step.want {
			t.Errorf("%+v: %+v, %v", step.in, got, err)
		}
	}
	var marks []int64
	for _, e := range published[chat.ReadMoved](t, h) {
		if e.User != bob.User || e.Session != bob.ID || len(e.Peers) != 0 {
			t.Errorf("told: %+v", e)
		}
		marks = append(marks, e.Seq)
	}
	if diff := cmp.Diff([]int64{3, 5, 0, 5}, marks); diff != "" {
		t.Error(diff)
	}
	_, err := h.SetRead(t.Context(), bob, chat.SetReadInput{Room: "everyone", Seq: -1})
	wantCode(t, err, chat.Invalid)
}

func TestSetRead_InADirectRoomTellsThePeer(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	dm, err := h.Send(t.Context(), ann, chat.SendInput{To: []string{"bob"}, Body: "hi"})
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []chat.SetReadInput{{Seq: 1}, {Seq: 0, Unread: true}} {
		in.Room = dm.Message.Room.String()
		if _, err := h.SetRead(t.Context(), bob, in); err != nil {
			t.Fatal(err)
		}
	}
	moved := published[chat.ReadMoved](t, h)
	if len(moved) != 2 || len(moved[0].Peers) != 1 || moved[0].Peers[0] != ann.User || len(moved[1].Peers) != 0 {
		t.Errorf("told: %+v", moved)
	}
}
