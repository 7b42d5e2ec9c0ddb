package sqlite_test

import (
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"parley/internal/chat"
	"parley/internal/store/migrations"
	"parley/internal/store/storetest"
)

// oldMessages is how many messages the database of the first schema has.
const oldMessages = 3000

// firstSchema makes a database as the first schema had it, with people, a room and messages.
func firstSchema(t *testing.T, path string) {
	t.Helper()
	db := openSQL(t, path)
	steps, err := fs.Sub(migrations.SQLite, "sqlite")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, steps)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		fmt.Sprintf(`PRAGMA application_id = %d`, 0x5061726c),
		`INSERT INTO meta VALUES ('epoch', 'the first'), ('everyone', '7')`,
		`INSERT INTO users (id, name, skeleton, display_name, search_key, pass_hash, role, created_at) VALUES
			(1, 'ann', 'ann', 'Ann', 'ann', 'plain:` + storetest.Password + `', 'owner', 1), (2, 'bob', 'bob', 'Bob', 'bob', NULL, 'member', 1)`,
		fmt.Sprintf(`INSERT INTO rooms (id, kind, name, name_key, members_count, last_seq, last_rev, meta_rev, member_rev, created_at)
			VALUES (7, 'everyone', 'Everyone', 'everyone', 2, %d, %d, 1, 1, 1)`, oldMessages, oldMessages+1),
		`INSERT INTO members (room_id, user_id, notify, read_seq, joined_at) VALUES (7, 1, 'all', 10, 1), (7, 2, 'mentions', 0, 1)`,
		fmt.Sprintf(`WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < %d)
			INSERT INTO messages (id, room_id, seq, rev, author_id, cid, sent_body, sent_to, body, reply_to, mentions, created_at)
			SELECT 1000 + n, 7, n, n + 1, n %% 2 + 1, 'cid ' || n, n, -n, 'old message number' || n, NULLIF(n / 2, 0), IIF(n %% 100 = 0, '1 everyone', NULL), n FROM n`, oldMessages),
		`INSERT INTO mentions SELECT 0, room_id, seq FROM messages WHERE mentions IS NOT NULL`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func openSQL(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestOpen_UpgradesADatabaseOfTheFirstSchemaAndKeepsIt(t *testing.T) {
	dir := t.TempDir()
	firstSchema(t, filepath.Join(dir, "parley.db"))
	store := openStore(t, dir)
	service := storetest.NewService(t, store, &storetest.Recorder{})
	if service.Epoch() != "the first" {
		t.Errorf("the epoch is %q", service.Epoch())
	}
	ann := storetest.Login(t, service, "ann")
	checkOldMessages(t, store)
	result, err := service.Send(t.Context(), ann, chat.SendInput{Body: "new"})
	if err != nil || result.Message.Seq != oldMessages+1 {
		t.Errorf("the next message: %+v, %v", result.Message, err)
	}
	page, err := service.Search(t.Context(), ann, chat.SearchInput{Query: "number2345"})
	if err != nil || len(page.Hits) != 1 || page.Hits[0].Message.Seq != 2345 {
		t.Errorf("an old message is not found: %+v, %v", page, err)
	}

	kept := filepath.Join(dir, "parley-schema-1.db")
	info, err := os.Stat(kept)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the copy: %v, %v", info, err)
	}
	var sound string
	var version, messages int
	err = openSQL(t, kept).QueryRow(`SELECT (SELECT integrity_check FROM pragma_integrity_check), (SELECT MAX(version_id) FROM goose_db_version),
		(SELECT COUNT(*) FROM messages)`).Scan(&sound, &version, &messages)
	if err != nil || sound != "ok" || version != 1 || messages != oldMessages {
		t.Errorf("the copy is %s, of schema %d, with %d messages, %v", sound, version, messages, err)
	}
}

// repliesOf is how many answers a message of the old database has in its thread: all others are in the first one's.
func repliesOf(n int64) int {
	if n == 1 {
		return oldMessages - 1
	}
	return 0
}

func checkOldMessages(t *testing.T, store chat.Store) {
	t.Helper()
	err := store.View(t.Context(), func(tx chat.Tx) error {
		all, err := tx.Messages(7, chat.Span{Before: oldMessages + 1, Limit: oldMessages})
		if err != nil || len(all) != oldMessages {
			return fmt.Errorf("%d messages, %w", len(all), err)
		}
		for i, m := range all {
			n := int64(i + 1)
			if m.ID != chat.ID(1000+n) || m.Seq != n || m.Rev != n+1 || m.Body != fmt.Sprintf("old message number%d", n) ||
				m.ReplyTo != n/2 || m.Thread != min(n-1, 1) || m.Replies != repliesOf(n) || m.Mentions.Everyone != (n%100 == 0) || m.CID != fmt.Sprintf("cid %d", n) {
				t.Fatalf("message %d became %+v", n, m)
			}
		}
		sent, err := tx.FirstSent(2, "cid 77")
		if sent != (chat.Sent{Body: 77, Target: -77, Room: 7, Seq: 77}) {
			t.Errorf("first sent: %+v", sent)
		}
		named, err2 := tx.UnreadMentions(7, 2, 0, 100)
		room, member, err3 := tx.RoomFor(1, 7)
		unread, err4 := tx.Unread(room, member, 10000)
		if named != oldMessages/100 || unread != (oldMessages-10)/2 {
			t.Errorf("%d mentions, %d unread", named, unread)
		}
		for _, err := range []error{err, err2, err3, err4} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpen_WithoutAnUpgradeKeepsNoCopy(t *testing.T) {
	dir := t.TempDir()
	openStore(t, dir).Close()
	openStore(t, dir).Close()
	if found, err := filepath.Glob(filepath.Join(dir, "*schema*")); err != nil || len(found) > 0 {
		t.Errorf("%v, %v", found, err)
	}
}
