package parser

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// slowDecode is the obvious decoder of a text message: a regular expression
// and encoding/json. It returns the packet and the number of attachments.
func slowDecode(text string) (p Packet, attachments int, ok bool) {
	m := regexp.MustCompile(`(?s)^(?:([0-4])|([56])(\d+)-)(?:(/[^,]*)(?:,|$))?(\d*)(.*)$`).FindStringSubmatch(text)
	if m == nil {
		return p, 0, false
	}
	wire, _ := strconv.Atoi(m[1] + m[2])
	p.Type, p.Namespace = Type(wire), "/"
	if m[2] != "" {
		n, err := strconv.Atoi(m[3])
		if err != nil || n > 10 {
			return p, 0, false
		}
		p.Type, attachments = Type(wire-3), n
	}
	if m[4] != "" {
		p.Namespace = m[4]
	}
	if m[5] != "" {
		id, err := strconv.ParseUint(m[5], 10, 64)
		if err != nil {
			return p, 0, false
		}
		p.ID, p.HasID = id, true
	}
	if m[6] != "" {
		p.Payload.JSON = json.RawMessage(m[6])
	}
	return p, attachments, slowPayload(&p, m[2] != "", attachments)
}

func slowPayload(p *Packet, binary bool, attachments int) bool {
	data := p.Payload.JSON
	if data == nil {
		return p.Type == Connect || p.Type == Disconnect
	}
	var tree any
	if json.Unmarshal(data, &tree) != nil && !overflows(data) || !json.Valid(data) || slowDepth(data) > MaxDepth {
		return false
	}
	trimmed := strings.TrimSpace(string(data))
	switch p.Type {
	case Connect:
		return trimmed[0] == '{'
	case ConnectError:
		return true
	case Disconnect:
		return false
	}
	if json.Unmarshal(data, &p.Args) != nil || trimmed[0] != '[' || p.Type == Ack && !p.HasID {
		return false
	}
	if p.Type == Event && !slowName(p) {
		return false
	}
	return !binary || slowPlaceholders(data, attachments)
}

func slowName(p *Packet) bool {
	if len(p.Args) == 0 {
		return false
	}
	name, number := any(nil), json.Number("")
	_ = json.Unmarshal(p.Args[0], &name)
	if s, ok := name.(string); ok {
		p.Name = s
	} else if json.Unmarshal(p.Args[0], &number) == nil && p.Args[0][0] != 'n' {
		p.Name = string(p.Args[0])
	} else {
		return false
	}
	p.Args = p.Args[1:]
	return !strings.Contains(" connect connect_error disconnect disconnecting newListener removeListener ", " "+p.Name+" ") ||
		p.Name == "" || strings.Contains(p.Name, " ")
}

// overflows reports whether numbers, valid as JSON, do not fit float64.
func overflows(data []byte) bool {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var tree any
	return d.Decode(&tree) == nil
}

func slowDepth(data []byte) (deepest int) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	depth := 0
	for {
		token, err := d.Token()
		if err != nil {
			return deepest
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			depth++
			deepest = max(deepest, depth)
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
	}
}

func slowPlaceholders(data []byte, attachments int) bool {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var tree any
	if d.Decode(&tree) != nil {
		return false
	}
	var walk func(any) bool
	walk = func(tree any) bool {
		switch tree := tree.(type) {
		case []any:
			for _, child := range tree {
				if !walk(child) {
					return false
				}
			}
		case map[string]any:
			if tree["_placeholder"] == true {
				number, _ := tree["num"].(json.Number)
				num, err := strconv.ParseUint(string(number), 10, 31)
				return err == nil && int(num) < attachments
			}
			for _, child := range tree {
				if !walk(child) {
					return false
				}
			}
		}
		return true
	}
	return walk(tree)
}

func FuzzDecoder_AgreesWithTheObviousOne(f *testing.F) {
	for _, seed := range []string{
		`0`, `0/a,{"b":1}`, `1/a`, `2["a",1]`, `2/n,12["a",{"b":[1.5e3,"\u00e9"]}]`, `31[null,true]`, `4{"message":"x"}`,
		`51-["a",{"_placeholder":true,"num":0}]`, `62-/n,1[{"num":1,"_placeholder":true}]`, `50-["z"]`, `2[7]`, `2["connect"]`,
		`51-["a",{"\u005fplaceholder":true,"num":1,"num":0}]`, `51-["a",{"_placeholder":true,"num":0,"x":{"_placeholder":true}}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := Decoder{Limits: &Limits{MaxAttachments: 10, MaxBytes: 1 << 20}}
		got, complete, err := d.Text(data)
		want, attachments, ok := slowDecode(string(data))
		if ok != (err == nil) {
			t.Fatalf("%q: error %v, the obvious decoder says %v", data, err, ok)
		}
		if !ok {
			return
		}
		if complete != (attachments == 0) {
			t.Fatalf("%q: complete %v with %d attachments", data, complete, attachments)
		}
		for i := range attachments {
			if got, complete, err = d.Binary([]byte{byte(i)}); err != nil || complete != (i == attachments-1) {
				t.Fatalf("%q: attachment %d: complete %v, error %v", data, i, complete, err)
			}
		}
		got.Payload.Attachments = nil
		if len(got.Args) == 0 {
			got.Args, want.Args = nil, nil
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Value{})); diff != "" {
			t.Fatalf("%q: %s", data, diff)
		}
	})
}

// FuzzDecoder_Messages feeds a sequence of messages, separated by newlines,
// binary ones behind an exclamation mark, and sends each packet back.
func FuzzDecoder_Messages(f *testing.F) {
	f.Add([]byte("51-[\"a\",{\"_placeholder\":true,\"num\":0}]\n!data\n2[\"b\"]"))
	f.Add([]byte("!x"))
	f.Add([]byte("52-[\"a\"]\n!1\n2[]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := Decoder{Limits: &Limits{MaxAttachments: 3, MaxBytes: 100}}
		var e Encoder
		for message := range bytes.SplitSeq(data, []byte("\n")) {
			var p Packet
			var ok bool
			var err error
			if len(message) > 0 && message[0] == '!' {
				p, ok, err = d.Binary(message[1:])
			} else {
				p, ok, err = d.Text(message)
			}
			if err != nil {
				return
			}
			if ok && p.Type == Event {
				relayEvent(t, &e, p)
			}
		}
	})
}

func relayEvent(t *testing.T, e *Encoder, p Packet) {
	t.Helper()
	values := []any{p.Name}
	for _, arg := range p.Args {
		values = append(values, Value{JSON: arg, Attachments: p.Payload.Attachments})
	}
	payload, err := e.Array(values...)
	if err != nil {
		t.Fatalf("relay %s: %v", p.Payload.JSON, err)
	}
	for _, arg := range p.Args {
		var tree any
		if err := (Value{JSON: arg, Attachments: p.Payload.Attachments}).Unmarshal(&tree); err != nil && !overflows(arg) {
			t.Fatalf("unmarshal %s: %v", arg, err)
		}
	}
	again := Decoder{Limits: &Limits{MaxAttachments: 10, MaxBytes: 1 << 20}}
	text := (&Packet{Type: Event, Namespace: p.Namespace, Payload: payload}).Text()
	if _, _, err := again.Text(text); err != nil {
		t.Fatalf("decode %s again: %v", text, err)
	}
}
