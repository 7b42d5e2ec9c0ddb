package wire_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/wire"
)

func TestDecode_ReadsEveryField(t *testing.T) {
	var in wire.SendRequest
	err := wire.Decode([]byte(`{"room":"#Design","to":["@bob","7001"],"cid":"c","body":"hi","reply_to":3,"files":["12"],"later":{"x":1}}`), &in)
	if err != nil {
		t.Fatal(err)
	}
	three := int64(3)
	want := wire.SendRequest{Room: "#Design", To: wire.UserRefs{"@bob", "7001"}, CID: "c", Body: "hi", ReplyTo: &three, Files: []wire.ID{12}}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Error(diff)
	}
}

func TestDecode_OnePersonMayStandForAList(t *testing.T) {
	var in wire.TypingRequest
	if err := wire.Decode([]byte(`{"to":"bob"}`), &in); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wire.UserRefs{"bob"}, in.To); diff != "" {
		t.Error(diff)
	}
}

func TestDecode_NullAndOtherCaseCountAsAbsent(t *testing.T) {
	var in wire.SendRequest
	if err := wire.Decode([]byte(`{"Body":"no","BODY":"no","cid":null,"reply_to":null,"files":null}`), &in); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wire.SendRequest{}, in); diff != "" {
		t.Error(diff)
	}
}

func TestDecode_RefusesWhatIsNotOfTheShapeAndNamesTheField(t *testing.T) {
	tests := []struct {
		payload string
		in      any
		field   string
	}{
		{`null`, new(wire.RoomRequest), ""},
		{`[]`, new(wire.RoomRequest), ""},
		{`"room"`, new(wire.RoomRequest), ""},
		{`{"room":"a"} x`, new(wire.RoomRequest), ""},
		{`{`, new(wire.RoomRequest), ""},
		{``, new(wire.RoomRequest), ""},
		{`{"room":7}`, new(wire.RoomRequest), "room"},
		{`{"room":["a"]}`, new(wire.RoomRequest), "room"},
		{`{"room":{"_placeholder":true,"num":0}}`, new(wire.RoomRequest), "room"},
		{`{"body":1}`, new(wire.SendRequest), "body"},
		{`{"to":7}`, new(wire.SendRequest), "to"},
		{`{"to":[7]}`, new(wire.SendRequest), "to"},
		{`{"to":{"id":"7"}}`, new(wire.SendRequest), "to"},
		{`{"to":null}`, new(wire.SendRequest), "to"},
		{`{"room":null}`, new(wire.SendRequest), "room"},
		{`{"room":""}`, new(wire.SendRequest), "room"},
		{`{"room":""}`, new(wire.TypingRequest), "room"},
		{`{"files":[12]}`, new(wire.SendRequest), "files"},
		{`{"files":["x"]}`, new(wire.SendRequest), "files"},
		{`{"reply_to":"3"}`, new(wire.SendRequest), "reply_to"},
		{`{"seq":1.5}`, new(wire.ReadRequest), "seq"},
		{`{"seq":1e30}`, new(wire.ReadRequest), "seq"},
		{`{"unread":"yes"}`, new(wire.ReadRequest), "unread"},
		{`{"private":1}`, new(wire.CreateRoomRequest), "private"},
		{`{"members":"bob"}`, new(wire.CreateRoomRequest), "members"},
	}
	for _, test := range tests {
		err := wire.Decode([]byte(test.payload), test.in)
		var shape *wire.FieldError
		if !errors.As(err, &shape) {
			t.Errorf("%s: got %v, want a FieldError", test.payload, err)
			continue
		}
		if shape.Field != test.field {
			t.Errorf("%s: field %q, want %q", test.payload, shape.Field, test.field)
		}
	}
}

func TestRefuse_TellsNobodyTheTextOfAnUncodedError(t *testing.T) {
	answer, written := wire.Refuse(fmt.Errorf("open /secret/path: %w", errors.New("broken")))
	if written || answer.Error.Code != chat.Internal || answer.Error.Message != "Something went wrong on the server." {
		t.Errorf("got %+v, written %v", answer, written)
	}
}

func TestRefuse_ATimeoutMayBeTriedAgain(t *testing.T) {
	answer, written := wire.Refuse(fmt.Errorf("send: %w", context.DeadlineExceeded))
	if !written || answer.Error.Code != chat.Unavailable || answer.Error.RetryMS == 0 {
		t.Errorf("got %+v, written %v", answer, written)
	}
}

func TestStatus_FollowsTheContract(t *testing.T) {
	want := map[chat.Code]int{
		chat.BadCredentials: 401, chat.Unauthorized: 401, chat.Forbidden: 403, chat.Blocked: 403,
		chat.NotFound: 404, chat.NewName: 404, chat.Invalid: 400, chat.Conflict: 409, chat.TooLarge: 413,
		chat.RateLimited: 429, chat.Unavailable: 503, chat.Internal: 500,
	}
	got := make(map[chat.Code]int)
	for code := range want {
		got[code] = wire.Status(code)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Whatever comes, the members of an object are those that encoding/json finds.
func FuzzDecode_ReadsAsEncodingJSONDoes(f *testing.F) {
	for _, seed := range []string{
		`{"room":"a","cid":"c","body":"b\n","reply_to":3,"files":["1"],"x":{"y":[1,{"z":"}"}]}}`, ` { "body" : "a" , "body" : "b" } `,
		`{"b\u006fdy":"\ud83c\udf89"}`, "{\"body\":\"\xff\"}", `{"reply_to":-1e0,"cid":null}`, `{}`, `[]`, `{"a":true,"b":false,"c":null}`, `{"body":"\\"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		var given map[string]json.RawMessage
		object := json.Unmarshal([]byte(payload), &given) == nil && given != nil
		var got, want struct {
			Body    string `json:"body"`
			CID     string `json:"cid"`
			ReplyTo *int64 `json:"reply_to"`
			Any     any    `json:"x"`
		}
		fits := object
		for name, dest := range map[string]any{"body": &want.Body, "cid": &want.CID, "reply_to": &want.ReplyTo, "x": &want.Any} {
			if value, ok := given[name]; ok && json.Unmarshal(value, dest) != nil {
				fits = false
			}
		}
		if err := wire.Decode([]byte(payload), &got); (err == nil) != fits {
			t.Fatalf("%q: %v, encoding/json reads it: %v", payload, err, fits)
		}
		if diff := cmp.Diff(want, got); fits && diff != "" {
			t.Errorf("%q: %s", payload, diff)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	payload := []byte(`{"room":"1152921504606846976","cid":"1-12-345","body":"a message of the usual length, as people write them"}`)
	for b.Loop() {
		var in wire.SendRequest
		if err := wire.Decode(payload, &in); err != nil {
			b.Fatal(err)
		}
	}
}
