package parser

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

type inner struct {
	Blob []byte `json:"blob"`
}

type lender struct{ Lent []byte }

type upload struct {
	lender
	inner2 inner
	Name   string            `json:"name"`
	Data   []byte            `json:"data,omitempty"`
	Hidden []byte            `json:"-"`
	Parts  [][]byte          `json:"parts"`
	ByName map[string]inner  `json:"by_name"`
	Next   *inner            `json:"next"`
	Any    any               `json:"any"`
	When   time.Time         `json:"when"`
	Raw    json.RawMessage   `json:"raw"`
	Pair   [2][]byte         `json:"pair"`
	Nums   [3]byte           `json:"nums"`
	Tags   map[string]string `json:"tags"`
}

func TestEncoder_LeavesJSONAsItIs(t *testing.T) {
	var e Encoder
	got, err := e.Array("<b>&\u00e9", nil, true, 7, -1.5, json.RawMessage(` {"z":1,"a":9007199254740993,"m":"\ud800","n":-0}`),
		map[string]int{"b": 1, "a": 2}, json.RawMessage(nil), struct{ Raw json.RawMessage }{json.RawMessage(`"<>"`)}, Value{JSON: json.RawMessage(`[1, 2]`)})
	if err != nil {
		t.Fatal(err)
	}
	want := `["<b>&é",null,true,7,-1.5, {"z":1,"a":9007199254740993,"m":"\ud800","n":-0},{"a":2,"b":1},null,{"Raw":"<>"},[1, 2]]`
	if diff := cmp.Diff(want, string(got.JSON)); diff != "" || len(got.Attachments) != 0 {
		t.Errorf("%s and %d attachments", diff, len(got.Attachments))
	}
}

type appender struct{ err error }

func (a appender) AppendJSON(dst []byte) ([]byte, error) {
	return append(dst, `{"by":"hand"}`...), a.err
}

func TestEncoder_LetsAnAppenderWriteItself(t *testing.T) {
	var e Encoder
	payload, err := e.Array("event", appender{}, 1)
	if err != nil || string(payload.JSON) != `["event",{"by":"hand"},1]` {
		t.Errorf("%s, %v", payload.JSON, err)
	}
	broken := errors.New("broken")
	if _, err := e.Array(appender{err: broken}); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

func TestEncoder_TurnsBytesIntoAttachmentsAtAnyDepth(t *testing.T) {
	var e Encoder
	value := upload{
		lender: lender{Lent: []byte("lent")}, inner2: inner{Blob: []byte("unseen")}, Name: "n", Hidden: []byte("hidden"),
		Data: []byte("data"), Parts: [][]byte{{1}, nil}, ByName: map[string]inner{"k": {Blob: []byte("k")}},
		Next: &inner{}, Any: []any{"x", []byte("any")}, Raw: json.RawMessage(`{"a":1}`), Nums: [3]byte{1, 2, 3},
	}
	got, err := e.Array([]byte{}, &value)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`[#0,{"Lent":#1,"name":"n","data":#2,"parts":[#3,null],"by_name":{"k":{"blob":#4}},`+
		`"next":{"blob":null},"any":["x",#5],"when":"0001-01-01T00:00:00Z","raw":{"a":1},"pair":[null,null],"nums":[1,2,3],"tags":null}]`,
		"#", `{"_placeholder":true,"num":`)
	for _, digit := range "012345" {
		want = strings.ReplaceAll(want, `"num":`+string(digit), `"num":`+string(digit)+"}")
	}
	if diff := cmp.Diff(want, string(got.JSON)); diff != "" {
		t.Error(diff)
	}
	attachments := [][]byte{{}, []byte("lent"), []byte("data"), {1}, []byte("k"), []byte("any")}
	if diff := cmp.Diff(attachments, got.Attachments); diff != "" {
		t.Error(diff)
	}
	if string(value.Data) != "data" {
		t.Errorf("the caller's value was changed: %q", value.Data)
	}
}

func TestEncoder_OmitsWhatJSONOmits(t *testing.T) {
	var e Encoder
	got, err := e.Array(struct {
		Empty []byte `json:",omitempty"`
		Kept  any
	}{Kept: []byte("k")})
	if err != nil {
		t.Fatal(err)
	}
	if want := `[{"Kept":{"_placeholder":true,"num":0}}]`; string(got.JSON) != want {
		t.Errorf("got %s, want %s", got.JSON, want)
	}
}

func TestEncoder_RelaysAReceivedValue(t *testing.T) {
	var e Encoder
	all := [][]byte{[]byte("zero"), []byte("one"), []byte("two")}
	first := Value{JSON: json.RawMessage(`{ "a": {"_placeholder":true,"num":2}, "b": {"num":2,"_placeholder":true} }`), Attachments: all}
	second := Value{JSON: json.RawMessage(`{"_placeholder":true,"num":0}`), Attachments: all}
	got, err := e.Array(first, second)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{ "a": {"_placeholder":true,"num":0}, "b": {"_placeholder":true,"num":0} },{"_placeholder":true,"num":1}]`
	if diff := cmp.Diff(want, string(got.JSON)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]byte{[]byte("two"), []byte("zero")}, got.Attachments); diff != "" {
		t.Error(diff)
	}
}

func TestEncoder_Errors(t *testing.T) {
	var e Encoder
	type node struct{ Next any }
	loop := &node{}
	loop.Next = loop
	eleven := make([][]byte, 11)
	for i := range eleven {
		eleven[i] = []byte{byte(i)}
	}
	for name, value := range map[string]any{
		"channel":          make(chan int),
		"cycle":            loop,
		"malformed raw":    json.RawMessage(`{"a":`),
		"two raw values":   json.RawMessage(`1,2`),
		"empty raw":        json.RawMessage{},
		"bad placeholder":  Value{JSON: json.RawMessage(`{"_placeholder":true,"num":1}`), Attachments: [][]byte{{}}},
		"many attachments": eleven,
	} {
		if got, err := e.Array(value); err == nil {
			t.Errorf("%s: got %s, want an error", name, got.JSON)
		}
	}
	if _, err := e.Array(eleven); !errors.Is(err, errAttachments) {
		t.Errorf("11 attachments: %v", err)
	}
}

func TestPacket_RoundTrips(t *testing.T) {
	var e Encoder
	payload, err := e.Array("up", []byte("data"))
	if err != nil {
		t.Fatal(err)
	}
	p := Packet{Type: Event, Namespace: "/n", ID: 3, HasID: true, Payload: payload}
	if want := `51-/n,3["up",{"_placeholder":true,"num":0}]`; string(p.Text()) != want {
		t.Errorf("got %s, want %s", p.Text(), want)
	}
	d := newDecoder()
	if _, _, err := d.Text(p.Text()); err != nil {
		t.Fatal(err)
	}
	got, ok, err := d.Binary(p.Payload.Attachments[0])
	if !ok || err != nil {
		t.Errorf("complete %v, error %v", ok, err)
	}
	if diff := cmp.Diff(p.Payload, got.Payload, cmpopts.IgnoreUnexported(Value{})); diff != "" {
		t.Error(diff)
	}
}

func TestValue_Unmarshal(t *testing.T) {
	v := Value{JSON: json.RawMessage(`{"blob":{"_placeholder":true,"num":0},"n":1}`), Attachments: [][]byte{[]byte("data")}}
	var s inner
	if err := v.Unmarshal(&s); err != nil || string(s.Blob) != "data" {
		t.Errorf("struct: %+v, %v", s, err)
	}
	var tree any
	if err := v.Unmarshal(&tree); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"blob": []byte("data"), "n": 1.0}, tree); diff != "" {
		t.Error(diff)
	}
	whole := Value{JSON: json.RawMessage(`{"_placeholder":true,"num":0}`), Attachments: v.Attachments}
	var b []byte
	if err := whole.Unmarshal(&b); err != nil || string(b) != "data" {
		t.Errorf("bytes: %q, %v", b, err)
	}
	if encoded, err := json.Marshal(v); err != nil || string(encoded) != `{"blob":"ZGF0YQ==","n":1}` {
		t.Errorf("marshal: %s, %v", encoded, err)
	}
	plain := Value{JSON: json.RawMessage(`{"_placeholder":true,"num":0}`)}
	if err := plain.Unmarshal(&tree); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"_placeholder": true, "num": 0.0}, tree); diff != "" {
		t.Errorf("without attachments it is an ordinary object: %s", diff)
	}
}

func TestValue_Errors(t *testing.T) {
	orphan := Value{JSON: json.RawMessage(`{"_placeholder":true,"num":1}`), Attachments: [][]byte{{}}}
	var b []byte
	if err := orphan.Unmarshal(&b); !errors.Is(err, errPlaceholder) {
		t.Errorf("unmarshal: %v", err)
	}
	if _, err := json.Marshal(orphan); err == nil {
		t.Error("marshalled")
	}
	var raw json.RawMessage
	text := Value{JSON: json.RawMessage(`"text"`), Attachments: [][]byte{{}}}
	if err := text.Unmarshal(&raw); err != nil || string(raw) != `"text"` {
		t.Errorf("raw: %s, %v", raw, err)
	}
	var n int
	if err := text.Unmarshal(&n); err == nil {
		t.Error("text decoded as a number")
	}
}

func TestValue_MarshalsLikeItsJSON(t *testing.T) {
	for want, v := range map[string]Value{`null`: {}, `[1]`: {JSON: json.RawMessage(`[1]`)}} {
		if got, err := json.Marshal(v); err != nil || string(got) != want {
			t.Errorf("got %s, %v; want %s", got, err, want)
		}
	}
}

func TestDecoder_NumbersAndLiterals(t *testing.T) {
	for _, text := range []string{`0`, `-0.5`, `1e9`, `1E+9`, `12.5e-3`} {
		if _, ok, err := newDecoder().Text([]byte(`2["a",` + text + `]`)); !ok || err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{`-`, `1e`, `1e+`, `0x1`, `1.e1`, `tru`, `truth`, `nul`, `fals`} {
		if _, _, err := newDecoder().Text([]byte(`2["a",` + text + `]`)); err == nil {
			t.Errorf("%s was accepted", text)
		}
	}
}

func TestValue_ReceivedIsHandedOverWithoutParsing(t *testing.T) {
	d := newDecoder()
	p, _, err := d.Text([]byte(`2["up","a\n<b","plain",{"x": [1]},null]`))
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"", "", "", "untouched"}
	for i, want := range []string{"a\n<b", "plain", "", "untouched"} {
		err := Received(p.Args[i], nil).Unmarshal(&texts[i])
		if (err != nil) != (i == 2) || texts[i] != want {
			t.Errorf("argument %d: got %q, %v", i, texts[i], err)
		}
	}
	var raw json.RawMessage
	if err := Received(p.Args[2], nil).Unmarshal(&raw); err != nil || &raw[0] != &p.Args[2][0] {
		t.Errorf("got %s, %v", raw, err)
	}
	var e Encoder
	again, err := e.Array("up", Received(p.Args[0], nil), Received(p.Args[2], nil))
	if want := `["up","a\n<b",{"x": [1]}]`; err != nil || string(again.JSON) != want {
		t.Errorf("got %s, %v", again.JSON, err)
	}
}

func TestEncoder_StringsAreThoseOfEncodingJSON(t *testing.T) {
	var e Encoder
	for _, s := range []string{"", "plain", "a\"b", `back\slash`, "tab\t", "<&>", "\x7f", "é", "\u2028", "\xff"} {
		want, err := Object(s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.Array(s)
		if err != nil || string(got.JSON) != "["+string(want)+"]" {
			t.Errorf("%q: got %s, want [%s], %v", s, got.JSON, want, err)
		}
	}
}
