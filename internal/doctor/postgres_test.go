package doctor_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/doctor"
	"parley/internal/store/postgres"
	"parley/internal/store/postgres/pgtest"
)

// elsewhere is a patient whose database is a PostgreSQL.
type elsewhere struct {
	doctor.Place
	server *pgtest.Server
	upload string
}

func newElsewhere(t *testing.T, server *pgtest.Server) *elsewhere {
	t.Helper()
	p := &elsewhere{Place: doctor.Place{Dir: t.TempDir(), Postgres: server.Database()}, server: server}
	store, err := postgres.Open(t.Context(), p.Postgres, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.upload = fill(t, store, p.Dir)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return p
}

// harm runs statements without the constraints of the database.
func (p *elsewhere) harm(t *testing.T, statements string) {
	t.Helper()
	address, err := url.Parse(p.Postgres)
	if err != nil {
		t.Fatal(err)
	}
	p.server.Exec(strings.TrimPrefix(address.Path, "/"), "SET session_replication_role = replica; "+statements)
}

func (p *elsewhere) examine(t *testing.T) string {
	t.Helper()
	findings, err := doctor.Examine(t.Context(), p.Place, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return text(findings)
}

func TestPostgres(t *testing.T) {
	server := pgtest.Start(t)
	t.Run("nothing is found in a sound database", func(t *testing.T) { soundElsewhere(t, server) })
	t.Run("what loses nothing is mended", func(t *testing.T) { mendedElsewhere(t, server) })
	t.Run("what only a backup can heal is left alone", func(t *testing.T) { lostElsewhere(t, server) })
	t.Run("what is no chat is told in a sentence", func(t *testing.T) { noChatElsewhere(t, server) })
}

func soundElsewhere(t *testing.T, server *pgtest.Server) {
	p := newElsewhere(t, server)
	var looked []string
	findings, err := doctor.Examine(t.Context(), p.Place, func(what string) { looked = append(looked, what) })
	if err != nil || len(findings) > 0 {
		t.Errorf("%v, %v", text(findings), err)
	}
	if len(looked) < 10 {
		t.Errorf("it looked at %q only", looked)
	}
	store, err := postgres.Open(t.Context(), p.Postgres, nil) // a server works meanwhile
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if found := p.examine(t); found != "" {
		t.Errorf("beside a server: %s", found)
	}
	if findings, err := doctor.Mend(t.Context(), p.Place, quiet); err != nil || len(findings) > 0 {
		t.Errorf("mend: %v, %v", text(findings), err)
	}
}

func mendedElsewhere(t *testing.T, server *pgtest.Server) {
	for what, test := range map[string]struct{ harm, says string }{
		"counters behind":        {`UPDATE rooms SET last_seq = last_seq - 3, last_rev = last_rev - 3; UPDATE members SET read_seq = read_seq - 3`, "are behind what is in it"},
		"a wrong count":          {`UPDATE rooms SET members_count = 9`, "counts 9 members and has 1"},
		"a read mark ahead":      {`UPDATE members SET read_seq = 999`, "1 members have read more"},
		"mentions of nothing":    {`INSERT INTO mentions VALUES (1, 1, 1), (2, 1, 2)`, "2 mentions are of messages that are not there"},
		"drafts for nothing":     {`INSERT INTO drafts VALUES (1, 1, 'x', 1)`, "1 drafts are for rooms or of people that are not there"},
		"a search index torn":    {`DELETE FROM search WHERE pos < 100`, "Search does not find 99 of 256 messages"},
		"a search index too far": {`UPDATE meta SET value = '1000' WHERE key = 'search_indexed'`, "knows 1000 messages where there are 300"},
		"the bytes of nothing":   {"", "1 files of 5 bytes"},
	} {
		t.Run(what, func(t *testing.T) {
			p := newElsewhere(t, server)
			if test.harm == "" {
				write(t, filepath.Join(p.Dir, "files", "77"), 2*time.Hour)
			}
			p.harm(t, test.harm)
			if found := p.examine(t); !strings.Contains(found, test.says) || !strings.Contains(found, "parley doctor --fix") {
				t.Fatalf("found %s", found)
			}
			findings, err := doctor.Mend(t.Context(), p.Place, quiet)
			if err != nil || len(findings) != 1 || findings[0].Remedy != "" {
				t.Fatalf("mend: %v, %v", text(findings), err)
			}
			if found := p.examine(t); found != "" {
				t.Errorf("afterwards: %s", found)
			}
		})
	}
}

func lostElsewhere(t *testing.T, server *pgtest.Server) {
	for what, test := range map[string]struct{ harm, says string }{
		"a message that is gone":  {`DELETE FROM messages WHERE seq = 100`, "299 messages where 300 were sent"},
		"the last messages gone":  {`DELETE FROM messages WHERE seq > 200`, "the last message is 200 where 300 were sent"},
		"an author who is gone":   {`DELETE FROM users`, "rows of messages belong to rows of users that are not there"},
		"an upload without bytes": {"", "1 uploads are not there, or not whole: "},
	} {
		t.Run(what, func(t *testing.T) {
			p := newElsewhere(t, server)
			if test.harm == "" {
				if err := os.Remove(filepath.Join(p.Dir, "files", p.upload)); err != nil {
					t.Fatal(err)
				}
			}
			p.harm(t, test.harm)
			for range 2 {
				if found := p.examine(t); !strings.Contains(found, test.says) || !strings.Contains(found, "backup") {
					t.Errorf("found %s", found)
				}
				if _, err := doctor.Mend(t.Context(), p.Place, quiet); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func noChatElsewhere(t *testing.T, server *pgtest.Server) {
	old := newElsewhere(t, server)
	old.harm(t, `DELETE FROM goose_db_version WHERE version_id > 2`)
	if found := old.examine(t); !strings.Contains(found, "has the schema 2, this Parley has ") {
		t.Errorf("an old one: %s", found)
	}
	old.harm(t, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`)
	if found := old.examine(t); !strings.Contains(found, "by a newer Parley") {
		t.Errorf("a newer one: %s", found)
	}
	for what, test := range map[string]struct{ address, says string }{
		"an empty database": {server.Database(), "there is no chat in the database"},
		"no database":       {server.URL("nowhere"), "nowhere"},
		"no address":        {"postgres://parley:secret@[/parley", "must be postgres://USER@HOST/NAME"},
	} {
		_, err := doctor.Examine(t.Context(), doctor.Place{Dir: t.TempDir(), Postgres: test.address}, quiet)
		if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
