package wire_test

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/wire"
)

// typesFile is what the web client's src/wire.ts is taken from.
const typesFile = "testdata/wire.ts"

// The web client's types are printed from this package. UPDATE_GOLDEN=1 writes
// them anew.
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

func TestTypeScript_HasEveryEventThatHasARule(t *testing.T) {
	printed := printTypes()
	for event := range chat.Rules() {
		if !strings.HasPrefix(event, "file:") && !strings.Contains(printed, "\n  "+key(event)+": {") {
			t.Errorf("%s is missing", event)
		}
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
		{wire.ReactionSet, wire.ReactionRequest{}, wire.MessageAnswer{}},
		{wire.PinSet, wire.PinRequest{}, wire.MessageAnswer{}},
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
		{wire.WireOn, wire.Empty{}, wire.Accepted{}},
		{wire.WireOff, wire.Empty{}, wire.Accepted{}},
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
		{wire.Typing, wire.TypingPush{}, nil},
		{wire.Presence, []wire.PresenceState{}, nil},
		{wire.UserChanged, wire.UserPush{}, nil},
		{wire.DraftChanged, wire.Draft{}, nil},
		{wire.SessionRevoked, wire.RevokedPush{}, nil},
		{wire.ServerDraining, wire.DrainingPush{}, nil},
		{wire.WireTrace, wire.TracePush{}, nil},
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
		"SearchRequest.has": "'file' | 'link'", "TracePush.dir": "'in' | 'out'",
		"TracePush.scope": "'self' | 'one' | 'room' | 'room_but_me' | 'all_but_me' | 'all'",
	}
}

// tsNames are what the client calls the shapes that are called otherwise here;
// all other named shapes keep their name, requests and answers have none.
func tsNames() map[string]string {
	return map[string]string{
		"OpenRoom": "ListedRoom", "Notify": "NotifyLevel", "PresenceState": "Presence", "Error": "WireError",
		"HistoryAnswer": "HistoryPage", "ChangesAnswer": "Changes", "TracePush": "Trace", "Session": "Device",
	}
}

func printTypes() string {
	p := &printer{unions: unions(), names: tsNames()}
	p.line("/** The shapes and events of the wire contract, printed by internal/wire; do not edit. Ids are decimal strings. */")
	p.line("")
	p.line("export const PROTO = %d;", wire.Proto)
	p.line("")
	p.line("export type Id = string;")
	p.line("/** RFC 3339, UTC, milliseconds. */")
	p.line("export type Time = string;")
	p.line("export type RoomKind = 'everyone' | 'public' | 'private' | 'dm';")
	p.line("export type RoomRole = 'owner' | 'moderator' | 'member';")
	p.line("export type PostPolicy = 'members' | 'moderators';")
	p.line("export type Level = 'all' | 'mentions' | 'none';")
	p.line("export type PresenceState = 'online' | 'away' | 'dnd' | 'offline';")
	p.line("")
	p.line("export type ErrorCode =")
	codes := []chat.Code{chat.BadCredentials, chat.NewName, chat.Unauthorized, chat.Forbidden, chat.NotFound, chat.Invalid,
		chat.Conflict, chat.TooLarge, chat.RateLimited, chat.Blocked, chat.Unavailable, chat.Internal}
	for i, code := range codes {
		end := ""
		if i == len(codes)-1 {
			end = ";"
		}
		p.line("  | '%s'%s", code, end)
	}
	for _, shape := range []any{wire.Error{}, wire.ShortUser{}, wire.User{}, wire.Me{}, wire.Room{}, wire.OpenRoom{}, wire.Notify{},
		wire.File{}, wire.Reaction{}, wire.Message{}, wire.Head{}, wire.Draft{}, wire.PresenceState{}, wire.Member{}, wire.Hit{},
		wire.Session{}, wire.HistoryAnswer{}, wire.ChangesAnswer{}, wire.Limits{}, wire.Server{}, wire.TracePush{}} {
		p.shape(reflect.TypeOf(shape))
	}
	p.line("")
	p.line("export type Answer<T> = ({ ok: true } & T) | { ok: false; error: WireError };")
	p.line("")
	p.line("/** Client events with an ack: what is sent, and what the ack adds to `ok`. */")
	p.line("export interface Requests {")
	for _, e := range exchanges() {
		p.line("  %s: {", key(e.event))
		p.line("    in: %s;", wrap(p.inline(reflect.TypeOf(e.in), true)))
		p.line("    out: %s;", p.inline(reflect.TypeOf(e.out), false))
		p.line("  };")
	}
	p.line("}")
	p.line("")
	p.line("/** Client events that may be lost and are not answered. Neither `room` nor `to` means Everyone. */")
	p.line("export interface Casts {")
	p.line("  %s: %s;", key(wire.Typing), p.inline(reflect.TypeFor[wire.TypingRequest](), true))
	p.line("}")
	p.line("")
	p.line("/** Server events. */")
	p.line("export interface Events {")
	for _, e := range pushes() {
		p.line("  %s: %s;", key(e.event), p.inline(reflect.TypeOf(e.in), false))
	}
	p.line("}")
	return p.out.String()
}

type printer struct {
	out    strings.Builder
	unions map[string]string
	names  map[string]string
	known  []reflect.Type // that have a name
}

func (p *printer) line(format string, args ...any) { fmt.Fprintf(&p.out, format+"\n", args...) }

func (p *printer) shape(t reflect.Type) {
	p.known = append(p.known, t)
	p.line("")
	extends := ""
	for i := range t.NumField() {
		if field := t.Field(i); field.Anonymous && field.Type != reflect.TypeFor[wire.Accepted]() {
			extends = " extends " + p.name(field.Type)
		}
	}
	p.line("export interface %s%s {", p.name(t), extends)
	for _, field := range p.fields(t, false) {
		p.line("  %s;", field)
	}
	p.line("}")
}

func (p *printer) name(t reflect.Type) string {
	if name, renamed := p.names[t.Name()]; renamed {
		return name
	}
	return t.Name()
}

// fields are the own fields of a struct. Of a request, all but the room are
// optional as far as the shape goes.
func (p *printer) fields(t reflect.Type, request bool) []string {
	var fields []string
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		mark := ""
		if strings.HasPrefix(options, "omit") || request && !required(t.Name()+"."+name) {
			mark = "?"
		}
		as, union := p.unions[t.Name()+"."+name]
		if !union {
			as = p.typeOf(field.Type)
		}
		fields = append(fields, name+mark+": "+as)
	}
	return fields
}

// required are the fields without which a request is refused.
func required(field string) bool {
	kind, name, _ := strings.Cut(field, ".")
	switch name {
	case "room":
		return kind != "SendRequest" && kind != "TypingRequest" && kind != "SearchRequest"
	case "seq", "on", "emoji", "users", "user", "level", "state", "cid", "since", "password":
		return field != "FocusRequest.since"
	case "name":
		return kind != "UpdateRoomRequest"
	case "role":
		return true
	case "body":
		return true
	}
	return false
}

func (p *printer) typeOf(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[wire.ID]():
		return "Id"
	case reflect.TypeFor[wire.Time]():
		return "Time"
	case reflect.TypeFor[chat.Code]():
		return "ErrorCode"
	case reflect.TypeFor[json.RawMessage]():
		return "Record<string, unknown>"
	case reflect.TypeFor[wire.UserRefs]():
		return "string | string[]"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return p.typeOf(t.Elem())
	case reflect.Slice:
		return p.typeOf(t.Elem()) + "[]"
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Struct:
		return p.inline(t, false)
	default:
		return "number"
	}
}

// inline is a type where it is used: its name if it has one.
func (p *printer) inline(t reflect.Type, request bool) string {
	if t.Kind() == reflect.Slice {
		return p.inline(t.Elem(), request) + "[]"
	}
	for _, known := range p.known {
		if known == t {
			return p.name(t)
		}
	}
	fields := p.fields(t, request)
	for i := range t.NumField() {
		if field := t.Field(i); field.Anonymous && field.Type != reflect.TypeFor[wire.Accepted]() {
			return p.name(field.Type) + " & { " + strings.Join(fields, "; ") + " }"
		}
	}
	if len(fields) == 0 || t == reflect.TypeFor[wire.Accepted]() {
		if request {
			return "Record<string, never>"
		}
		return "object"
	}
	return "{ " + strings.Join(fields, "; ") + " }"
}

// wrap breaks a type that is too long for a line where prettier would.
func wrap(inline string) string {
	const most = 120 - len("    in: ;")
	fields, isObject := strings.CutPrefix(inline, "{ ")
	if len(inline) <= most || !isObject {
		return inline
	}
	fields = strings.TrimSuffix(fields, " }")
	return "{\n      " + strings.ReplaceAll(fields, "; ", ";\n      ") + ";\n    }"
}

func key(event string) string {
	if strings.Contains(event, ":") {
		return "'" + event + "'"
	}
	return event
}
