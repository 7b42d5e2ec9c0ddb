package chat_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// found lists the bodies of all hits of a search, page by page.
func found(t *testing.T, h *house, by chat.Session, in chat.SearchInput) []string {
	t.Helper()
	bodies := []string{}
	for {
		page, err := h.Search(t.Context(), by, in)
		if err != nil {
			t.Fatalf("search %+v: %v", in, err)
		}
		for _, hit := range page.Hits {
			bodies = append(bodies, hit.Message.Body)
		}
		if in.Cursor = page.Cursor; in.Cursor == "" {
			return bodies
		}
	}
}

func TestSearch_EveryScript(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	bodies := []string{
		"Der Café-Besitzer in der STRASSE", "東京都に行きました", "サッカーが好き", "สวัสดีครับ", "Привет, мир!", "안녕하세요 여러분", "हिन्दी में लिखो",
		"مَرْحَبًا بالعالم", "don't panic", "see https://example.com/a_b?c=d", "party 🎉 tonight", "ｆｕｌｌｗｉｄｔｈ", "Việt Nam",
	}
	for _, body := range bodies {
		h.say(t, ann, "", body)
	}
	for query, want := range map[string]int{
		"cafe": 0, "CAFÉ": 0, "straße": 0, "besitzer cafe": 0, "東京": 1, "京都": 1, "都": 1, "東京都": 1, "ました": 1, "サッカー": 2, "ｻｯｶｰ": 2,
		"สวัสดี": 3, "ครับ": 3, "привет": 4, "МИР": 4, "안녕": 5, "여러분": 5, "हिन्दी": 6, "مرحبا": 7, "don't": 8, `"don't panic"`: 8,
		"example.com": 9, "🎉": 10, "fullwidth": 11, "viet": 12, "việt": 12, `"viet nam"`: 12,
	} {
		if diff := cmp.Diff([]string{bodies[want]}, found(t, h, ann, chat.SearchInput{Query: query})); diff != "" {
			t.Errorf("%q: %s", query, diff)
		}
	}
	for _, query := range []string{"caf", "京東", "大阪", `"besitzer cafe"`, "hindi", "e", "nam viet zzz"} {
		if got := found(t, h, ann, chat.SearchInput{Query: query}); len(got) != 0 {
			t.Errorf("%q finds %q", query, got)
		}
	}
}

func TestSearch_OnlyWhatOneMayRead(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob, chen := h.login(t, "ann"), h.login(t, "bob"), h.login(t, "chen")
	h.room(t, ann, chat.CreateRoomInput{Name: "open"})
	h.room(t, ann, chat.CreateRoomInput{Name: "secret", Private: true, Members: []string{"bob"}})
	h.say(t, ann, "", "apple in everyone")
	h.say(t, ann, "open", "apple in the open")
	h.say(t, ann, "secret", "apple in secret")
	if _, err := h.Send(t.Context(), ann, chat.SendInput{To: []string{"chen"}, Body: "apple for chen"}); err != nil {
		t.Fatal(err)
	}
	open := []string{"apple in the open", "apple in everyone"}
	for who, want := range map[*chat.Session][]string{
		&ann: append([]string{"apple for chen", "apple in secret"}, open...),
		&bob: append([]string{"apple in secret"}, open...), &chen: append([]string{"apple for chen"}, open...),
	} {
		if diff := cmp.Diff(want, found(t, h, *who, chat.SearchInput{Query: "apple"})); diff != "" {
			t.Error(diff)
		}
	}
	_, err := h.Search(t.Context(), chen, chat.SearchInput{Query: "apple", Room: "secret"})
	wantCode(t, err, chat.NotFound)
	if _, err := h.Kick(t.Context(), ann, "secret", "bob"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(open, found(t, h, bob, chat.SearchInput{Query: "apple"})); diff != "" {
		t.Errorf("after the kick: %s", diff)
	}
}

func TestSearch_Filters(t *testing.T) {
	h := newHouse(t, nil)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	h.room(t, ann, chat.CreateRoomInput{Name: "design", Members: []string{"bob"}})
	start := h.clock.t
	for i, send := range []struct {
		by         chat.Session
		room, body string
	}{
		{ann, "", "tea one"}, {bob, "", "tea two http://tea.example"}, {ann, "design", "tea three @bob"}, {bob, "design", "tea four"},
	} {
		h.clock.t = start.Add(time.Duration(i) * time.Hour)
		h.say(t, send.by, send.room, send.body)
	}
	at := func(hours int) time.Time { return start.Add(time.Duration(hours) * time.Hour) }
	three := "tea three <@" + bob.User.String() + ">"
	for _, c := range []struct {
		in   chat.SearchInput
		want []string
	}{
		{chat.SearchInput{Query: "tea"}, []string{"tea four", three, "tea two http://tea.example", "tea one"}},
		{chat.SearchInput{Query: "tea", Room: "design"}, []string{"tea four", three}},
		{chat.SearchInput{Room: "design"}, []string{"tea four", three}},
		{chat.SearchInput{Query: "tea", Author: "bob"}, []string{"tea four", "tea two http://tea.example"}},
		{chat.SearchInput{Author: "@bob", Room: "design"}, []string{"tea four"}},
		{chat.SearchInput{Has: chat.HasLink}, []string{"tea two http://tea.example"}},
		{chat.SearchInput{Has: chat.HasFile}, []string{}},
		{chat.SearchInput{Query: "tea @bob"}, []string{three}},
		{chat.SearchInput{Query: bob.User.String()}, []string{}},
		{chat.SearchInput{Query: "tea", After: at(1), Before: at(3)}, []string{three, "tea two http://tea.example"}},
		{chat.SearchInput{Query: "tea", After: at(9)}, []string{}},
		{chat.SearchInput{Query: "tea", Before: at(0)}, []string{}},
	} {
		if diff := cmp.Diff(c.want, found(t, h, ann, c.in)); diff != "" {
			t.Errorf("%+v: %s", c.in, diff)
		}
	}
}

func TestSearch_FollowsEditsAndDeletions(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	everyone := h.Everyone().String()
	h.say(t, ann, "", "red")
	h.say(t, ann, "", "blue")
	search := func(query string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(append([]string{}, want...), found(t, h, ann, chat.SearchInput{Query: query})); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
	search("red", "red")
	for seq, body := range map[int64]string{1: "green", 2: "red"} {
		if _, err := h.Edit(t.Context(), ann, chat.EditInput{Room: everyone, Seq: seq, Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	search("red", "red")
	search("green", "green")
	search("blue")
	h.say(t, ann, "", "red too")
	for _, seq := range []int64{2, 3} { // one that is indexed and one that is not
		if _, err := h.Delete(t.Context(), ann, chat.DeleteInput{Room: everyone, Seq: seq}); err != nil {
			t.Fatal(err)
		}
	}
	search("red")
	search("green", "green")
}

func TestSearch_PagesHoldEachHitOnce(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	h.room(t, ann, chat.CreateRoomInput{Name: "other"})
	want := []string{}
	for i := range 530 { // more than twice what is indexed at once
		room, body := "", fmt.Sprintf("word number %d", i)
		if i%2 == 0 {
			room = "other"
		}
		h.say(t, ann, room, body)
		want = append([]string{body}, want...)
	}
	if diff := cmp.Diff(want, found(t, h, ann, chat.SearchInput{Query: "word"})); diff != "" {
		t.Error(diff)
	}
	if got := found(t, h, ann, chat.SearchInput{Query: "word", Room: "other"}); len(got) != 265 {
		t.Errorf("%d in one room", len(got))
	}
}

func TestSearch_Snippets(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	filler := strings.Repeat("word ", 100)
	h.say(t, ann, "", filler+"(Nadel!) im Heu "+filler)
	h.say(t, ann, "", strings.Repeat("東", 300)+"京都"+strings.Repeat("東", 300))
	h.say(t, ann, "", "short and\nsweet")
	for query, want := range map[string]string{
		"nadel": "…" + strings.Repeat("word ", 7) + "(Nadel!) im Heu " + strings.TrimSpace(strings.Repeat("word ", 21)) + "…",
		"京都":    "…" + strings.Repeat("東", 40) + "京都" + strings.Repeat("東", 118) + "…",
		"sweet": "short and\nsweet",
	} {
		page, err := h.Search(t.Context(), ann, chat.SearchInput{Query: query})
		if err != nil || len(page.Hits) != 1 {
			t.Fatalf("%s: %+v, %v", query, page, err)
		}
		if diff := cmp.Diff(want, page.Hits[0].Snippet); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
}

func TestSearch_Refusals(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	for what, c := range map[string]struct {
		in   chat.SearchInput
		code chat.Code
	}{
		"nothing":       {chat.SearchInput{Query: " "}, chat.Invalid},
		"no word":       {chat.SearchInput{Query: `!? ""`}, chat.Invalid},
		"too long":      {chat.SearchInput{Query: strings.Repeat("x", 257)}, chat.Invalid},
		"an odd filter": {chat.SearchInput{Query: "x", Has: "wings"}, chat.Invalid},
		"an odd cursor": {chat.SearchInput{Query: "x", Cursor: "?"}, chat.Invalid},
		"no author":     {chat.SearchInput{Query: "x", Author: "nobody"}, chat.NotFound},
		"no room":       {chat.SearchInput{Query: "x", Room: "nowhere"}, chat.NotFound},
		"its language":  {chat.SearchInput{Query: `a" OR "b* NEAR(x) ^y :o text:z -c`}, ""},
	} {
		if _, err := h.Search(t.Context(), ann, c.in); chat.CodeOf(err) != c.code {
			t.Errorf("%s: %v, wanted %q", what, err, c.code)
		}
	}
}

func TestSearch_WhoIsInHundredsOfRooms(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	var last chat.Room
	for i := range 300 {
		last = h.room(t, ann, chat.CreateRoomInput{Name: fmt.Sprintf("room %d", i), Private: true})
	}
	h.say(t, ann, last.ID.String(), "needle")
	if got := found(t, h, ann, chat.SearchInput{Query: "needle"}); len(got) != 1 {
		t.Errorf("found %q", got)
	}
}

func TestSearch_AStartIndexesWhatIsThere(t *testing.T) {
	h := newHouse(t, nil)
	ann := h.login(t, "ann")
	first := h.say(t, ann, "", "old words")
	err := h.store.Update(t.Context(), func(tx chat.Tx) error {
		m := first
		for range 2100 { // a database from before there was an index
			room, err := tx.Room(m.Room)
			if err != nil {
				return err
			}
			if m.Seq, m.Rev, err = tx.NextMessage(room); err != nil {
				return err
			}
			m.ID, m.CID = m.ID+1, fmt.Sprint(m.Seq)
			if err := tx.InsertMessage(m, 0, 0); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	_, err = chat.New(t.Context(), h.store, h.events, &chat.Options{Hasher: h.hasher, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	err = h.store.View(t.Context(), func(tx chat.Tx) error {
		left, err := tx.Unindexed(1)
		if len(left) > 0 {
			t.Errorf("not indexed: %+v", left)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if text := log.String(); !strings.Contains(text, "done=2000") || !strings.Contains(text, "messages=2101") {
		t.Errorf("the log says %s", text)
	}
}
