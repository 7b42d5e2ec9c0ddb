package wire_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"parley/internal/chat"
	"parley/internal/wire"
)

// reflected is a message without what is written by hand.
type reflected wire.Message

// byReflection is what encoding/json makes of a value without HTML in mind.
func byReflection(t testing.TB, value any) string {
	t.Helper()
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
}

func sameBytes(t *testing.T, m wire.Message) {
	t.Helper()
	whole := byReflection(t, reflected(m))
	written, err := m.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	if string(written) != whole {
		t.Errorf("by hand\n%s\nby reflection\n%s", written, whole)
	}
	push, err := wire.MessagePush{Room: m.Room, Rev: m.Rev, Message: m}.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := byReflection(t, struct {
		Room    wire.ID   `json:"room"`
		Rev     int64     `json:"rev"`
		Message reflected `json:"message"`
	}{m.Room, m.Rev, reflected(m)}); string(push) != want {
		t.Errorf("by hand\n%s\nby reflection\n%s", push, want)
	}
	answer, err := wire.SendAnswer{Message: m, Duplicate: m.Seq%2 == 0}.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := byReflection(t, struct {
		OK        bool      `json:"ok"`
		Message   reflected `json:"message"`
		Duplicate bool      `json:"duplicate"`
	}{true, reflected(m), m.Seq%2 == 0}); string(answer) != want {
		t.Errorf("by hand\n%s\nby reflection\n%s", answer, want)
	}
}

func TestMessages_AreWrittenByHandAsByReflection(t *testing.T) {
	sameBytes(t, wire.Message{})
	sameBytes(t, complete())
	for _, m := range []chat.Message{hello, gone} {
		sameBytes(t, wire.FromMessage(m, m.Author.ID))
		sameBytes(t, wire.FromMessage(m, 0))
	}
}

func FuzzMessages_AreWrittenByHandAsByReflection(f *testing.F) {
	f.Add("ann", "hello", "c-1", int64(1), int64(2), int64(1763713920123))
	f.Add("\x00\x1f\x7f\"\\/\b\f\n\r\t", "<b>&amp;</b>", "é日本🎉", int64(-1), int64(1)<<62, int64(0))
	f.Add("\xff\xc3\x28", "a\u2028b\u2029c\ufffd", "\xed\xa0\x80", int64(0), int64(0), int64(-62135596800000))
	f.Fuzz(func(t *testing.T, name, body, cid string, seq, id, at int64) {
		m := wire.FromMessage(chat.Message{
			ID: chat.ID(id), Room: chat.ID(seq), Seq: seq, Rev: id, Author: chat.ShortUser{ID: chat.ID(id), Name: name, DisplayName: body},
			Kind: chat.MessageKind(name), Body: body, CID: cid, ReplyTo: seq, CreatedAt: time.UnixMilli(at), EditedAt: time.UnixMilli(at),
			Reactions: []chat.Reaction{{Emoji: body, Users: []chat.ID{chat.ID(id)}}}[:seq&1],
			Mentions:  chat.Mentions{Users: []chat.ID{chat.ID(id)}[:id&1], Everyone: seq&1 == 1},
			Files:     []chat.File{{Name: name, MIME: body, Bytes: at}}[:id&1],
		}, chat.ID(id))
		sameBytes(t, m)
	})
}

func BenchmarkMessagePush(b *testing.B) {
	push := wire.MessagePush{Room: 9002, Rev: 2, Message: wire.FromMessage(chat.Message{
		ID: 1 << 60, Room: 1 << 61, Seq: 1, Rev: 2, Author: ann.Short(), Kind: chat.KindText, CID: "c-1",
		Body: "a message of the usual length, as people write them", CreatedAt: morning,
	}, ann.ID)}
	buf := make([]byte, 0, 1024)
	for b.Loop() {
		if _, err := push.AppendJSON(buf); err != nil {
			b.Fatal(err)
		}
	}
}
