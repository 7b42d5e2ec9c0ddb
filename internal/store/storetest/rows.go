package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

func update(t *testing.T, s chat.Store, f func(chat.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func view(t *testing.T, s chat.Store, f func(chat.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// noon is a time that a row can hold: UTC, in milliseconds.
func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 123e6, time.UTC) }

func user(id chat.ID, name string) chat.NewUser {
	return chat.NewUser{
		User:     chat.User{ID: id, Name: name, DisplayName: name, Role: chat.RoleMember, Privacy: chat.PrivacyOf(nil)},
		Skeleton: "looks like " + name, SearchKey: name, PasswordHash: "phc", CreatedAt: noon(),
	}
}

func insertUser(t *testing.T, s chat.Store, id chat.ID, name string) {
	t.Helper()
	update(t, s, func(tx chat.Tx) error { return tx.InsertUser(user(id, name)) })
}

func room(id chat.ID) chat.Room {
	return chat.Room{
		ID: id, Kind: chat.KindPublic, Name: fmt.Sprintf("Room %d", id), Topic: "a topic", PostPolicy: chat.PostMembers,
		LastRev: 1, MetaRev: 1, MemberRev: 1,
	}
}

func insertRoom(t *testing.T, s chat.Store, id chat.ID) {
	t.Helper()
	update(t, s, func(tx chat.Tx) error {
		return tx.InsertRoom(chat.NewRoom{Room: room(id), NameKey: fmt.Sprintf("room %d", id), CreatedAt: noon()})
	})
}

func message(id chat.ID, seq, rev int64, cid string) chat.Message {
	return chat.Message{
		ID: id, Room: 1, Seq: seq, Rev: rev, Author: chat.ShortUser{ID: 1, Name: "ann", DisplayName: "ann"},
		Kind: chat.KindText, Body: "text", CID: cid, CreatedAt: noon(),
	}
}

// next is NextMessage of a room that has not been read yet.
func next(tx chat.Tx, room chat.ID) (seq, rev int64, err error) {
	found, err := tx.Room(room)
	if err != nil {
		return 0, 0, err
	}
	return tx.NextMessage(found)
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func memberships(t *testing.T, s chat.Store) {
	insertUser(t, s, 1, "ann")
	insertUser(t, s, 2, "bob")
	insertRoom(t, s, 1)
	member := chat.Member{Room: 1, User: 2, Role: chat.MemberModerator, Notify: chat.NotifyNone, MutedUntil: noon(), ReadSeq: 7}
	update(t, s, func(tx chat.Tx) error { return tx.PutMember(member, noon()) })
	check := func(want chat.Member, inRoom bool) {
		t.Helper()
		view(t, s, func(tx chat.Tx) error {
			_, got, err := tx.RoomFor(2, 1)
			same(t, "the membership", want, got)
			rooms, err2 := tx.RoomIDs(2)
			full, err3 := tx.Heads(2)
			list, err4 := tx.Members(1, 0, 10)
			_, err5 := tx.MemberByName(1, "bob")
			if (len(rooms) == 1) != inRoom || (len(full) == 1) != inRoom || (len(list) == 1) != inRoom || (err5 == nil) != inRoom {
				t.Errorf("rooms %v, heads %v, members %v, by name %v", rooms, full, list, err5)
			}
			for _, err := range []error{err, err2, err3, err4} {
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	check(member, true)
	update(t, s, func(tx chat.Tx) error { return tx.SetLeft(1, 2, noon()) })
	left := member
	left.LeftAt = noon()
	check(left, false)
	update(t, s, func(tx chat.Tx) error { return tx.PutMember(member, noon()) })
	check(member, true)
	view(t, s, func(tx chat.Tx) error {
		_, none, err := tx.RoomFor(1, 1)
		same(t, "no membership", chat.Member{Room: 1}, none)
		return err
	})
}

func seenMarks(t *testing.T, s chat.Store) {
	insertUser(t, s, 1, "ann")
	insertUser(t, s, 2, "bob")
	insertRoom(t, s, 1)
	plain := chat.Member{Room: 1, User: 1, Role: chat.MemberPlain, Notify: chat.NotifyAll, ReadSeq: 3}
	other := plain
	other.User = 2
	later := noon().Add(time.Minute)
	update(t, s, func(tx chat.Tx) error {
		return errors.Join(tx.PutMember(plain, noon()), tx.PutMember(other, later), tx.SetReadSeq(1, 2, 7, later),
			tx.SetReadSeq(1, 2, 4, later.Add(time.Minute)), tx.SetDelivered(1, 2, 9))
	})
	ann := chat.Reader{User: user(1, "ann").User, JoinedAt: noon()}
	bob := chat.Reader{User: user(2, "bob").User, Delivered: 9, Seen: 7, SeenAt: later, JoinedAt: later}
	view(t, s, func(tx chat.Tx) error {
		all, err := tx.Readers(1, 10)
		same(t, "all readers", []chat.Reader{ann, bob}, all)
		first, err2 := tx.Readers(1, 1)
		same(t, "the first reader", []chat.Reader{ann}, first)
		_, member, err3 := tx.RoomFor(2, 1)
		same(t, "the marks of a member", []int64{4, 9}, []int64{member.ReadSeq, member.DeliveredSeq})
		none, err4 := tx.DirectReaders(2)
		same(t, "readers of dms", map[chat.ID][]chat.Reader{}, none)
		return errors.Join(err, err2, err3, err4)
	})
	direct := room(2)
	direct.Kind = chat.KindDM
	update(t, s, func(tx chat.Tx) error {
		plain.Room, other.Room = 2, 2
		return errors.Join(tx.InsertRoom(chat.NewRoom{Room: direct, DMKey: "1:2", CreatedAt: noon()}),
			tx.PutMember(other, later), tx.PutMember(plain, noon()))
	})
	view(t, s, func(tx chat.Tx) error {
		of, err := tx.DirectReaders(2)
		fresh := chat.Reader{User: bob.User, JoinedAt: later}
		same(t, "readers of dms", map[chat.ID][]chat.Reader{2: {ann, fresh}}, of)
		return err
	})
	update(t, s, func(tx chat.Tx) error { return tx.SetLeft(1, 2, noon()) })
	view(t, s, func(tx chat.Tx) error {
		left, err := tx.Readers(1, 10)
		same(t, "after one has left", []chat.Reader{ann}, left)
		return err
	})
}

func messages(t *testing.T, s chat.Store) {
	insertUser(t, s, 1, "ann")
	insertUser(t, s, 2, "bob")
	insertRoom(t, s, 1)
	plain, rich := message(10, 1, 2, "a"), message(11, 2, 3, "b")
	rich.ReplyTo, rich.Thread = 1, 1
	rich.Body = "<@2> <@everyone> 'quoted' \U0001F389"
	rich.Mentions = chat.Mentions{Users: []chat.ID{2, 1}, Everyone: true}
	update(t, s, func(tx chat.Tx) error {
		if err := tx.InsertMessage(plain, 5, -6); err != nil {
			return err
		}
		if err := tx.InsertMessage(rich, 0, 0); err != nil {
			return err
		}
		if err := tx.InsertMention(1, 2, 2); err != nil {
			return err
		}
		return tx.InsertMention(1, 2, 0)
	})
	view(t, s, func(tx chat.Tx) error {
		all := []chat.Message{plain, rich}
		up, err := tx.Messages(1, chat.Span{Before: 100, Limit: 10})
		same(t, "messages", all, up)
		newest, err2 := tx.Messages(1, chat.Span{After: 0, Before: 3, Newest: true, Limit: 1})
		same(t, "the newest", all[1:], newest)
		changed, err3 := tx.ChangedSince(1, 2, 10)
		same(t, "changed", all[1:], changed)
		sent, err4 := tx.FirstSent(1, "a")
		same(t, "first sent", chat.Sent{Body: 5, Target: -6, Room: 1, Seq: 1}, sent)
		first, err5 := tx.FirstSeq(1)
		named, err6 := tx.UnreadMentions(1, 2, 0, 100)
		same(t, "counts", []int64{1, 1}, []int64{first, int64(named)})
		for _, err := range []error{err, err2, err3, err4, err5, err6} {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func sessions(t *testing.T, s chat.Store) {
	insertUser(t, s, 1, "ann")
	later := noon().Add(time.Hour)
	record := chat.SessionRecord{
		Session:   chat.Session{ID: 5, User: 1, Cookie: true, ExpiresAt: later},
		TokenHash: []byte("hash"), Client: "test/1", Address: "::1", CreatedAt: noon(), SeenAt: noon(),
	}
	update(t, s, func(tx chat.Tx) error { return tx.InsertSession(record) })
	view(t, s, func(tx chat.Tx) error {
		got, owner, err := tx.SessionByToken([]byte("hash"))
		want := record
		want.TokenHash = nil
		same(t, "the session", want, got)
		same(t, "its user", user(1, "ann").User, owner)
		return err
	})
	actor := func(want chat.Actor) {
		t.Helper()
		view(t, s, func(tx chat.Tx) error {
			got, err := tx.Actor(5)
			same(t, "the actor", want, got)
			return err
		})
	}
	ann := chat.ShortUser{ID: 1, Name: "ann", DisplayName: "ann"}
	update(t, s, func(tx chat.Tx) error { return tx.ExtendSession(5, later, later.Add(1e9)) })
	actor(chat.Actor{ShortUser: ann, ExpiresAt: later.Add(1e9)})
	update(t, s, func(tx chat.Tx) error { return tx.SetDisabledAt(1, noon()) })
	actor(chat.Actor{ShortUser: ann, ExpiresAt: later.Add(1e9), Over: true})
	update(t, s, func(tx chat.Tx) error { return tx.SetDisabledAt(1, time.Time{}) })
	actor(chat.Actor{ShortUser: ann, ExpiresAt: later.Add(1e9)})
	update(t, s, func(tx chat.Tx) error { return tx.RevokeSessionsOf(1, noon()) })
	actor(chat.Actor{ShortUser: ann, ExpiresAt: later.Add(1e9), Over: true})
	update(t, s, func(tx chat.Tx) error { return tx.RevokeSession(5, later) })
	view(t, s, func(tx chat.Tx) error {
		got, _, err := tx.SessionByToken([]byte("hash"))
		if !got.RevokedAt.Equal(noon()) {
			t.Errorf("a session revoked twice was revoked at %v", got.RevokedAt)
		}
		return err
	})
}

func roomNames(t *testing.T, s chat.Store) {
	insertUser(t, s, 1, "ann")
	insertRoom(t, s, 1)
	for _, id := range []chat.ID{2, 3} {
		private := room(id)
		private.Kind = chat.KindPrivate
		update(t, s, func(tx chat.Tx) error {
			if err := tx.InsertRoom(chat.NewRoom{Room: private, NameKey: "room 1", CreatedBy: 1, CreatedAt: noon()}); err != nil {
				return err
			}
			return tx.PutMember(chat.Member{Room: id, User: 1, Role: chat.MemberPlain, Notify: chat.NotifyAll}, noon())
		})
	}
	view(t, s, func(tx chat.Tx) error {
		open, err := tx.OpenRoomByName("room 1")
		same(t, "the open room", room(1), open)
		private, err2 := tx.PrivateRoomByName(1, "room 1")
		same(t, "the private room", chat.ID(2), private.ID)
		if err != nil {
			return err
		}
		return err2
	})
}
