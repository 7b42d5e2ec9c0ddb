package wire_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/wire"
)

var (
	morning = time.Date(2026, 11, 21, 9, 12, 0, 0, time.FixedZone("somewhere", 3600))
	ann     = chat.User{ID: 7001, Name: "ann", DisplayName: "Ann", Role: chat.RoleOwner}
	zoe     = chat.User{ID: 7003, Name: "zoe", DisplayName: "Zoe", Role: chat.RoleMember, Avatar: 51, Blocked: true, Prefs: []byte(`{"theme":"dark"}`)}
	bob     = chat.User{ID: 7002, Name: "bob", DisplayName: "Bob", Bio: "Builds", Role: chat.RoleMember, DisabledAt: morning}
	design  = chat.Room{ID: 9007199254740993, Kind: chat.KindPublic, Name: "Design", Topic: "Launch <page> & more", MembersCount: 2,
		PostPolicy: chat.PostMembers, LastSeq: 12, LastRev: 15, RetentionDays: 30, ArchivedAt: morning}
	dm    = chat.Room{ID: 9002, Kind: chat.KindDM, MembersCount: 2, PostPolicy: chat.PostMembers, Peers: []chat.ShortUser{bob.Short()}}
	notes = chat.Room{ID: 9003, Kind: chat.KindDM, MembersCount: 1, PostPolicy: chat.PostMembers}
	hello = chat.Message{ID: 8001, Room: 9002, Seq: 1, Rev: 2, Author: ann.Short(), Kind: chat.KindText, Body: "Hi <@7002>", CID: "c-1",
		ReplyTo: 3, Thread: 2, Mentions: chat.Mentions{Users: []chat.ID{7002}, Everyone: true}, CreatedAt: morning, EditedAt: morning.Add(1500 * time.Microsecond)}
	asked = chat.Message{ID: 8000, Room: 9002, Seq: 2, Rev: 9, Author: bob.Short(), Kind: chat.KindText, Body: "Who?", CID: "c-0", Replies: 1, CreatedAt: morning}
	gone  = chat.Message{ID: 8002, Room: 9002, Seq: 2, Rev: 3, Author: bob.Short(), Kind: chat.KindText, CID: "c-2", CreatedAt: morning, DeletedAt: morning}
	head  = chat.Head{Room: dm, ReadSeq: 1, Unread: 2, Mentions: 1, Notify: chat.NotifyAll, Role: chat.MemberPlain, LastMessage: &gone}
	acme  = chat.Server{Name: "Acme chat", NameFixed: true, Registration: chat.RegistrationInvite, RegistrationFixed: true}
	pass  = chat.Invitation{ID: 71, By: ann.Short(), Room: 9001, Uses: 1, MaxUses: 10, CreatedAt: morning, ExpiresAt: morning.Add(time.Hour)}
)

// The golden files are the contract as bytes. UPDATE_GOLDEN=1 writes them anew.
func TestShapes_AreTheGoldenFiles(t *testing.T) {
	all := shapes()
	for name, shape := range all {
		t.Run(name, func(t *testing.T) { compare(t, name, shape) })
	}
	files, _ := filepath.Glob("testdata/*.json")
	if len(files) != len(all) {
		t.Errorf("%d golden files for %d shapes", len(files), len(all))
	}
}

// shapes are the golden files' names and what is in them.
func shapes() map[string]any {
	return map[string]any{
		"accepted":         wire.Accepted{},
		"user":             wire.FromUser(ann),
		"user_disabled":    wire.FromUser(bob),
		"user_blocked":     wire.FromUser(zoe),
		"me":               wire.FromMe(zoe),
		"room_open":        wire.FromRoom(design),
		"room_dm":          wire.FromRoom(dm),
		"room_notes":       wire.FromRoom(notes),
		"head":             wire.FromHead(head, ann.ID),
		"head_empty":       wire.FromHead(chat.Head{Room: design, Notify: chat.NotifyMentions, MutedUntil: morning, Role: chat.MemberOwner}, ann.ID),
		"message_own":      wire.FromMessage(hello, ann.ID),
		"message_others":   wire.FromMessage(hello, bob.ID),
		"message_deleted":  wire.FromMessage(gone, ann.ID),
		"message_complete": complete(),
		"head_receipts": wire.FromHead(chat.Head{Room: dm, Notify: chat.NotifyAll, Role: chat.MemberPlain,
			Receipts: []chat.Receipt{{User: 7002, Delivered: 4, Seen: 3, SeenAt: morning}, {User: 7003, Delivered: 1}}}, ann.ID),
		"presence": []wire.PresenceState{{User: 7001, State: "online"}, {User: 7002, State: "offline", LastSeen: wire.Time{Time: morning}},
			{User: 7003, State: "offline", Hidden: true}},

		"answer_login":        wire.LoginAnswer{User: wire.FromUser(ann), Token: "t", Created: true},
		"answer_login_cookie": wire.LoginAnswer{User: wire.FromUser(ann)},
		"answer_me":           wire.MeAnswer{Me: wire.FromMe(ann)},
		"answer_sync": wire.SyncAnswer{Me: wire.FromMe(ann), Rooms: wire.FromHeads([]chat.Head{head}, ann.ID),
			Drafts: wire.FromDrafts([]chat.Draft{{Room: 9002, Body: "not yet"}})},
		"answer_sync_none":    wire.SyncAnswer{Me: wire.FromMe(ann), Rooms: wire.FromHeads(nil, ann.ID), Drafts: wire.FromDrafts(nil)},
		"answer_send":         wire.SendAnswer{Message: wire.FromMessage(hello, ann.ID), Duplicate: true},
		"answer_history":      wire.HistoryAnswer{Messages: wire.FromMessages([]chat.Message{hello, gone}, bob.ID), First: 1, Last: 2},
		"answer_history_none": wire.HistoryAnswer{Messages: wire.FromMessages(nil, bob.ID)},
		"answer_thread":       wire.ThreadAnswer{Root: wire.FromMessage(asked, bob.ID), Messages: wire.FromMessages([]chat.Message{hello}, bob.ID), More: true},
		"answer_edits":        wire.EditsAnswer{Edits: wire.FromEdits([]chat.Edit{{Body: "Hi <@7001>", At: morning}})},
		"answer_pins":         wire.PinsAnswer{Messages: wire.FromMessages(nil, bob.ID), Cursor: "next"},

		"answer_changes":       changes(),
		"answer_changes_reset": wire.ChangesAnswer{Messages: wire.FromMessages(nil, ann.ID), ToRev: 9, Reset: true},
		"answer_rooms":         wire.RoomsAnswer{Rooms: wire.FromListedRooms([]chat.ListedRoom{{Room: design, Joined: true}}), Cursor: "next"},
		"answer_room":          wire.RoomAnswer{Room: wire.FromRoom(design)},
		"answer_members":       wire.MembersAnswer{Members: wire.FromMembers([]chat.RoomMember{{User: ann.Short(), Role: chat.MemberOwner}})},
		"answer_read":          wire.ReadAnswer{ReadSeq: 4, Unread: 100},
		"answer_seen":          wire.SeenAnswer{Users: wire.FromPeople([]chat.ShortUser{bob.Short()}), Count: 1},
		"answer_route_unknown": wire.RouteAnswer{},
		"answer_route": wire.RouteAnswer{At: wire.Time{Time: morning}, Reached: 5, Of: 7, Away: 3, Back: 2, BackAt: wire.Time{Time: morning},
			Hidden: true},
		"answer_watch": wire.WatchAnswer{States: []wire.PresenceState{}},
		"answer_users": wire.UsersAnswer{Users: wire.FromUsers([]chat.User{ann}), Cursor: "next"},

		"answer_message":  wire.MessageAnswer{Message: wire.FromMessage(gone, bob.ID)},
		"answer_focus":    wire.FocusAnswer{ToRev: 15},
		"answer_file":     wire.FileAnswer{File: wire.FromFile(chat.File{ID: 51, Name: "a.txt", MIME: "text/plain; charset=utf-8", Bytes: 4})},
		"answer_user":     wire.UserAnswer{User: wire.FromUser(bob)},
		"answer_profile":  wire.ProfileAnswer{User: wire.FromMe(zoe)},
		"answer_search":   wire.SearchAnswer{Hits: wire.FromHits([]chat.Hit{{Message: hello, Snippet: "Hi …"}}, bob.ID), Cursor: "next"},
		"answer_server":   wire.ServerAnswer{Server: wire.FromServer(acme)},
		"answer_invite":   wire.InviteAnswer{Invite: wire.FromInvitation(pass), Code: "ABCD-EFGH-IJKL-MNOP", URL: "/invite/ABCD-EFGH-IJKL-MNOP"},
		"answer_invites":  wire.InvitesAnswer{Invites: wire.FromInvitations([]chat.Invitation{pass, {ID: 72, MaxUses: 1, CreatedAt: morning, ExpiresAt: morning}})},
		"answer_sessions": wire.SessionsAnswer{Sessions: wire.FromDevices([]chat.Device{{ID: 6001, Client: "bot/1", CreatedAt: morning, SeenAt: morning, Current: true}})},

		"push_ready": wire.ReadyPush{Me: wire.FromMe(ann), Rooms: wire.FromHeads([]chat.Head{head}, ann.ID), Drafts: wire.FromDrafts(nil),
			Server: wire.Server{ServerSettings: wire.FromServer(chat.Server{Name: "Parley", Registration: chat.RegistrationOpen}), New: true, Version: "1", Proto: wire.Proto, Epoch: "e",
				Limits: wire.Limits{Body: 8000, Files: 10, FileBytes: 1e8, History: 200, Changes: 500}}},
		"push_message_new":     wire.MessagePush{Room: 9002, Rev: 2, Message: wire.FromMessage(hello, 0)},
		"push_room_changed":    wire.RoomPush{Rev: 6, Room: wire.FromRoom(design)},
		"push_user_changed_me": wire.MePush{User: wire.FromMe(zoe)},
		"push_draft_changed":   wire.FromDraft(chat.Draft{Room: 9002}),
		"push_room_new":        wire.RoomNewPush{Head: wire.FromHead(head, ann.ID), Rev: 3, By: &wire.ShortUser{ID: 7002, Name: "bob", DisplayName: "Bob"}},
		"push_member_joined":   wire.MemberPush{Room: 9002, Rev: 4, User: wire.FromShortUser(bob.Short()), Role: "member", Joined: true},
		"push_member_left":     wire.MemberPush{Room: 9002, Rev: 5, User: wire.FromShortUser(bob.Short()), Left: true},
		"push_room_removed":    wire.RemovedPush{Room: 9002, Reason: "left"},
		"push_read_changed":    wire.ReadPush{Room: 9002, User: 7001, Seq: 4},
		"push_typing":          wire.TypingPush{Room: 9002, User: wire.FromShortUser(ann.Short()), TTLMS: 5000},
		"push_user_changed":    wire.UserPush{User: wire.FromUser(ann)},
		"push_trace": wire.TracePush{ID: 1, T: wire.Time{Time: morning}, Event: wire.MessageNew, Dir: wire.DirOut, Scope: wire.ScopeRoom, Room: 9002,
			From: "7001", To: []string{"7001.aB3x"}, Reached: 1, Of: 5, Bytes: 200, MS: 0.25},
		"push_trace_more":     wire.TracePush{ID: 2, T: wire.Time{Time: morning}, Dir: wire.DirOut, Scope: wire.ScopeSelf, To: []string{}, More: 134},
		"push_wave":           wire.WavePush{User: wire.FromShortUser(bob.Short())},
		"push_server_changed": wire.FromServer(acme),
		"push_revoked":        wire.RevokedPush{Reason: "logout"},
		"push_draining":       wire.DrainingPush{RetryMS: 1200},
		"connect_error":       wire.ConnectErrorData{Code: chat.Unauthorized},
		"refused_retry":       refused(&chat.Error{Code: chat.RateLimited, Message: "Slower.", Retry: 1500*time.Millisecond + 1}),
		"refused_with_field":  refused(&chat.Error{Code: chat.Invalid, Message: "A name is needed.", Field: "name"}),
		"refused_wrong_shape": refused(&wire.FieldError{Field: "seq", Want: "a whole number"}),
	}
}

func complete() wire.Message {
	m := hello
	m.Files = []chat.File{{ID: 1, Name: "spec/2?.pdf", MIME: "application/pdf", Bytes: 3, Width: 1, Height: 2, Alt: "a page"}}
	m.Reactions = []chat.Reaction{{Emoji: "👍", Users: []chat.ID{7002}}}
	m.PinnedAt = morning
	return wire.FromMessage(m, ann.ID)
}

func changes() wire.ChangesAnswer {
	room := wire.FromRoom(design)
	return wire.ChangesAnswer{Messages: wire.FromMessages([]chat.Message{gone}, ann.ID), ToRev: 15, More: true, Room: &room, MembersChanged: true}
}

func refused(err error) wire.Refused {
	answer, _ := wire.Refuse(err)
	return answer
}

func compare(t *testing.T, name string, shape any) {
	t.Helper()
	var got bytes.Buffer
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(shape); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".json")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s changed (-contract +now):\n%s", path, diff)
	}
}
