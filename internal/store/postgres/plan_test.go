package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/store"
	"parley/internal/store/postgres/pgtest"
	"parley/internal/store/storetest"
)

// plan is a node of EXPLAIN (FORMAT JSON).
type plan struct {
	Kind   string `json:"Node Type"`
	Table  string `json:"Relation Name"`
	Index  string `json:"Index Name"`
	Cond   string `json:"Index Cond"`
	Filter string `json:"Filter"`
	Plans  []plan `json:"Plans"`
}

// some is enough of everything for an index to be worth its while, and the statistics of it.
const some = `
	INSERT INTO users (id, name, skeleton, display_name, search_key, created_at) SELECT n, n, n, n, n, 0 FROM generate_series(1, 500) AS n;
	INSERT INTO rooms (id, kind, name, name_key, members_count, last_rev, meta_rev, member_rev, created_at)
		SELECT n, CASE n % 3 WHEN 0 THEN 'private' ELSE 'public' END, n, n, 100, 200, 1, 1, 0 FROM generate_series(1, 30000) AS n;
	INSERT INTO members (room_id, user_id, notify, joined_at) SELECT n / 4 + 1, n % 499 + 2, 'all', 0 FROM generate_series(1, 19000) AS n;
	INSERT INTO messages (pos, id, room_id, seq, rev, author_id, cid, sent_body, sent_to, body, created_at, reply_to, thread, pinned_at)
		SELECT n, n, (n - 1) % 100 + 1, (n + 99) / 100, (n + 99) / 100, n % 500 + 1, n, 0, 0, 'text', n,
			CASE WHEN n % 7 = 0 THEN n % 5 + 1 END, CASE WHEN n % 7 = 0 THEN n % 5 + 1 END, CASE WHEN n % 11 = 0 THEN n END
		FROM generate_series(1, 20000) AS n;
	INSERT INTO search SELECT n, ('word' || n % 1000)::tsvector FROM generate_series(101, 20000) AS n;
	INSERT INTO sessions (id, user_id, token_hash, user_agent, ip, created_at, seen_at, expires_at)
		SELECT n, n % 500 + 1, decode(md5(n::text), 'hex'), '', '', 0, 0, 0 FROM generate_series(1, 2000) AS n;
	INSERT INTO files (id, owner_id, room_id, seq, name, mime, bytes, width, height, alt, created_at)
		SELECT n, n % 500 + 1, n % 100 + 1, n / 100 + 1, '', '', 0, 0, 0, '', 0 FROM generate_series(1, 2000) AS n;
	INSERT INTO mentions SELECT n % 500, n % 100 + 1, n / 100 + 1 FROM generate_series(1, 2000) AS n;
	INSERT INTO drafts SELECT n % 500 + 1, n / 500 + 1, 'x', 0 FROM generate_series(1, 2000) AS n;
	INSERT INTO blocks SELECT n % 500 + 1, n / 500 + 1, 0 FROM generate_series(1, 2000) AS n;
	INSERT INTO edits SELECT n % 100 + 1, n / 100 + 1, 1, 'x', 0 FROM generate_series(1, 2000) AS n;
	ANALYZE`

// planner is a connection that has prepared every statement of a Tx.
type planner struct {
	*conn
	first map[string]string // index → its first column
}

func newPlanner(t *testing.T) planner {
	t.Helper()
	server := pgtest.Start(t)
	address := server.Database()
	s, err := Open(t.Context(), address, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	server.Exec("parley1", some)
	config, err := pgconn.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(config.RuntimeParams, alongIndexes())
	raw, err := pgconn.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close(context.Background()) })
	p := planner{newConn(raw), firstColumns(t, raw)}
	storetest.RunAll(store.NewTx(p))
	if len(p.stmts) < 80 {
		t.Fatalf("only %d statements were prepared", len(p.stmts))
	}
	return p
}

func firstColumns(t *testing.T, raw *pgconn.PgConn) map[string]string {
	t.Helper()
	results, err := raw.Exec(t.Context(), `SELECT indexrelid::regclass, pg_get_indexdef(indexrelid, 1, true) FROM pg_index`).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	first := make(map[string]string)
	for _, row := range results[0].Rows {
		first[string(row[0])] = string(row[1])
	}
	return first
}

var parameter = regexp.MustCompile(`\$\d+`)

// of is how PostgreSQL runs a statement, whatever its parameters and the statistics are.
func (p planner) of(t *testing.T, query string) plan {
	t.Helper()
	distinct := make(map[string]bool)
	for _, name := range parameter.FindAllString(query, -1) {
		distinct[name] = true
	}
	explain := "EXPLAIN (FORMAT JSON) EXECUTE " + p.stmts[query]
	if len(distinct) > 0 {
		explain += "(" + strings.Join(slices.Repeat([]string{"NULL"}, len(distinct)), ", ") + ")"
	}
	results, err := p.raw.Exec(t.Context(), explain).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	var answer []struct{ Plan plan }
	if err := json.Unmarshal(results[0].Rows[0][0], &answer); err != nil || len(answer) != 1 {
		t.Fatalf("%s: %v", results[0].Rows[0][0], err)
	}
	return answer[0].Plan
}

// walk visits the nodes of a plan.
func (p plan) walk(visit func(plan)) {
	visit(p)
	for _, below := range p.Plans {
		below.walk(visit)
	}
}

func TestPlans(t *testing.T) {
	p := newPlanner(t)
	t.Run("every statement of the chat is an index search", func(t *testing.T) { everyStatementSearches(t, p) })
	t.Run("history, changes, unread and members are ranges of one index", func(t *testing.T) { rangesOfOneIndex(t, p) })
	t.Run("a search reads the index of words", func(t *testing.T) { searchReadsWords(t, p) })
}

func everyStatementSearches(t *testing.T, p planner) {
	for query := range p.stmts {
		p.of(t, query).walk(func(node plan) {
			if cause := p.dear(node); cause != "" && !bounded(query, node) {
				t.Errorf("%s\n\t%s: %+v", query, cause, node)
			}
		})
	}
}

// dear tells why a node costs more the more there is in the tables.
func (p planner) dear(node plan) string {
	switch {
	case node.Kind == "Seq Scan", node.Kind == "Sort", strings.HasPrefix(node.Kind, "Hash"), strings.HasPrefix(node.Kind, "Merge"):
		return "a " + node.Kind
	case node.Index != "" && !strings.Contains(node.Cond, p.first[node.Index]):
		return "an index not by its first column"
	}
	return ""
}

// bounded tells nodes that are bounded although they do not look it.
func bounded(query string, node plan) bool {
	switch {
	case strings.Contains(query, "FROM users LIMIT 1"): // its first row
		return true
	case node.Index == "files_gone": // its first rows
		return true
	case strings.Contains(query, "DELETE FROM commits"): // a row for each process
		return true
	case node.Kind == "Sort" && strings.Contains(query, "words @@"): // what was found in some blocks
		return true
	}
	return false
}

func rangesOfOneIndex(t *testing.T, p planner) {
	for part, want := range map[string]plan{
		"x.seq < $3 ORDER BY x.seq LIMIT":         {Index: "messages_seq", Cond: "((room_id = $1) AND (seq > $2) AND (seq < $3))"},
		"> $2 AND x.seq < $3 ORDER BY x.seq DESC": {Index: "messages_seq", Cond: "((room_id = $1) AND (seq > $2) AND (seq < $3))"},
		"x.rev > $2 ORDER BY x.rev LIMIT":         {Index: "messages_rev", Cond: "((room_id = $1) AND (rev > $2))"},
		"AS named)\n\t\tFROM members":             {Index: "messages_uncounted", Cond: "((room_id = room_id) AND (seq > CASE WHEN (read_seq > (r.last_seq - $2)) THEN read_seq ELSE (r.last_seq - $2) END))"},
		"SELECT COUNT(*) FROM members m JOIN":     {Index: "messages_uncounted", Cond: "((room_id = $1) AND (seq > $2) AND (seq <= $3))"},
		"m.user_id > $2 AND m.left_at IS NULL":    {Index: "members_pkey", Cond: "((room_id = $1) AND (user_id > $2))"},
		"= $1 ORDER BY seq LIMIT 1":               {Index: "messages_seq", Cond: "(room_id = $1)"},
		"MAX(pos)":                                {Index: "messages_pkey", Cond: "(pos IS NOT NULL)"},
		"x.seq > $3 ORDER BY x.seq LIMIT":         {Index: "messages_thread", Cond: "((room_id = $1) AND (thread = $2) AND (seq > $3))"},
		"x.thread = $2 AND x.seq < $3":            {Index: "messages_thread", Cond: "((room_id = $1) AND (thread = $2) AND (seq < $3))"},
		"ORDER BY x.pinned_at DESC":               {Index: "messages_pinned", Cond: "((room_id = $1) AND (ROW(pinned_at, seq) < ROW($2, $3)))"},
	} {
		found, conds := 0, []string{}
		for query := range p.stmts {
			if !strings.Contains(query, part) {
				continue
			}
			p.of(t, query).walk(func(node plan) {
				conds = append(conds, node.Index+" "+node.Cond)
				if node.Index == want.Index && strings.ReplaceAll(node.Cond, "m.", "") == want.Cond {
					found++
				}
			})
		}
		if found != 1 {
			t.Errorf("%q searches %v, wanted %s %s", part, conds, want.Index, want.Cond)
		}
	}
}

func searchReadsWords(t *testing.T, p planner) {
	for query := range p.stmts {
		if !strings.Contains(query, "words @@") {
			continue
		}
		var indexes []string
		p.of(t, query).walk(func(node plan) {
			if node.Index != "" {
				indexes = append(indexes, node.Index)
			}
		})
		if want := []string{"search_words", "messages_pkey", "users_pkey"}; fmt.Sprint(indexes) != fmt.Sprint(want) {
			t.Errorf("%v, wanted %v", indexes, want)
		}
		return
	}
	t.Error("no search was prepared")
}
