package sqlite

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/chat"
	"parley/internal/store"
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
	ask(store.NewTx(c))

	prepared := make([]string, 0, len(c.stmts))
	for query := range c.stmts {
		prepared = append(prepared, query)
	}
	if len(prepared) < 80 {
		t.Fatalf("only %d statements were prepared", len(prepared))
	}
	for _, query := range prepared {
		if strings.HasPrefix(query, "PRAGMA") {
			continue
		}
		for _, step := range plan(t, c, query) {
			if strings.Contains(step, "SCAN") && !cheap(query, step) || strings.Contains(step, "TEMP B-TREE") && !cheap(query, step) {
				t.Errorf("%s\n\truns as %q", query, step)
			}
		}
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
		steps = append(steps, answer.(*rows).values[3].(string))
	}
	if err := answer.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

// ask prepares every statement of a Tx. Their answers do not matter.
func ask(tx chat.Tx) {
	now := time.Now()
	tx.Setting("x")
	tx.SetSetting("x", "y")
	tx.User(1)
	tx.UserByName("x")
	tx.Credentials("x")
	tx.LookAlike("x")
	tx.AnyUser()
	tx.InsertUser(chat.NewUser{})
	tx.SetPasswordHash(1, "x")
	tx.SetDisabledAt(1, now)
	tx.SetLastSeen(1, now)
	tx.ListUsers(1, "x", "x", 1)
	tx.InsertSession(chat.SessionRecord{TokenHash: []byte("x")})
	tx.SessionByToken([]byte("x"))
	tx.Actor(1)
	tx.ExtendSession(1, now, now)
	tx.RevokeSession(1, now)
	tx.RevokeSessionsOf(1, now)
	tx.Room(1)
	tx.OpenRoomByName("x")
	tx.PrivateRoomByName(1, "x")
	tx.DMRoom("x")
	tx.InsertRoom(chat.NewRoom{})
	tx.NextMessage(1)
	tx.NextChange(1)
	tx.NextMembership(1, 1)
	tx.ListRooms(1, "x", "x", 1)
	tx.RoomFor(1, 1)
	tx.PutMember(chat.Member{}, now)
	tx.SetLeft(1, 1, now)
	tx.SetReadSeq(1, 1, 1)
	tx.MemberByName(1, "x")
	tx.Members(1, 1, 1)
	tx.Peers(1, 1)
	tx.OtherOwner(1, 1)
	tx.RoomIDs(1)
	tx.Memberships(1)
	tx.InsertMessage(chat.Message{}, 0, 0)
	tx.MessageAt(1, 1)
	tx.FirstSent(1, "x")
	tx.Messages(1, chat.Span{})
	tx.Messages(1, chat.Span{Newest: true})
	tx.ChangedSince(1, 1, 1)
	tx.FirstSeq(1)
	tx.Unread(1, 1, 1, 1)
	tx.InsertMention(1, 1, 1)
	tx.UnreadMentions(1, 1, 1, 1)
	askForChanges(tx, now)
}

// askForChanges is ask for what changes messages and people.
func askForChanges(tx chat.Tx, now time.Time) {
	tx.UpdateMessage(chat.Message{})
	tx.KeepEdit(chat.Message{}, now)
	tx.DeleteEdits(1, 1)
	tx.DeleteMention(1, 1, 1)
	tx.SetBlock(1, 2, now)
	tx.DeleteBlock(1, 2)
	tx.Blocks(1, 2)
	tx.BlockedIn(1, 2)
	tx.UpdateRoom(chat.Room{ID: 1}, "x")
	tx.SetMemberRole(1, 1, chat.MemberPlain)
	tx.SetNotify(1, 1, chat.NotifyAll, now)
	tx.UpdateUser(chat.User{}, "x")
	tx.SessionsOf(1, now)
	tx.SetDraft(1, chat.Draft{Room: 1}, now)
	tx.SetDraft(1, chat.Draft{Room: 1, Body: "x"}, now)
	tx.Drafts(1)
	tx.ClosedRoomIDs(1)
	tx.Unindexed(1)
	tx.Index([]chat.IndexText{{Pos: 1, Text: "x"}})
	tx.InsertRoom(chat.NewRoom{Room: chat.Room{ID: 1, Kind: chat.KindPublic, PostPolicy: chat.PostMembers}})
	tx.InsertUser(chat.NewUser{User: chat.User{ID: 1, Role: chat.RoleMember}})
	tx.InsertMessage(chat.Message{ID: 1, Room: 1, Seq: 1, Rev: 1, Author: chat.ShortUser{ID: 1}, Kind: chat.KindText}, 0, 0)
	tx.Reindex(1, 1, "x")
	tx.Search(chat.SearchQuery{Phrases: []chat.Phrase{{Words: []string{"x"}}}, Limit: 1})
	tx.PosAt(now)
	tx.InsertFile(1, chat.File{ID: 1}, now)
	tx.File(1)
	tx.SendFile(1, 1, 1)
	tx.ShowFile(1, 1)
	tx.DropFile(1, now)
	tx.DropFilesOf(1, 1, now)
	tx.DropLooseFiles(now, now)
	tx.GoneFiles(1)
	tx.DeleteFile(1)
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
