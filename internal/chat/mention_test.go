package chat

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// inRoom is a Tx that knows the members of one room.
type inRoom struct {
	Tx
	members map[string]ID
	asked   int
}

func (r *inRoom) MemberByName(_ ID, name string) (ID, error) {
	r.asked++
	if id, ok := r.members[name]; ok {
		return id, nil
	}
	return 0, ErrNotFound
}

func (r *inRoom) RoomFor(user, room ID) (Room, Member, error) {
	for _, id := range r.members {
		if id == user {
			return Room{ID: room}, Member{Room: room, User: user}, nil
		}
	}
	return Room{ID: room}, Member{}, nil
}

func TestStoreMentions_TurnsNamesIntoTokensOutsideCode(t *testing.T) {
	for body, want := range map[string]struct {
		stored   string
		mentions Mentions
	}{
		"hi @ann":                        {"hi <@12>", Mentions{Users: []ID{12}}},
		"@Ann, @ANN and @bob.":           {"<@12>, <@12> and <@57>.", Mentions{Users: []ID{12, 57}}},
		"@ann's":                         {"<@12>'s", Mentions{Users: []ID{12}}},
		"@anna is not @ann":              {"@anna is not <@12>", Mentions{Users: []ID{12}}},
		"(@a.b) @a.b. @a":                {"(<@99>) <@99>. @a", Mentions{Users: []ID{99}}},
		"mail ann@bob now":               {"mail ann@bob now", Mentions{}},
		"@everyone! @here":               {"<@everyone>! @here", Mentions{Everyone: true}},
		"@everyones":                     {"@everyones", Mentions{}},
		"<@12> <@13> <@everyone>":        {"<@12> <@13> <@everyone>", Mentions{Users: []ID{12}, Everyone: true}},
		"`@ann` ``a ` @ann`` @bob":       {"`@ann` ``a ` @ann`` <@57>", Mentions{Users: []ID{57}}},
		"`@ann":                          {"`<@12>", Mentions{Users: []ID{12}}},
		"\\`@ann`":                       {"\\`<@12>`", Mentions{Users: []ID{12}}},
		"```\n@ann\n```\n@bob":           {"```\n@ann\n```\n<@57>", Mentions{Users: []ID{57}}},
		"~~~~ go\n@ann\n~~~\n~~~~\n@bob": {"~~~~ go\n@ann\n~~~\n~~~~\n<@57>", Mentions{Users: []ID{57}}},
		"```\n@ann to the end":           {"```\n@ann to the end", Mentions{}},
		"text\n\n    @ann\n\n@bob":       {"text\n\n    @ann\n\n<@57>", Mentions{Users: []ID{57}}},
		"text\n    @ann":                 {"text\n    <@12>", Mentions{Users: []ID{12}}},
		"@王小明 @王小明。":                     {"<@77> <@77>。", Mentions{Users: []ID{77}}},
		"@nobody @ @":                    {"@nobody @ @", Mentions{}},
	} {
		room := &inRoom{members: map[string]ID{"ann": 12, "bob": 57, "王小明": 77, "a.b": 99}}
		stored, mentions, err := storeMentions(room, 1, body, mentionSpots(body))
		if err != nil {
			t.Fatal(err)
		}
		if stored != want.stored {
			t.Errorf("%q became %q, wanted %q", body, stored, want.stored)
		}
		if diff := cmp.Diff(want.mentions, mentions); diff != "" {
			t.Errorf("mentions of %q: %s", body, diff)
		}
	}
}

func TestStoreMentions_ManyAtSignsCostABoundedNumberOfQuestions(t *testing.T) {
	room := &inRoom{}
	body := strings.Repeat("@a.b.c.d.e.f.g.h.i.j ", 400)
	if _, _, err := storeMentions(room, 1, body, mentionSpots(body)); err != nil {
		t.Fatal(err)
	}
	if most := maxMentionSpots * maxMentionNames; room.asked > most {
		t.Errorf("%d questions, at most %d are allowed", room.asked, most)
	}
}

func TestMentionSpots_AnyTextKeepsItsWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringOf(rapid.RuneFrom([]rune("@<>` \n~ab1é王\\.#"))).Draw(t, "body")
		room := &inRoom{members: map[string]ID{"ab": 1, "b王": 2}}
		stored, _, err := storeMentions(room, 1, body, mentionSpots(body))
		if err != nil {
			t.Fatal(err)
		}
		back := strings.NewReplacer("<@1>", "@ab", "<@2>", "@b王").Replace(stored)
		was := strings.NewReplacer("<@1>", "@ab", "<@2>", "@b王").Replace(body)
		if back != was {
			t.Fatalf("%q became %q", body, stored)
		}
		last := 0
		for _, code := range codeRanges(body) {
			if code.start < last || code.end <= code.start || code.end > len(body) {
				t.Fatalf("code ranges %v of %q", codeRanges(body), body)
			}
			last = code.end
		}
	})
}
