package chat_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func TestSend_ToEveryoneARoomAndAPerson(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob, chen := h.login(t, "Ann"), h.login(t, "bob"), h.login(t, "chen")
	design := h.room(t, ann, chat.CreateRoomInput{Name: "Design", Private: true, Members: []string{"bob"}})

	all := h.say(t, ann, "", "hello all")
	if all.Room != h.Everyone() || all.Seq != 1 || all.Author.DisplayName != "Ann" || all.Kind != chat.KindText {
		t.Errorf("to everyone: %+v", all)
	}
	if m := h.say(t, bob, "#design", "in the room"); m.Room != design.ID || m.Seq != 1 || m.Rev != 2 {
		t.Errorf("to a room: %+v", m)
	}
	direct, err := h.Send(t.Context(), ann, chat.SendInput{To: []string{"@BOB"}, Body: "psst"})
	if err != nil {
		t.Fatal(err)
	}
	if m := direct.Message; m.Seq != 1 || m.Rev != 2 {
		t.Errorf("to a person: %+v", m)
	}
	back, err := h.Send(t.Context(), bob, chat.SendInput{To: []string{ann.User.String()}, Body: "yes?"})
	if err != nil || back.Message.Room != direct.Message.Room || back.Message.Seq != 2 {
		t.Errorf("the answer: %+v, %v", back, err)
	}
	_, err = h.Send(t.Context(), chen, chat.SendInput{Room: direct.Message.Room.String(), Body: "let me in"})
	wantCode(t, err, chat.NotFound)
	_, err = h.History(t.Context(), chen, chat.HistoryInput{Room: design.ID.String()})
	wantCode(t, err, chat.NotFound)
}

func TestSend_DirectRoomIsToldWithTheViewOfEachBeforeItsFirstMessage(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	sent, err := h.Send(t.Context(), ann, chat.SendInput{To: []string{"bob"}, Body: "psst"})
	if err != nil {
		t.Fatal(err)
	}
	h.flush(t)
	events := h.events.Events()
	created, ok := events[len(events)-2].(chat.RoomCreated)
	message, ok2 := events[len(events)-1].(chat.MessageCreated)
	if !ok || !ok2 || created.Rev != 1 || message.Message.Rev != 2 || message.Kind != chat.KindDM || message.Message.ID != sent.Message.ID {
		t.Fatalf("told: %+v", events[len(events)-2:])
	}
	peers := map[chat.ID]string{}
	for _, head := range created.Heads {
		if head.Head.Room.LastRev != 1 || head.Head.Notify != chat.NotifyAll || len(head.Head.Room.Peers) != 1 {
			t.Fatalf("the head of %s: %+v", head.User, head.Head)
		}
		peers[head.User] = head.Head.Room.Peers[0].Name
	}
	if diff := cmp.Diff(map[chat.ID]string{ann.User: "bob", bob.User: "ann"}, peers); diff != "" {
		t.Error(diff)
	}
}

func TestSend_ManyFirstDirectMessagesMakeOneRoom(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			by, to := ann, "bob"
			if i%2 == 0 {
				by, to = bob, "ann"
			}
			if _, err := h.Send(t.Context(), by, chat.SendInput{To: []string{to}, Body: "first!"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if created := published[chat.RoomCreated](t, h); len(created) != 1 {
		t.Errorf("%d rooms were made", len(created))
	}
	if rooms, err := h.RoomsOf(t.Context(), ann.User); err != nil || len(rooms) != 2 {
		t.Errorf("rooms %v, %v", rooms, err)
	}
}

func TestSend_NotesToOneselfAndToSeveral(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	for i := range 8 {
		h.login(t, fmt.Sprintf("friend-%d", i))
	}
	notes, err := h.Send(t.Context(), ann, chat.SendInput{To: []string{"ann"}, Body: "buy milk"})
	if err != nil {
		t.Fatal(err)
	}
	if room := h.head(t, ann, notes.Message.Room).Room; room.MembersCount != 1 || len(room.Peers) != 0 {
		t.Errorf("notes: %+v", room)
	}
	seven := []string{"friend-0", "friend-1", "friend-2", "friend-3", "friend-4", "friend-5", "friend-6"}
	group, err := h.Send(t.Context(), ann, chat.SendInput{To: seven, Body: "party"})
	if err != nil {
		t.Fatal(err)
	}
	same, err := h.Send(t.Context(), h.login(t, "friend-3"), chat.SendInput{
		To: append([]string{"ann", "friend-6", "friend-5", "friend-4"}, seven[:3]...), Body: "yes",
	})
	if err != nil || same.Message.Room != group.Message.Room {
		t.Errorf("the same people in another order: %+v, %v", same, err)
	}
	_, err = h.Send(t.Context(), ann, chat.SendInput{To: append(seven, "friend-7"), Body: "too many"})
	wantCode(t, err, chat.Invalid)
	_, err = h.Send(t.Context(), ann, chat.SendInput{To: []string{"friend-7", "nobody"}, Body: "to one who is not here"})
	wantCode(t, err, chat.NotFound)
	if rooms, err := h.RoomsOf(t.Context(), h.login(t, "friend-7").User); err != nil || len(rooms) != 1 {
		t.Errorf("a refused send has made a room: %v, %v", rooms, err)
	}
}

func TestSend_Refusals(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	open := h.room(t, ann, chat.CreateRoomInput{Name: "open"}).ID.String()
	h.say(t, ann, open, "first")
	for what, c := range map[string]struct {
		in   chat.SendInput
		code chat.Code
	}{
		"room and to":              {chat.SendInput{Room: open, To: []string{"ann"}, Body: "x"}, chat.Invalid},
		"to nobody":                {chat.SendInput{To: []string{}, Body: "x"}, chat.Invalid},
		"no text":                  {chat.SendInput{Body: ""}, chat.Invalid},
		"only white space":         {chat.SendInput{Body: " \n\u3000"}, chat.Invalid},
		"not UTF-8":                {chat.SendInput{Body: "a\xff"}, chat.Invalid},
		"a NUL":                    {chat.SendInput{Body: "a\x00b"}, chat.Invalid},
		"too long":                 {chat.SendInput{Body: strings.Repeat("é", chat.MaxBody+1)}, chat.TooLarge},
		"a cid too long":           {chat.SendInput{Body: "x", CID: strings.Repeat("é", 65)}, chat.Invalid},
		"a file nobody uploaded":   {chat.SendInput{Body: "x", Files: []string{"1"}}, chat.NotFound},
		"an unknown room":          {chat.SendInput{Room: "nowhere", Body: "x"}, chat.NotFound},
		"an open room, not in it":  {chat.SendInput{Room: open, Body: "x"}, chat.Forbidden},
		"a reply to nothing":       {chat.SendInput{Body: "x", ReplyTo: ptr[int64](1)}, chat.Invalid},
		"a reply to nothing (0)":   {chat.SendInput{Body: "x", ReplyTo: ptr[int64](0)}, chat.Invalid},
		"a stranger to everybody":  {chat.SendInput{To: []string{"999"}, Body: "x"}, chat.NotFound},
		"an id that is not a room": {chat.SendInput{Room: bob.User.String(), Body: "x"}, chat.NotFound},
	} {
		_, err := h.Send(t.Context(), bob, c.in)
		if chat.CodeOf(err) != c.code {
			t.Errorf("%s: %v, wanted %s", what, err, c.code)
		}
	}
	if everyone := h.head(t, bob, h.Everyone()); everyone.LastMessage != nil || everyone.Room.LastSeq != 0 {
		t.Errorf("refused sends are in the history: %+v", everyone)
	}
	if told := published[chat.MessageCreated](t, h); len(told) != 1 {
		t.Errorf("%d messages were told", len(told))
	}
	longest := h.say(t, bob, "", strings.Repeat("é", chat.MaxBody))
	reply, err := h.Send(t.Context(), bob, chat.SendInput{Body: "short", ReplyTo: &longest.Seq})
	if err != nil || reply.Message.ReplyTo != longest.Seq {
		t.Errorf("a reply: %+v, %v", reply, err)
	}
}

func TestSend_SameClientIDTwice(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.room(t, bob, chat.CreateRoomInput{Name: "Design", Members: []string{"ann"}})
	send := chat.SendInput{Room: "design", CID: "c-1", Body: "hello @bob"}
	first, err := h.Send(t.Context(), ann, send)
	if err != nil {
		t.Fatal(err)
	}
	if first.Duplicate || first.Message.Body != "hello <@"+bob.User.String()+">" {
		t.Errorf("the first: %+v", first)
	}
	if _, err := h.LeaveRoom(t.Context(), ann, "design"); err != nil {
		t.Fatal(err)
	}
	for _, room := range []string{"design", "#DESIGN", first.Message.Room.String()} {
		send.Room = room
		again, err := h.Send(t.Context(), ann, send)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(chat.SendResult{Message: first.Message, Duplicate: true}, again); diff != "" {
			t.Errorf("sent to %q again: %s", room, diff)
		}
	}
	for what, other := range map[string]chat.SendInput{
		"another body":      {Room: "design", CID: "c-1", Body: "hello"},
		"the stored body":   {Room: "design", CID: "c-1", Body: first.Message.Body},
		"another room":      {CID: "c-1", Body: send.Body},
		"an unknown room":   {Room: "nowhere", CID: "c-1", Body: send.Body},
		"a person instead":  {To: []string{"bob"}, CID: "c-1", Body: send.Body},
		"an unknown person": {To: []string{"nobody"}, CID: "c-1", Body: send.Body},
	} {
		if _, err := h.Send(t.Context(), ann, other); chat.CodeOf(err) != chat.Conflict {
			t.Errorf("%s: %v", what, err)
		}
	}
	if theirs, err := h.Send(t.Context(), bob, send); err != nil || theirs.Duplicate {
		t.Errorf("the same cid of another author: %+v, %v", theirs, err)
	}
	if told := published[chat.MessageCreated](t, h); len(told) != 2 {
		t.Errorf("%d messages were told, wanted 2", len(told))
	}
}

func TestSend_SameClientIDAtTheSameTimeIsOneMessage(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	results := make([]chat.SendResult, 16)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() {
			var err error
			if results[i], err = h.Send(t.Context(), ann, chat.SendInput{To: []string{"ann"}, CID: "c", Body: "once"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	firsts := 0
	for _, r := range results {
		if !r.Duplicate {
			firsts++
		}
		if r.Message.ID != results[0].Message.ID || r.Message.Seq != 1 {
			t.Errorf("one answer is %+v", r.Message)
		}
	}
	if firsts != 1 {
		t.Errorf("%d sends were told to be the first", firsts)
	}
}

func TestSend_WithoutClientIDEachIsANewMessage(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	a, b := h.say(t, ann, "", "twice"), h.say(t, ann, "", "twice")
	if a.Seq == b.Seq || a.CID == "" || a.CID == b.CID {
		t.Errorf("%+v and %+v", a, b)
	}
}

func TestTypingIn_TellsWhereItGoes(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	secret := h.room(t, ann, chat.CreateRoomInput{Name: "secret", Private: true}).ID
	open := h.room(t, ann, chat.CreateRoomInput{Name: "open"}).ID

	everyone, err := h.TypingIn(t.Context(), bob, "", nil)
	if err != nil || everyone.Room != h.Everyone() || everyone.User.Name != "bob" {
		t.Errorf("to everyone: %+v, %v", everyone, err)
	}
	if nobody, err := h.TypingIn(t.Context(), bob, "", []string{"ann"}); err != nil || nobody.Room != 0 {
		t.Errorf("before there is a dm: %+v, %v", nobody, err)
	}
	dm, err := h.Send(t.Context(), ann, chat.SendInput{To: []string{"bob"}, Body: "hi"})
	if err != nil {
		t.Fatal(err)
	}
	if typing, err := h.TypingIn(t.Context(), bob, "", []string{"ann"}); err != nil || typing.Room != dm.Message.Room {
		t.Errorf("to a person: %+v, %v", typing, err)
	}
	_, err = h.TypingIn(t.Context(), bob, secret.String(), nil)
	wantCode(t, err, chat.NotFound)
	_, err = h.TypingIn(t.Context(), bob, open.String(), nil)
	wantCode(t, err, chat.Forbidden)
	_, err = h.TypingIn(t.Context(), bob, open.String(), []string{"ann"})
	wantCode(t, err, chat.Invalid)
}
