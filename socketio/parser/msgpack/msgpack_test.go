package msgpack_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/socketio/parser"
	"parley/socketio/parser/msgpack"
)

var limits = parser.Limits{MaxAttachments: 10, MaxBytes: 1 << 20}

// event is a packet as the JavaScript parser sends it, with data in MessagePack.
func event(t *testing.T, data string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(strings.ReplaceAll(data, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	head := append([]byte("\x84\xa4type\x02\xa4data"), raw...)
	return append(head, "\xa7options\x81\xa8compress\xc3\xa3nsp\xa1/"...)
}

func TestDecode_TakesWhatTheJavaScriptEncoderSends(t *testing.T) {
	for name, c := range map[string]struct{ data, json string }{
		"nothing but the name":     {"91 a161", `["a"]`},
		"small integers":           {"95 a161 00 7f ff e0", `["a",0,127,-1,-32]`},
		"larger integers":          {"99 a161 ccff cdffff ceffffffff cf0020000000000001 d080 d18000 d280000000 d3ffdfffffffffffff", `["a",255,65535,4294967295,9007199254740993,-128,-32768,-2147483648,-9007199254740993]`},
		"floats":                   {"95 a161 cb3ff8000000000000 ca3fc00000 cb7ff8000000000000 cb7ff0000000000000", `["a",1.5,1.5,null,null]`},
		"null, booleans":           {"94 a161 c0 c2 c3", `["a",null,false,true]`},
		"undefined":                {"93 a161 d40000 82 a178 d40000 a179 01", `["a",null,{"y":1}]`},
		"a date":                   {"92 a161 d7000000018bcfe56800", `["a","2023-11-14T22:13:20.000Z"]`},
		"nested":                   {"92 a161 81 a178 92 80 90", `["a",{"x":[{},[]]}]`},
		"strings":                  {"94 a161 a3c3a40a d90122 da00015c", `["a","ä\u000a","\"","\\"]`},
		"longer forms":             {"dc0003 db0000000161 de0001 a178 01 dd00000001 df00000001 a179 02", `["a",{"x":1},[{"y":2}]]`},
		"numbers as keys":          {"92 a161 81 05 01", `["a",{"5":1}]`},
		"what is no UTF-8":         {"92 a161 a2ff41", `["a","` + "\uFFFD" + `A"]`},
		"a number for a name":      {"91 05", `[5]`},
		"an object like a mark":    {"92 a161 82 ac5f706c616365686f6c646572 c3 a36e756d 00", `["a",{"_placeholder":true,"num":0}]`},
		"the last of two the same": {"92 a161 82 a178 01 a178 02", `["a",{"x":1,"x":2}]`},
	} {
		p, err := msgpack.Parser{}.Decode(event(t, c.data), limits)
		if err != nil || string(p.Payload.JSON) != c.json || p.Type != parser.Event || p.Namespace != "/" || p.HasID {
			t.Errorf("%s: %s, %v", name, p.Payload.JSON, err)
		}
	}
}

func TestDecode_BinaryBecomesAttachments(t *testing.T) {
	p, err := msgpack.Parser{}.Decode(event(t, "95 a161 c40141 81 a178 c500024142 c70300414243 c400"), limits)
	if err != nil {
		t.Fatal(err)
	}
	want := `["a",{"_placeholder":true,"num":0},{"x":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":2},{"_placeholder":true,"num":3}]`
	if diff := cmp.Diff(want, string(p.Payload.JSON)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]byte{[]byte("A"), []byte("AB"), []byte("ABC"), {}}, p.Payload.Attachments); diff != "" {
		t.Error(diff)
	}
	if p.Name != "a" || len(p.Args) != 4 {
		t.Errorf("name %q, %d arguments", p.Name, len(p.Args))
	}
}

func TestDecode_RefusesWhatIsNoPacket(t *testing.T) {
	for name, message := range map[string]string{
		"nothing": "", "not a map": "\x90", "no type": "\x82\xa4data\x91\xa1a\xa3nsp\xa1/", "no namespace": "\x82\xa4type\x02\xa4data\x91\xa1a",
		"unknown type": "\x82\xa4type\x05\xa3nsp\xa1/", "an empty namespace": "\x82\xa4type\x01\xa3nsp\xa0", "namespace not a string": "\x82\xa4type\x00\xa3nsp\x90", "trailing": "\x82\xa4type\x01\xa3nsp\xa1/\x00",
		"event without data": "\x82\xa4type\x02\xa3nsp\xa1/", "empty event": "\x83\xa4type\x02\xa4data\x90\xa3nsp\xa1/",
		"reserved event": "\x83\xa4type\x02\xa4data\x91\xa7connect\xa3nsp\xa1/", "ack without an id": "\x83\xa4type\x03\xa4data\x90\xa3nsp\xa1/",
		"negative id": "\x84\xa4type\x03\xa4data\x90\xa2id\xff\xa3nsp\xa1/", "id not a number": "\x84\xa4type\x03\xa4data\x90\xa2id\xa11\xa3nsp\xa1/",
		"connect with an array": "\x83\xa4type\x00\xa4data\x90\xa3nsp\xa1/", "connect with null": "\x83\xa4type\x00\xa4data\xc0\xa3nsp\xa1/",
		"disconnect with data": "\x83\xa4type\x01\xa4data\x80\xa3nsp\xa1/",
		"deeper than allowed":  "\x83\xa4type\x02\xa3nsp\xa1/\xa4data\x92\xa1a" + strings.Repeat("\x91", 64) + "\x00",
		"a length that lies":   "\x83\xa4type\x02\xa3nsp\xa1/\xa4data\xdd\xff\xff\xff\xff\xa1a", "a string that ends early": "\x83\xa4type\x02\xa3nsp\xa1/\xa4data\x91\xd9\xffa",
		"an array for a key": "\x83\xa4type\x02\xa3nsp\xa1/\xa4data\x92\xa1a\x81\x90\x01", "undefined for a key": "\x83\xa4type\x02\xa3nsp\xa1/\xa4data\x92\xa1a\x81\xd4\x00\x00\x01",
		"a type that is not used": "\x83\xa4type\x02\xa3nsp\xa1/\xa4data\x92\xa1a\xc1", "another extension": "\x83\xa4type\x02\xa3nsp\xa1/\xa4data\x92\xa1a\xd6\xff\x00\x00\x00\x00",
		"a place without its attachment": "\x83\xa4type\x02\xa3nsp\xa1/\xa4data\x93\xa1a\xc4\x00\x82\xac_placeholder\xc3\xa3num\x07",
		"too many attachments":           "\x83\xa4type\x02\xa3nsp\xa1/\xa4data\x9c\xa1a" + strings.Repeat("\xc4\x00", 11),
	} {
		if p, err := (msgpack.Parser{}).Decode([]byte(message), limits); err == nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if _, err := (msgpack.Parser{}).Decode(event(t, "91 a161"), parser.Limits{MaxBytes: 10}); err == nil {
		t.Error("too large: no error")
	}
}

func TestEncode_WritesWhatTheJavaScriptDecoderTakes(t *testing.T) {
	for name, c := range map[string]struct {
		packet parser.Packet
		want   string
	}{
		"connect":    {parser.Packet{Type: parser.Connect, Payload: parser.Value{JSON: []byte(`{"sid":"x"}`)}}, "\x83\xa4type\x00\xa3nsp\xa1/\xa4data\x81\xa3sid\xa1x"},
		"disconnect": {parser.Packet{Type: parser.Disconnect, Namespace: "/a"}, "\x82\xa4type\x01\xa3nsp\xa2/a"},
		"ack":        {parser.Packet{Type: parser.Ack, Namespace: "/", ID: 300, HasID: true, Payload: parser.Value{JSON: []byte(`[]`)}}, "\x84\xa4type\x03\xa3nsp\xa1/\xa2id\xcd\x01\x2c\xa4data\x90"},
		"numbers": {parser.Packet{Type: parser.Event, Payload: parser.Value{JSON: []byte(`[-0, 1.5, -33, 1e3, 18446744073709551615]`)}},
			"\x83\xa4type\x02\xa3nsp\xa1/\xa4data\x95\xcb\x80\x00\x00\x00\x00\x00\x00\x00\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00\xd0\xdf\xcb\x40\x8f\x40\x00\x00\x00\x00\x00\xcf\xff\xff\xff\xff\xff\xff\xff\xff"},
		"binary": {parser.Packet{Type: parser.Event, Payload: parser.Value{JSON: []byte(`["a",{"_placeholder":true,"num":0},{"_placeholder":true}]`), Attachments: [][]byte{[]byte("AB")}}},
			"\x83\xa4type\x02\xa3nsp\xa1/\xa4data\x93\xa1a\xc4\x02AB\x81\xac_placeholder\xc3"},
	} {
		got, err := msgpack.Parser{}.Encode(&c.packet)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for _, bad := range []string{`[1`, `[1] 2`, `{"a"}`, ``} {
		if got, err := (msgpack.Parser{}).Encode(&parser.Packet{Type: parser.Event, Payload: parser.Value{JSON: []byte(bad)}}); err == nil {
			t.Errorf("%s: %q", bad, got)
		}
	}
}

func TestEncode_SizesComeBack(t *testing.T) {
	for _, size := range []int{0, 15, 16, 31, 32, 255, 256, 65535, 65536} {
		text, zeros := strings.Repeat("x", size), strings.TrimSuffix(strings.Repeat("0,", size), ",")
		in := parser.Packet{Type: parser.Event, Payload: parser.Value{
			JSON:        []byte(`["` + text + `y",[` + zeros + `],{"_placeholder":true,"num":0}]`),
			Attachments: [][]byte{bytes.Repeat([]byte{7}, size)},
		}}
		message, err := msgpack.Parser{}.Encode(&in)
		if err != nil {
			t.Fatal(err)
		}
		out, err := msgpack.Parser{}.Decode(message, limits)
		if err != nil || !bytes.Equal(out.Payload.JSON, in.Payload.JSON) || !bytes.Equal(out.Payload.Attachments[0], in.Payload.Attachments[0]) {
			t.Errorf("%d: %v", size, err)
		}
	}
}

func TestMarshal_ComesBack(t *testing.T) {
	for _, in := range []parser.Value{
		{JSON: []byte(`null`)}, {JSON: []byte(`["a",{"b":[-1,2.5,true]},"\u2028"]`)},
		{JSON: []byte(`["emitter",{"data":["x",{"_placeholder":true,"num":0}]},{"rooms":[]}]`), Attachments: [][]byte{{1, 2}}},
	} {
		data, err := msgpack.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		out, err := msgpack.Unmarshal(data, limits)
		if err != nil {
			t.Fatal(err)
		}
		again, err := msgpack.Marshal(out)
		if err != nil || !bytes.Equal(data, again) || len(out.Attachments) != len(in.Attachments) {
			t.Errorf("%s came back as %s, %v", in.JSON, out.JSON, err)
		}
	}
	for _, bad := range []string{"", "\x93\x01", "\x01\x02", "\xc1"} {
		if v, err := msgpack.Unmarshal([]byte(bad), limits); err == nil {
			t.Errorf("%q is %s", bad, v.JSON)
		}
	}
	if v, err := msgpack.Unmarshal([]byte("\xd4\x00\x00"), limits); err != nil || string(v.JSON) != "null" {
		t.Errorf("undefined is %s, %v", v.JSON, err)
	}
}

// What is decoded is a packet as the JSON decoder would have it, and comes back
// the same when it is sent.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x84\xa4type\x02\xa4data\x93\xa1a\xc4\x01A\x82\xa1x\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00\xa1y\xd4\x00\x00\xa7options\x80\xa3nsp\xa1/"))
	f.Add([]byte("\x83\xa4type\x00\xa4data\x81\xa5token\xa1x\xa3nsp\xa6/admin"))
	f.Add([]byte("\x84\xa4type\x03\xa4data\x91\xd7\x00\x00\x00\x01\x8b\xcf\xe5\x68\x00\xa2id\x07\xa3nsp\xa1/"))
	f.Fuzz(func(t *testing.T, message []byte) {
		p, err := msgpack.Parser{}.Decode(message, limits)
		if err != nil {
			return
		}
		again, err := msgpack.Parser{}.Encode(&p)
		if err != nil {
			t.Fatalf("encode %+v: %v", p, err)
		}
		second, err := msgpack.Parser{}.Decode(again, parser.Limits{MaxAttachments: 10, MaxBytes: 1 << 30})
		if err != nil {
			t.Fatalf("decode %q: %v", again, err)
		}
		third, err := msgpack.Parser{}.Encode(&second)
		if err != nil || !bytes.Equal(again, third) {
			t.Fatalf("%q came back as %q, %v", again, third, err)
		}
		if p.Namespace[0] != '/' || p.Type > parser.ConnectError {
			t.Fatalf("%+v", p)
		}
	})
}
