package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// reply answers a message in Everyone.
func (h *house) reply(t *testing.T, by chat.Session, to int64, body string) chat.Message {
	t.Helper()
	result, err := h.Send(t.Context(), by, chat.SendInput{Body: body, ReplyTo: &to})
	if err != nil {
		t.Fatal(err)
	}
	return result.Message
}

func TestThread_AnAnswerToAnAnswerIsInTheSameThread(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	root := h.say(t, ann, "", "who comes along?")
	first := h.reply(t, bob, root.Seq, "I do")
	h.say(t, ann, "", "something else")
	second := h.reply(t, ann, first.Seq, "splendid")
	if first.Thread != root.Seq || second.Thread != root.Seq || second.ReplyTo != first.Seq {
		t.Errorf("the answers say %+v and %+v", first, second)
	}
	for _, of := range []int64{root.Seq, first.Seq, second.Seq} {
		page, err := h.Thread(t.Context(), bob, chat.ThreadInput{Room: "everyone", Seq: of})
		if err != nil || page.Root.Seq != root.Seq || page.Root.Replies != 2 || page.More {
			t.Fatalf("the thread of %d: %+v, %v", of, page, err)
		}
		if diff := cmp.Diff([]chat.Message{first, second}, page.Messages); diff != "" {
			t.Error(diff)
		}
	}
}

func TestThread_EachRevIsToldOnceAndTheNextSendFollows(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	root := h.say(t, ann, "", "a question")
	answer := h.reply(t, ann, root.Seq, "an answer")
	if _, err := h.Delete(t.Context(), ann, chat.DeleteInput{Room: "everyone", Seq: answer.Seq}); err != nil {
		t.Fatal(err)
	}
	last := h.say(t, ann, "", "plain")
	var told []string
	for _, e := range published[chat.Event](t, h) {
		switch e := e.(type) {
		case chat.MessageCreated:
			told = append(told, fmt.Sprintf("rev %d: %d is new", e.Message.Rev, e.Message.Seq))
		case chat.MessageChanged:
			told = append(told, fmt.Sprintf("rev %d: %d has %d", e.Message.Rev, e.Message.Seq, e.Message.Replies))
		}
	}
	r := root.Rev
	want := []string{
		fmt.Sprintf("rev %d: 1 is new", r), fmt.Sprintf("rev %d: 2 is new", r+1), fmt.Sprintf("rev %d: 1 has 1", r+2),
		fmt.Sprintf("rev %d: 2 has 0", r+3), fmt.Sprintf("rev %d: 1 has 0", r+4), fmt.Sprintf("rev %d: 3 is new", r+5),
	}
	if diff := cmp.Diff(want, told); diff != "" || last.Rev != r+5 {
		t.Errorf("the last is %+v; %s", last, diff)
	}
}

func TestThread_ADeletedBeginningKeepsItsAnswers(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	root := h.say(t, ann, "", "a question")
	h.reply(t, bob, root.Seq, "an answer")
	if _, err := h.Delete(t.Context(), ann, chat.DeleteInput{Room: "everyone", Seq: root.Seq}); err != nil {
		t.Fatal(err)
	}
	h.reply(t, bob, root.Seq, "and one more")
	page, err := h.Thread(t.Context(), bob, chat.ThreadInput{Room: "everyone", Seq: root.Seq})
	if err != nil || !page.Root.Deleted() || page.Root.Replies != 2 || len(page.Messages) != 2 {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestThread_Bounds(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	root := h.say(t, ann, "", "a question").Seq
	for range 9 {
		h.reply(t, ann, root, "an answer")
		h.say(t, ann, "", "something else")
	}
	for what, c := range map[string]struct {
		in   chat.ThreadInput
		want []int64
		more bool
	}{
		"all":              {chat.ThreadInput{}, []int64{2, 4, 6, 8, 10, 12, 14, 16, 18}, false},
		"the latest":       {chat.ThreadInput{Limit: ptr(2)}, []int64{16, 18}, true},
		"before":           {chat.ThreadInput{Before: ptr[int64](8), Limit: ptr(2)}, []int64{4, 6}, true},
		"before, the rest": {chat.ThreadInput{Before: ptr[int64](6), Limit: ptr(2)}, []int64{2, 4}, false},
		"after":            {chat.ThreadInput{After: ptr[int64](4), Limit: ptr(2)}, []int64{6, 8}, true},
		"after, the rest":  {chat.ThreadInput{After: ptr[int64](14), Limit: ptr(2)}, []int64{16, 18}, false},
		"of no thread":     {chat.ThreadInput{Seq: 3}, nil, false},
	} {
		c.in.Room = "everyone"
		if c.in.Seq == 0 {
			c.in.Seq = root
		}
		page, err := h.Thread(t.Context(), ann, c.in)
		if err != nil || page.More != c.more {
			t.Errorf("%s: more %t, %v", what, page.More, err)
		}
		if diff := cmp.Diff(c.want, seqs(page.Messages)); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	for what, c := range map[string]struct {
		in   chat.ThreadInput
		code chat.Code
	}{
		"two bounds":               {chat.ThreadInput{Seq: 1, Before: ptr[int64](1), After: ptr[int64](1)}, chat.Invalid},
		"limit 0":                  {chat.ThreadInput{Seq: 1, Limit: ptr(0)}, chat.Invalid},
		"a message that never was": {chat.ThreadInput{Seq: 99}, chat.NotFound},
	} {
		c.in.Room = "everyone"
		_, err := h.Thread(t.Context(), ann, c.in)
		if chat.CodeOf(err) != c.code {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestThread_WhatARoomForgetsIsNotCounted(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	h.room(t, ann, chat.CreateRoomInput{Name: "brief"})
	if _, err := h.UpdateRoom(t.Context(), ann, chat.UpdateRoomInput{Room: "brief", RetentionDays: ptr(1)}); err != nil {
		t.Fatal(err)
	}
	answer := func() {
		if _, err := h.Send(t.Context(), ann, chat.SendInput{Room: "brief", Body: "an answer", ReplyTo: ptr[int64](1)}); err != nil {
			t.Fatal(err)
		}
	}
	h.say(t, ann, "brief", "a question")
	answer()
	h.clock.t = h.clock.t.Add(25 * time.Hour)
	answer()
	if err := h.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	page, err := h.Thread(t.Context(), ann, chat.ThreadInput{Room: "brief", Seq: 1})
	if err != nil || page.Root.Replies != 1 || !page.Root.Deleted() || !page.Messages[0].Deleted() || page.Messages[1].Deleted() {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestPins_TheLatestFirstInPages(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	pin := func(seq int64, on bool) {
		t.Helper()
		if _, err := h.Pin(t.Context(), ann, chat.PinInput{Room: "everyone", Seq: seq, On: on}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range int64(120) {
		h.say(t, ann, "", "text")
		if i%40 == 0 {
			h.clock.t = h.clock.t.Add(time.Second) // many are pinned in the same moment
		}
		pin(i+1, true)
	}
	pin(60, false)
	if _, err := h.Delete(t.Context(), ann, chat.DeleteInput{Room: "everyone", Seq: 61}); err != nil {
		t.Fatal(err)
	}
	h.clock.t = h.clock.t.Add(time.Second)
	pin(5, false)
	pin(5, true)
	var got []int64
	var sizes []int
	for cursor := ""; ; {
		page, err := h.Pins(t.Context(), ann, chat.PinsInput{Room: "everyone", Cursor: cursor})
		if err != nil {
			t.Fatal(err)
		}
		got, sizes = append(got, seqs(page.Messages)...), append(sizes, len(page.Messages))
		if cursor = page.Cursor; cursor == "" {
			break
		}
	}
	want := []int64{5}
	for seq := int64(120); seq > 0; seq-- {
		if seq != 5 && seq != 60 && seq != 61 {
			want = append(want, seq)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{50, 50, 18}, sizes); diff != "" {
		t.Error(diff)
	}
	for _, cursor := range []string{"x!", "eA", "MQ"} {
		_, err := h.Pins(t.Context(), ann, chat.PinsInput{Room: "everyone", Cursor: cursor})
		wantCode(t, err, chat.Invalid)
	}
}

func TestEdits_AreWhatAMessageSaidUntilItIsDeleted(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.say(t, ann, "", "text 0")
	var times []time.Time
	for i := range chat.MaxEdits + 3 {
		h.clock.t = h.clock.t.Add(time.Second)
		times = append(times, h.clock.t)
		if _, err := h.Edit(t.Context(), ann, chat.EditInput{Room: "everyone", Seq: 1, Body: fmt.Sprint("text ", i+1)}); err != nil {
			t.Fatal(err)
		}
	}
	edits, err := h.Edits(t.Context(), bob, "everyone", 1)
	if err != nil || len(edits) != chat.MaxEdits {
		t.Fatalf("%d texts, %v", len(edits), err)
	}
	for i, edit := range edits {
		if edit.Body != fmt.Sprint("text ", i+3) || !edit.At.Equal(times[i+3]) {
			t.Errorf("text %d is %+v", i, edit)
		}
	}
	if _, err := h.Delete(t.Context(), ann, chat.DeleteInput{Room: "everyone", Seq: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Edits(t.Context(), bob, "everyone", 1); chat.CodeOf(err) != chat.NotFound || !strings.Contains(err.Error(), "deleted") {
		t.Errorf("after the deletion: %v", err)
	}
}
