package parser

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func newDecoder() *Decoder { return &Decoder{Limits: &Limits{MaxAttachments: 10, MaxBytes: 1000}} }

func raws(values ...string) []json.RawMessage {
	list := make([]json.RawMessage, len(values))
	for i, v := range values {
		list[i] = json.RawMessage(v)
	}
	return list
}

func TestDecoder_AcceptsTextPackets(t *testing.T) {
	tests := map[string]Packet{
		`0`:                          {Type: Connect, Namespace: "/"},
		`0{}`:                        {Type: Connect, Namespace: "/", Payload: Value{JSON: json.RawMessage(`{}`)}},
		`0/admin`:                    {Type: Connect, Namespace: "/admin"},
		`0/admin,{"token":"x"}`:      {Type: Connect, Namespace: "/admin", Payload: Value{JSON: json.RawMessage(`{"token":"x"}`)}},
		`0/admin?a=b,`:               {Type: Connect, Namespace: "/admin?a=b"},
		`1`:                          {Type: Disconnect, Namespace: "/"},
		`1/admin`:                    {Type: Disconnect, Namespace: "/admin"},
		`1/admin,`:                   {Type: Disconnect, Namespace: "/admin"},
		`2["a"]`:                     {Type: Event, Namespace: "/", Name: "a", Args: raws()},
		`2["a",1,{"b":[null]}]`:      {Type: Event, Namespace: "/", Name: "a", Args: raws(`1`, `{"b":[null]}`)},
		`212["a"]`:                   {Type: Event, Namespace: "/", ID: 12, HasID: true, Name: "a", Args: raws()},
		`2/n,0["a"]`:                 {Type: Event, Namespace: "/n", HasID: true, Name: "a", Args: raws()},
		`2[7,"x"]`:                   {Type: Event, Namespace: "/", Name: "7", Args: raws(`"x"`)},
		`2["__proto__"]`:             {Type: Event, Namespace: "/", Name: "__proto__", Args: raws()},
		`2["error"]`:                 {Type: Event, Namespace: "/", Name: "error", Args: raws()},
		`2["\u00e9\n"]`:              {Type: Event, Namespace: "/", Name: "é\n", Args: raws()},
		"2 [ \"a\" , 1.0 ] \n":       {Type: Event, Namespace: "/", Name: "a", Args: raws(`1.0`)},
		`2["a",9007199254740993,-0]`: {Type: Event, Namespace: "/", Name: "a", Args: raws(`9007199254740993`, `-0`)},
		`2["a","\ud800"]`:            {Type: Event, Namespace: "/", Name: "a", Args: raws(`"\ud800"`)},
		`31[]`:                       {Type: Ack, Namespace: "/", ID: 1, HasID: true, Args: raws()},
		`3/n,1["a"]`:                 {Type: Ack, Namespace: "/n", ID: 1, HasID: true, Args: raws(`"a"`)},
		`4{"message":"no"}`:          {Type: ConnectError, Namespace: "/", Payload: Value{JSON: json.RawMessage(`{"message":"no"}`)}},
		`2["a",{"_placeholder":true,"num":5}]`: {Type: Event, Namespace: "/", Name: "a",
			Args: raws(`{"_placeholder":true,"num":5}`)},
		`50-["zero"]`: {Type: Event, Namespace: "/", Name: "zero", Args: raws()},
	}
	for text, want := range tests {
		got, ok, err := newDecoder().Text([]byte(text))
		if err != nil || !ok {
			t.Errorf("%s: complete %v, error %v", text, ok, err)
			continue
		}
		if want.Type == Event || want.Type == Ack {
			got.Payload = Value{} // is the argument array, checked by its parts
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Value{})); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestDecoder_RefusesMalformedText(t *testing.T) {
	tests := []string{
		``, `7`, `8`, `a`, `-`, `/custom,`, ` 2["a"]`,
		`0[]`, `0null`, `0"abc"`, `0{"a":`, `0{}x`, `01null`,
		`1{}`, `1/n,{}`, `1[]`,
		`2`, `2/n,`, `2{}`, `2true`, `2"x"`, `2[]`, `2[null]`, `2[{}]`, `2[[]]`, `2[true]`,
		`2["connect"]`, `2["connect_error",1]`, `2["disconnect"]`, `2["disconnecting"]`,
		`2["newListener"]`, `2["removeListener"]`, `2["c\u006fnnect"]`,
		`2["a"]x`, `2["a"]["b"]`, `2["a",]`, `2["a",NaN]`, `2["a",/**/1]`, `2["a"`, `2["a",01]`, `2["a",+1]`, `2["a",.5]`, `2["a",1.]`,
		"2[\"a\nb\"]", `2["\x"]`, `2["\u12g4"]`, `2['a']`,
		`2-1["a"]`, `21e3["a"]`, `2 1["a"]`, `2abc["a"]`, `218446744073709551616["a"]`,
		`3[]`, `31{}`, `31`, `31null`, `3-1[]`,
		`4`, `4{`,
		`5["a"]`, `5-["a"]`, `51["a"]`, `51.5-["a"]`, `51e1-["a"]`, `51 -["a"]`, `5NaN-["a"]`,
		`511-["a"]`, `599999999999999999999-["a"]`, `5-1-["a"]`,
		`50-["a",{"_placeholder":true,"num":0}]`,
		`51-["a",{"_placeholder":true,"num":1}]`,
		`51-["a",{"_placeholder":true,"num":-1}]`,
		`51-["a",{"_placeholder":true,"num":-0}]`,
		`51-["a",{"_placeholder":true,"num":0.0}]`,
		`51-["a",{"_placeholder":true,"num":"0"}]`,
		`51-["a",{"_placeholder":true,"num":"splice"}]`,
		`51-["a",{"_placeholder":true,"num":true}]`,
		`51-["a",{"_placeholder":true,"num":1e400}]`,
		`51-["a",{"_placeholder":true}]`,
		`51-["a",{"\u005fplaceholder":true,"num":1}]`,
		`51-[{"_placeholder":true,"num":0}]`,
		`61-{}`, `61-1{}`, `61-[]`,
	}
	for _, text := range tests {
		if p, ok, err := newDecoder().Text([]byte(text)); err == nil {
			t.Errorf("%s: complete %v, packet %+v, want an error", text, ok, p)
		}
	}
}

func TestDecoder_JoinsAttachments(t *testing.T) {
	d := newDecoder()
	text := []byte(`52-/n,7["up",{"_placeholder":true,"num":1},{"x":[{"_placeholder":true,"num":0}]}]`)
	if _, ok, err := d.Text(text); ok || err != nil {
		t.Fatalf("complete %v, error %v after the text", ok, err)
	}
	clear(text) // the decoder must not have kept it
	first := []byte("first")
	if _, ok, err := d.Binary(first); ok || err != nil {
		t.Fatalf("complete %v, error %v after one of two attachments", ok, err)
	}
	clear(first)
	p, ok, err := d.Binary(nil)
	if !ok || err != nil {
		t.Fatalf("complete %v, error %v after the last attachment", ok, err)
	}
	want := [][]byte{[]byte("first"), {}}
	if diff := cmp.Diff(want, p.Payload.Attachments); diff != "" {
		t.Error(diff)
	}
	if p.Type != Event || p.Namespace != "/n" || p.ID != 7 || p.Name != "up" || len(p.Args) != 2 {
		t.Errorf("got %+v", p)
	}
	if _, ok, err := d.Text([]byte(`2["next"]`)); !ok || err != nil {
		t.Errorf("next packet: complete %v, error %v", ok, err)
	}
}

func TestDecoder_ZeroAttachmentsDoNotWedgeIt(t *testing.T) {
	d := newDecoder()
	for _, text := range []string{`50-["zero"]`, `2["after"]`, `60-1[]`, `2["after"]`} {
		if _, ok, err := d.Text([]byte(text)); !ok || err != nil {
			t.Errorf("%s: complete %v, error %v", text, ok, err)
		}
	}
}

func TestDecoder_RefusesMessagesOutOfTurn(t *testing.T) {
	if _, _, err := newDecoder().Binary([]byte("x")); !errors.Is(err, errUnexpected) {
		t.Errorf("binary without a header: %v", err)
	}
	d := newDecoder()
	if _, _, err := d.Text([]byte(`51-["a",{"_placeholder":true,"num":0}]`)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Text([]byte(`2["b"]`)); !errors.Is(err, errInterrupted) {
		t.Errorf("text in the middle of a binary packet: %v", err)
	}
}

func TestDecoder_LimitsTheSumOfAttachments(t *testing.T) {
	d := newDecoder()
	if _, _, err := d.Text([]byte(`53-["a"]`)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, _, err := d.Binary(make([]byte, 400)); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := d.Binary(make([]byte, 400)); !errors.Is(err, errTooLarge) {
		t.Errorf("1,200 bytes with a limit of 1,000: %v", err)
	}
	if _, _, err := newDecoder().Text([]byte(`2["` + strings.Repeat("a", 1000) + `"]`)); !errors.Is(err, errTooLarge) {
		t.Errorf("text over the limit: %v", err)
	}
}

func TestDecoder_LimitsDepth(t *testing.T) {
	nested := func(depth int) []byte { // of which the arguments are one level
		return []byte(`2["a",` + strings.Repeat("[", depth-1) + strings.Repeat("]", depth-1) + `]`)
	}
	if _, _, err := newDecoder().Text(nested(MaxDepth)); err != nil {
		t.Errorf("depth %d: %v", MaxDepth, err)
	}
	if _, _, err := newDecoder().Text(nested(MaxDepth + 1)); !errors.Is(err, errDepth) {
		t.Errorf("depth %d: %v", MaxDepth+1, err)
	}
}

func TestPlacesIn_OutermostWins(t *testing.T) {
	data := []byte(`[{"x":{"_placeholder":true,"num":9},"_placeholder":true,"num":0},{"_placeholder":"true","num":9},{"_placeholder":true,"_placeholder":false}]`)
	places, err := placesIn(data, 1)
	if err != nil {
		t.Fatal(err)
	}
	got := slices.Collect(func(yield func(string) bool) {
		for _, p := range places {
			yield(string(data[p.start:p.end]))
		}
	})
	want := []string{`{"x":{"_placeholder":true,"num":9},"_placeholder":true,"num":0}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecoder_AllocatesLittle(t *testing.T) {
	d, data := newDecoder(), []byte(`21["message",{"room":"lobby","text":"hello"}]`)
	allocs := testing.AllocsPerRun(100, func() {
		if _, ok, err := d.Text(data); !ok || err != nil {
			t.Fatal(ok, err)
		}
	})
	if allocs > 3 { // the payload, its name, the list of arguments
		t.Errorf("%v allocations for one event", allocs)
	}
}
