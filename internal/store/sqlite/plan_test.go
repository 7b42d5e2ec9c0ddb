package sqlite

import (
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/store"
	"parley/internal/store/storetest"
)

// TestPlans_EveryStatementOfTheChatIsAnIndexSearch asks SQLite how it runs each statement that a Tx has prepared. What
// costs more the more there is in the tables says SCAN, or sorts.
func TestPlans_EveryStatementOfTheChatIsAnIndexSearch(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	c, err := openConn(filepath.Join(dir, fileName)) // nothing else uses the store
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.close() })
	storetest.RunAll(store.NewTx(c))

	prepared := make([]string, 0, len(c.stmts))
	for query := range c.stmts {
		if !strings.HasPrefix(query, "PRAGMA") {
			prepared = append(prepared, query)
		}
	}
	if len(prepared) < 80 {
		t.Fatalf("only %d statements were prepared", len(prepared))
	}
	counts, named := 0, 0
	for _, query := range prepared {
		if strings.Contains(query, "deleted_at IS NOT NULL OR kind = 'system'") {
			counts++
			steps := strings.Join(plan(t, c, query), "; ")
			if !strings.Contains(steps, "messages_uncounted (room_id=? AND seq>?") {
				t.Errorf("unread is counted by %s", steps)
			}
		}
		if strings.Contains(query, "FROM mentions e") {
			named++
			steps := strings.Join(plan(t, c, query), "; ")
			if !strings.Contains(steps, "SEARCH e USING PRIMARY KEY (user_id=? AND room_id=? AND seq>?); SEARCH x USING INDEX messages_seq (room_id=? AND seq=?)") {
				t.Errorf("mentions are found by %s", steps)
			}
		}
	}
	for part, index := range map[string]string{
		"x.thread = $2 AND x.seq < $3": "messages_thread (room_id=? AND thread=? AND seq<?)",
		"x.thread = $2 AND x.seq > $3": "messages_thread (room_id=? AND thread=? AND seq>?)",
		"x.pinned_at DESC":             "messages_pinned (room_id=? AND pinned_at>? AND (pinned_at,seq)<(?,?))",
	} {
		for _, query := range prepared {
			if steps := plan(t, c, query); strings.Contains(query, part) && !strings.Contains(strings.Join(steps, "\n"), index) {
				t.Errorf("%s\n\truns as %q, wanted %s", query, steps, index)
			}
		}
	}
	for _, query := range prepared {
		for _, step := range plan(t, c, query) {
			if strings.Contains(step, "SCAN") && !cheap(query, step) || strings.Contains(step, "TEMP B-TREE") && !cheap(query, step) {
				t.Errorf("%s\n\truns as %q", query, step)
			}
		}
	}
	if counts != 2 || named != 2 {
		t.Errorf("%d statements count what is unread, %d what mentions one", counts, named)
	}
}

// cheap tells steps that are bounded although they do not look it.
func cheap(query, step string) bool {
	switch {
	case strings.Contains(query, "FROM users LIMIT 1"): // its first row
		return true
	case step == "SCAN CONSTANT ROW" || step == "SCAN unread" || step == "SCAN named": // of rows that a LIMIT has bounded
		return true
	case strings.Contains(step, "VIRTUAL TABLE INDEX"): // the search index, by its words or a position
		return true
	case step == "SCAN f": // the page that was found
		return true
	case step == "USE TEMP B-TREE FOR DISTINCT": // ends at the LIMIT
		return true
	}
	return false
}

func plan(t *testing.T, c *conn, query string) []string {
	t.Helper()
	args := make([]any, strings.Count(query, "$"))
	answer, err := c.Query("EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer answer.Close()
	var steps []string
	for answer.Next() {
		steps = append(steps, answer.(*rows).stmt.text(3))
	}
	if err := answer.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

func TestOpenConn_PathsWithOddCharacters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "50% of #1? yes & no", "é")
	s, err := Open(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if found, err := filepath.Glob(filepath.Join(path, fileName)); err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
}
