package chat

import (
	"strings"
	"testing"
)

func TestUserName_RulesOfNames(t *testing.T) {
	rules, err := newNames()
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]string{
		"Ann":                    "ann",
		"ZOË":                    "zoë",
		"Ａｎｎ":                    "ann", // full width
		"王小明":                    "王小明",
		"タナカ太郎":                  "タナカ太郎",
		"김철수":                    "김철수",
		"анна":                   "анна",
		"a.b-c_d":                "a.b-c_d",
		"ab":                     "ab",
		"r2d2":                   "r2d2",
		strings.Repeat("a", 32):  strings.Repeat("a", 32),
		"":                       "",
		"a":                      "",
		strings.Repeat("a", 33):  "",
		strings.Repeat("a", 9e5): "",
		"an n":                   "",
		" ann":                   "",
		"a@n":                    "",
		"a#n":                    "",
		"<ann>":                  "",
		"12345":                  "",
		"١٢٣":                    "", // Arabic digits only
		"аnna":                   "", // a Cyrillic а before Latin
		"ann\x00":                "",
		"a\u202enn":              "", // right-to-left override
		"a\u200bnn":              "", // zero width space
		"Everyone":               "",
		"ADMIN":                  "",
		"\xff\xfe":               "",
	} {
		got, err := rules.user(raw)
		if want == "" {
			if CodeOf(err) != Invalid {
				t.Errorf("%.40q: got %q and error %v, wanted it refused as invalid", raw, got.name, err)
			}
			continue
		}
		if err != nil || got.name != want {
			t.Errorf("%q: got %q, %v, wanted %q", raw, got.name, err, want)
		}
	}
}

func TestSkeleton_LookAlikesAreOne(t *testing.T) {
	rules, err := newNames()
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]string{{"аеор", "aeop"}, {"pаypal", "paypal"}, {"modern", "modem"}, {"scope", "ѕсоре"}, {"bil1", "bill"}} {
		if rules.lookalike.skeleton(pair[0]) != rules.lookalike.skeleton(pair[1]) {
			t.Errorf("%q and %q look alike and have different skeletons", pair[0], pair[1])
		}
	}
	if rules.lookalike.skeleton("anna") == rules.lookalike.skeleton("hanna") {
		t.Error("anna and hanna have one skeleton")
	}
}

func TestRoomName_RulesOfNames(t *testing.T) {
	for raw, want := range map[string]string{
		"  Design ":             "design",
		"Straße":                "strasse",
		"🎉 party":               "🎉 party",
		"2024 plans":            "2024 plans",
		strings.Repeat("é", 64): strings.Repeat("é", 64),
		"":                      "",
		"   ":                   "",
		"#design":               "",
		"a@b":                   "",
		"42":                    "",
		"a\nb":                  "",
		"a\u202eb":              "",
		strings.Repeat("é", 65): "",
	} {
		_, key, err := roomName(raw)
		if (want == "") != (CodeOf(err) == Invalid) || key != want {
			t.Errorf("%q: got key %q, %v, wanted %q", raw, key, err, want)
		}
	}
}

func TestPassword_Rules(t *testing.T) {
	p := newPasswords()
	for password, ok := range map[string]bool{
		"seven77":                        false,
		"eight888":                       true,
		"Password":                       false,
		"iloveyou":                       false,
		"éééééééé":                       true,
		strings.Repeat("x", 1024):        true,
		strings.Repeat("x", 1025):        false,
		strings.Repeat("é", 513):         false,
		"a sentence that nobody guessed": true,
	} {
		if err := p.check(password); (err == nil) != ok {
			t.Errorf("%.20q: %v", password, err)
		}
	}
}

func TestIDSource_RisesWhenTheClockGoesBack(t *testing.T) {
	clock := newTestClock()
	source := idSource{now: clock.now}
	last := source.next()
	for i := range 10000 {
		if i == 5000 {
			clock.add(-1e9)
		}
		next := source.next()
		if next <= last {
			t.Fatalf("%d follows %d", next, last)
		}
		last = next
	}
}

func TestParseID_ReadsOnlyWhatStringPrints(t *testing.T) {
	for _, bad := range []string{"", "0", "-1", "+1", "01", " 1", "1 ", "0x1", "9223372036854775808", "١"} {
		if id, ok := ParseID(bad); ok {
			t.Errorf("%q was read as %d", bad, id)
		}
	}
	if id, ok := ParseID("9223372036854775807"); !ok || id.String() != "9223372036854775807" {
		t.Errorf("the highest id was read as %v, %v", id, ok)
	}
}
