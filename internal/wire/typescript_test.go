package wire_test

import (
	"os"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/wire"
)

// typesFile is the web client's view of the contract.
const typesFile = "../../web/src/wire.ts"

// The web client's types are printed from this package; go generate writes them
// anew.
func TestTypeScript_IsWhatTheShapesSay(t *testing.T) {
	printed := printTypes()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(typesFile, []byte(printed), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	is, err := os.ReadFile(typesFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(is), printed); diff != "" {
		t.Errorf("%s is out of date (-is +should be):\n%s", typesFile, diff)
	}
}

// exchange is a client event: what is sent, and what the ack adds to ok.
type exchange struct {
	event   string
	in, out any
}

// exchanges are the client events with an ack.
func exchanges() []exchange {
	return []exchange{
		{wire.AuthLogin, wire.LoginRequest{}, wire.LoginAnswer{}},
		{wire.AuthLogout, wire.Empty{}, wire.Accepted{}},
		{wire.Sync, wire.Empty{}, wire.SyncAnswer{}},
		{wire.MessageSend, wire.SendRequest{}, wire.SendAnswer{}},
		{wire.MessageEdit, wire.EditRequest{}, wire.MessageAnswer{}},
		{wire.MessageDelete, wire.DeleteRequest{}, wire.MessageAnswer{}},
		{wire.MessageSeen, wire.PlaceRequest{}, wire.SeenAnswer{}},
		{wire.MessageRoute, wire.PlaceRequest{}, wire.RouteAnswer{}},
		{wire.ReactionSet, wire.ReactionRequest{}, wire.MessageAnswer{}},
		{wire.PinSet, wire.PinRequest{}, wire.MessageAnswer{}},
		{wire.PinList, wire.PinsRequest{}, wire.PinsAnswer{}},
		{wire.MessageThread, wire.ThreadRequest{}, wire.ThreadAnswer{}},
		{wire.MessageEdits, wire.EditsRequest{}, wire.EditsAnswer{}},
		{wire.RoomHistory, wire.HistoryRequest{}, wire.HistoryAnswer{}},
		{wire.RoomChanges, wire.ChangesRequest{}, wire.ChangesAnswer{}},
		{wire.RoomFocus, wire.FocusRequest{}, wire.FocusAnswer{}},
		{wire.RoomBlur, wire.RoomRequest{}, wire.Accepted{}},
		{wire.RoomList, wire.ListRequest{}, wire.RoomsAnswer{}},
		{wire.RoomCreate, wire.CreateRoomRequest{}, wire.RoomAnswer{}},
		{wire.RoomJoin, wire.RoomRequest{}, wire.RoomAnswer{}},
		{wire.RoomLeave, wire.RoomRequest{}, wire.RoomAnswer{}},
		{wire.RoomInvite, wire.InviteRequest{}, wire.RoomAnswer{}},
		{wire.RoomKick, wire.KickRequest{}, wire.RoomAnswer{}},
		{wire.RoomRole, wire.RoleRequest{}, wire.RoomAnswer{}},
		{wire.RoomUpdate, wire.UpdateRoomRequest{}, wire.RoomAnswer{}},
		{wire.RoomMembers, wire.MembersRequest{}, wire.MembersAnswer{}},
		{wire.RoomNotify, wire.NotifyRequest{}, wire.Accepted{}},
		{wire.ReadSet, wire.ReadRequest{}, wire.ReadAnswer{}},
		{wire.PresenceSet, wire.PresenceRequest{}, wire.Accepted{}},
		{wire.PresenceWatch, wire.WatchRequest{}, wire.WatchAnswer{}},
		{wire.UserList, wire.ListRequest{}, wire.UsersAnswer{}},
		{wire.UserGet, wire.UserRequest{}, wire.UserAnswer{}},
		{wire.UserUpdate, wire.UpdateUserRequest{}, wire.ProfileAnswer{}},
		{wire.Search, wire.SearchRequest{}, wire.SearchAnswer{}},
		{wire.DraftSet, wire.DraftRequest{}, wire.Accepted{}},
		{wire.BlockSet, wire.BlockRequest{}, wire.Accepted{}},
		{wire.SessionList, wire.Empty{}, wire.SessionsAnswer{}},
		{wire.SessionRevoke, wire.RevokeRequest{}, wire.Accepted{}},
		{wire.ServerUpdate, wire.UpdateServerRequest{}, wire.ServerAnswer{}},
		{wire.InviteCreate, wire.CreateInviteRequest{}, wire.InviteAnswer{}},
		{wire.InviteList, wire.Empty{}, wire.InvitesAnswer{}},
		{wire.InviteRevoke, wire.RevokeInviteRequest{}, wire.Accepted{}},
		{wire.WireOn, wire.Empty{}, wire.Accepted{}},
		{wire.WireOff, wire.Empty{}, wire.Accepted{}},
		{wire.WireWave, wire.WaveRequest{}, wire.Accepted{}},
	}
}

// pushes are the server events.
func pushes() []exchange {
	return []exchange{
		{wire.Ready, wire.ReadyPush{}, nil},
		{wire.MessageNew, wire.MessagePush{}, nil},
		{wire.MessageChanged, wire.MessagePush{}, nil},
		{wire.RoomNew, wire.RoomNewPush{}, nil},
		{wire.RoomChanged, wire.RoomPush{}, nil},
		{wire.RoomHead, wire.Head{}, nil},
		{wire.RoomRemoved, wire.RemovedPush{}, nil},
		{wire.MemberChanged, wire.MemberPush{}, nil},
		{wire.ReadChanged, wire.ReadPush{}, nil},
		{wire.Delivered, wire.ReadPush{}, nil},
		{wire.Typing, wire.TypingPush{}, nil},
		{wire.Presence, []wire.PresenceState{}, nil},
		{wire.UserChanged, wire.MePush{}, nil}, // prefs to my own devices only
		{wire.DraftChanged, wire.Draft{}, nil},
		{wire.SessionRevoked, wire.RevokedPush{}, nil},
		{wire.ServerChanged, wire.ServerSettings{}, nil},
		{wire.ServerDraining, wire.DrainingPush{}, nil},
		{wire.WireTrace, wire.TracePush{}, nil},
		{wire.WireWave, wire.WavePush{}, nil},
	}
}

// unions are the strings that are one of a few, by their type and field.
func unions() map[string]string {
	return map[string]string{
		"User.role": "'owner' | 'admin' | 'member' | 'bot'", "Room.kind": "RoomKind", "Room.post_policy": "PostPolicy",
		"UpdateRoomRequest.post_policy": "PostPolicy", "Head.role": "RoomRole", "Member.role": "RoomRole", "MemberPush.role": "RoomRole",
		"RoleRequest.role": "RoomRole", "Notify.level": "Level", "NotifyRequest.level": "Level", "Message.kind": "'text' | 'system'",
		"PresenceState.state": "PresenceState", "PresenceRequest.state": "Exclude<PresenceState, 'offline'>",
		"RemovedPush.reason": "'left' | 'kicked' | 'archived'", "RevokedPush.reason": "'revoked' | 'logout' | 'password' | 'disabled'",
		"ServerSettings.registration": "Registration", "UpdateServerRequest.registration": "Registration",
		"ServerSettings.fixed": "('name' | 'registration')[]",
		"SearchRequest.has":    "'file' | 'link'", "TracePush.dir": "'in' | 'out'",
		"WaveRequest.scope": "'self' | 'room' | 'room_but_me' | 'all_but_me' | 'all'",
		"TracePush.scope":   "'self' | 'one' | 'room' | 'room_but_me' | 'all_but_me' | 'all'",
	}
}

// tsNames are what the client calls the shapes that are called otherwise here;
// all other named shapes keep their name, requests and answers have none.
func tsNames() map[string]string {
	return map[string]string{
		"OpenRoom": "ListedRoom", "Notify": "NotifyLevel", "PresenceState": "Presence", "Error": "WireError",
		"HistoryAnswer": "HistoryPage", "ThreadAnswer": "ThreadPage", "ChangesAnswer": "Changes", "TracePush": "Trace", "Session": "Device", "RouteAnswer": "Route",
	}
}

func printTypes() string {
	p := &printer{unions: unions(), names: tsNames()}
	p.words()
	for _, shape := range []any{wire.Error{}, wire.ShortUser{}, wire.User{}, wire.Me{}, wire.Room{}, wire.OpenRoom{}, wire.Notify{},
		wire.File{}, wire.Reaction{}, wire.Message{}, wire.Edit{}, wire.Receipt{}, wire.Head{}, wire.Draft{}, wire.PresenceState{}, wire.Member{},
		wire.Hit{}, wire.Session{}, wire.HistoryAnswer{}, wire.ThreadAnswer{}, wire.ChangesAnswer{}, wire.RouteAnswer{}, wire.Limits{},
		wire.ServerSettings{}, wire.Server{}, wire.Invite{}, wire.TracePush{}} {
		p.shape(reflect.TypeOf(shape))
	}
	p.line("")
	p.line("export type Answer<T> = ({ ok: true } & T) | { ok: false; error: WireError };")
	p.requests()
	p.open("Client events that may be lost and are not answered. Neither `room` nor `to` means Everyone.", "Casts")
	p.line("  %s: %s;", key(wire.Typing), p.inline(reflect.TypeFor[wire.TypingRequest](), true))
	p.line("}")
	p.open("Server events.", "Events")
	for _, e := range pushes() {
		p.line("  %s: %s;", key(e.event), p.inline(reflect.TypeOf(e.in), false))
	}
	p.line("}")
	p.open("What routes below `/api/v1/` that are no event's add to `ok`.", "Routes")
	p.line("  files: %s;", p.inline(reflect.TypeFor[wire.FileAnswer](), false))
	p.line("  server: %s;", p.inline(reflect.TypeFor[wire.ServerAnswer](), false))
	p.line("  me: %s;", p.inline(reflect.TypeFor[wire.MeAnswer](), false))
	p.line("}")
	return p.out.String()
}
