package protocol

import (
	"encoding/json"
	"testing"
)

// heard is an event in a form that compares.
type heard struct {
	kind    Kind
	id      uint64
	payload string
	answer  string
}

func hear(t *testing.T, p Protocol, text string) (all []heard) {
	t.Helper()
	for rest := []byte(text); len(rest) > 0; {
		var event Event
		var err error
		event, rest, err = p.Next(rest)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		all = append(all, heard{event.Kind, event.ID, string(event.Payload), string(event.Answer)})
	}
	return all
}

func TestNext_WhatServersSay(t *testing.T) {
	for _, c := range []struct {
		protocol Protocol
		text     string
		want     []heard
	}{
		{SocketIO{}, `0{"sid":"x","upgrades":[]}`, []heard{{answer: "40"}}},
		{SocketIO{}, `40{"sid":"x"}`, []heard{{kind: Ready}}},
		{SocketIO{}, `42["auth",{}]`, []heard{{}}},
		{SocketIO{}, `2`, []heard{{answer: "3"}}},
		{SocketIO{}, `42["chat","abc"]`, []heard{{kind: Deliver, payload: "abc"}}},
		{SocketIO{}, `42["room","abc"]`, []heard{{kind: Deliver, payload: "abc"}}},
		{SocketIO{}, `4317["abc"]`, []heard{{kind: Ack, id: 17, payload: "abc"}}},
		{SocketIO{}, `430[]`, []heard{{kind: Ack}}},
		{Centrifuge{}, `{}`, []heard{{answer: "{}"}}},
		{Centrifuge{}, `{"id":1,"connect":{"client":"x","version":"1"}}`, []heard{{kind: Ready}}},
		{Centrifuge{}, `{"id":9,"rpc":{"data":"abc"}}`, []heard{{kind: Ack, id: 7, payload: "abc"}}},
		{Centrifuge{}, `{"push":{"channel":"chat","pub":{"data":"abc"}}}` + "\n" + `{"push":{"channel":"chat","pub":{"data":"def"}}}`,
			[]heard{{kind: Deliver, payload: "abc"}, {kind: Deliver, payload: "def"}}},
	} {
		got := hear(t, c.protocol, c.text)
		if len(got) != len(c.want) {
			t.Fatalf("%s: heard %v, want %v", c.text, got, c.want)
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: heard %v, want %v", c.text, got[i], c.want[i])
			}
		}
	}
}

func TestNext_WhatServersMustNotSay(t *testing.T) {
	for _, c := range []struct {
		protocol Protocol
		text     string
	}{
		{SocketIO{}, ``}, {SocketIO{}, `1`}, {SocketIO{}, `41`}, {SocketIO{}, `44{"message":"no"}`},
		{SocketIO{}, `42["chat"]`}, {SocketIO{}, `42["other","abc"]`}, {SocketIO{}, `42["chat","abc"`},
		{SocketIO{}, `43x["abc"]`}, {SocketIO{}, `43["abc"]`}, {SocketIO{}, `4312`},
		{Centrifuge{}, ``}, {Centrifuge{}, `{"id":1,"error":{"code":1}}`}, {Centrifuge{}, `{"id":0,"rpc":{"data":"a"}}`},
		{Centrifuge{}, `{"push":{"channel":"other","pub":{"data":"a"}}}`},
	} {
		if event, _, err := c.protocol.Next([]byte(c.text)); err == nil {
			t.Errorf("%T took %q as %v", c.protocol, c.text, event)
		}
	}
}

func TestAppend_RequestsAreJSON(t *testing.T) {
	payload := []byte("abc")
	for text, want := range map[string]string{
		string(SocketIO{}.AppendChat(nil, payload)):      `42["chat","abc"]`,
		string(SocketIO{}.AppendEcho(nil, 12, payload)):  `4212["echo","abc"]`,
		string(SocketIO{}.AppendJoin(nil, 3, "r")):       `423["join","r"]`,
		string(SocketIO{}.AppendRoom(nil, "r", payload)): `42["room","r","abc"]`,
		string(Centrifuge{}.AppendChat(nil, payload)):    `{"send":{"data":"abc"}}`,
		string(Centrifuge{}.AppendEcho(nil, 7, payload)): `{"id":9,"rpc":{"method":"echo","data":"abc"}}`,
		string(append(Centrifuge{}.Greeting(), ""...)):   `{"id":1,"connect":{}}`,
	} {
		if text != want {
			t.Errorf("sends %s, want %s", text, want)
		}
	}
	if !json.Valid(Centrifuge{}.AppendEcho(nil, 7, payload)) || !json.Valid(SocketIO{}.AppendRoom(nil, "r", payload)[2:]) {
		t.Error("not JSON")
	}
}

func TestNamed_UnknownProtocolsAreErrors(t *testing.T) {
	if _, err := Named("smoke signals"); err == nil {
		t.Error("no error")
	}
	for _, name := range []string{"socketio", "centrifuge"} {
		if p, err := Named(name); err != nil || p == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzNext(f *testing.F) {
	for _, seed := range []string{`42["chat","a"]`, `431["a"]`, "{}\n{}", `{"id":3,"rpc":{"data":""}}`, `{"id":"}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, p := range []Protocol{SocketIO{}, Centrifuge{}} {
			for rest := text; len(rest) > 0; {
				before := len(rest)
				_, after, err := p.Next(rest)
				if err != nil {
					break
				}
				if len(after) >= before {
					t.Fatalf("%T does not get on with %q", p, rest)
				}
				rest = after
			}
		}
	})
}

func TestParseRequest_WhatClientsAskIsUnderstood(t *testing.T) {
	payload := []byte("abc")
	for text, want := range map[string][4]string{
		string(SocketIO{}.AppendChat(nil, payload)):      {"chat", "", "", "abc"},
		string(SocketIO{}.AppendEcho(nil, 12, payload)):  {"echo", "12", "", "abc"},
		string(SocketIO{}.AppendJoin(nil, 3, "r")):       {"join", "3", "r", ""},
		string(SocketIO{}.AppendRoom(nil, "r", payload)): {"room", "", "r", "abc"},
	} {
		r, ok := ParseRequest([]byte(text))
		if got := [4]string{r.Event, string(r.ID), string(r.Room), string(r.Payload)}; !ok || got != want {
			t.Errorf("%s: %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "4", "[", "40", "42", `42["other","a"]`, `42["room","a"]`, `41["chat","a"]`} {
		if r, ok := ParseRequest([]byte(text)); ok {
			t.Errorf("%q was understood as %v", text, r)
		}
	}
}

func TestAppend_AnswersAreHeard(t *testing.T) {
	for text, want := range map[string]heard{
		string(AppendRoomed(nil, []byte("abc"))):           {kind: Deliver, payload: "abc"},
		string(AppendAck(nil, []byte("5"), []byte("abc"))): {kind: Ack, id: 5, payload: "abc"},
		string(AppendAck(nil, []byte("6"), nil)):           {kind: Ack, id: 6},
	} {
		if got := hear(t, SocketIO{}, text); len(got) != 1 || got[0] != want {
			t.Errorf("%s: heard %v, want %v", text, got, want)
		}
	}
}
