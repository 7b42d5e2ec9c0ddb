package storebench

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/internal/chat"
)

// rounds is how often each question is asked.
const rounds = 200

// show prints what a question takes, and reports its p95.
func (h *house) show(b *testing.B, what string, all []time.Duration) {
	slices.Sort(all)
	at := func(share int) float64 { return float64(all[(len(all)-1)*share/100].Microseconds()) / 1000 }
	tell("%-28s p50 %8.2f ms   p95 %8.2f ms   max %8.2f ms", what, at(50), at(95), at(100))
	b.ReportMetric(at(95), what+"-p95-ms")
	h.results.add(h.name, what, "%.2f / %.2f ms", at(50), at(95))
}

func (h *house) ask(b *testing.B, what string, question func(by chat.Session) error) {
	var all []time.Duration
	for n := range rounds {
		began := time.Now()
		if err := question(h.people[n%people]); err != nil {
			b.Fatalf("%s: %v", what, err)
		}
		all = append(all, time.Since(began))
	}
	h.show(b, what, all)
}

func (h *house) reads(b *testing.B) {
	last := int64(*messages / 2)
	for i, name := range []string{"big", "small"} {
		room, last := h.rooms[i].String(), last
		if i > 0 {
			last = int64(*messages / 2 / rooms)
		}
		h.ask(b, "history-newest-"+name, func(by chat.Session) error {
			_, err := h.service.History(b.Context(), by, chat.HistoryInput{Room: room})
			return err
		})
		h.ask(b, "history-anywhere-"+name, func(by chat.Session) error {
			around := rand.Int64N(last) + 1
			_, err := h.service.History(b.Context(), by, chat.HistoryInput{Room: room, Around: &around})
			return err
		})
		h.ask(b, "changes-anywhere-"+name, func(by chat.Session) error {
			_, err := h.service.Changes(b.Context(), by, chat.ChangesInput{Room: room, Since: rand.Int64N(last)})
			return err
		})
		h.ask(b, "members-"+name, func(by chat.Session) error {
			_, err := h.service.Members(b.Context(), by, room, "")
			return err
		})
	}
	h.ask(b, "unread-one-room", func(by chat.Session) error {
		return h.store.View(b.Context(), func(tx chat.Tx) error {
			room, member, err := tx.RoomFor(by.User, h.rooms[0])
			if err != nil {
				return err
			}
			member.ReadSeq = rand.Int64N(last)
			_, err = tx.Unread(room, member, chat.CountCap)
			return err
		})
	})
	// Nobody has read anything: in each room as many messages are counted as ever are.
	h.ask(b, fmt.Sprintf("sync-%d-rooms-unread", rooms), func(by chat.Session) error {
		_, err := h.service.Sync(b.Context(), by)
		return err
	})
}

func (h *house) searches(b *testing.B) {
	for _, search := range []struct {
		what string
		in   func() chat.SearchInput
	}{
		{"search-common", func() chat.SearchInput { return chat.SearchInput{Query: "common"} }},
		{"search-common-phrase", func() chat.SearchInput { return chat.SearchInput{Query: `"word in"`} }},
		{"search-two-common", func() chat.SearchInput { return chat.SearchInput{Query: "coffee review"} }},
		{"search-cjk-pair", func() chat.SearchInput { return chat.SearchInput{Query: "问题"} }},
		{"search-cjk-one", func() chat.SearchInput { return chat.SearchInput{Query: "语"} }},
		{"search-rare", func() chat.SearchInput { return chat.SearchInput{Query: fmt.Sprintf("rare%d", rand.IntN(100_000))} }},
		{"search-none", func() chat.SearchInput { return chat.SearchInput{Query: "missing"} }},
		{"search-never-together", func() chat.SearchInput { return chat.SearchInput{Query: "even odd"} }},
		{"search-never-a-phrase", func() chat.SearchInput { return chat.SearchInput{Query: `"word common"`} }},
		{"search-in-a-room", func() chat.SearchInput {
			return chat.SearchInput{Query: "common", Room: h.rooms[1+rand.IntN(rooms-1)].String()}
		}},
		{"search-by-an-author", func() chat.SearchInput {
			return chat.SearchInput{Query: "lunch", Author: h.people[rand.IntN(people)].User.String()}
		}},
		{"search-long-ago", func() chat.SearchInput {
			return chat.SearchInput{Query: "common", Before: time.Now().AddDate(-1, 0, 0)}
		}},
	} {
		h.ask(b, search.what, func(by chat.Session) error {
			_, err := h.service.Search(b.Context(), by, search.in())
			return err
		})
	}
}

// sent is what a writer was answered.
type sent struct {
	message chat.Message
	took    time.Duration
}

// sends lets everybody write at once, each waiting for the answer before the next message, and then audits each answer in
// the table and in the search index.
func (h *house) sends(b *testing.B) {
	tell("sending for %v, load %s", *sending, load())
	answers := make([][]sent, people)
	began := time.Now()
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() {
			for n := 0; time.Since(began) < *sending; n++ {
				before := time.Now()
				result, err := h.service.Send(b.Context(), h.people[i], chat.SendInput{
					Room: h.rooms[i%rooms].String(), CID: fmt.Sprintf("%08x-%d-%d", rand.Uint32(), i, n),
					Body: "a benchsend message of the usual length, as people write them",
				})
				if err != nil {
					b.Error(err)
					return
				}
				answers[i] = append(answers[i], sent{result.Message, time.Since(before)})
			}
		})
	}
	all.Wait()
	took := time.Since(began)
	flat := slices.Concat(answers...)
	durations := make([]time.Duration, len(flat))
	for i, one := range flat {
		durations[i] = one.took
	}
	rate := float64(len(flat)) / took.Seconds()
	tell("%d sends by %d writers, %.0f/s, load %s", len(flat), people, rate, load())
	b.ReportMetric(rate, "sends/s")
	h.results.add(h.name, "sends", "%.0f/s", rate)
	h.show(b, "send", durations)
	h.auditTable(b, flat)
	h.auditSearch(b, flat)
}

func (h *house) auditTable(b *testing.B, flat []sent) {
	err := h.store.View(b.Context(), func(tx chat.Tx) error {
		for _, one := range flat {
			m, err := tx.MessageAt(one.message.Room, one.message.Seq)
			if err != nil || m.ID != one.message.ID || m.CID != one.message.CID || m.Body != one.message.Body {
				return fmt.Errorf("answered %+v, stored %+v: %w", one.message, m, err)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	tell("all %d are in the table", len(flat))
}

func (h *house) auditSearch(b *testing.B, flat []sent) {
	wanted := make(map[chat.ID]bool, len(flat))
	for _, one := range flat {
		wanted[one.message.ID] = true
	}
	for cursor := ""; ; {
		page, err := h.service.Search(b.Context(), h.people[0], chat.SearchInput{Query: "benchsend", Cursor: cursor})
		if err != nil {
			b.Fatal(err)
		}
		for _, hit := range page.Hits {
			delete(wanted, hit.Message.ID)
		}
		if cursor = page.Cursor; cursor == "" || len(wanted) == 0 {
			break
		}
	}
	if len(wanted) > 0 {
		b.Fatalf("%d of %d sends are not found", len(wanted), len(flat))
	}
	tell("all %d are found", len(flat))
}
