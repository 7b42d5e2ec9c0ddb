package wire_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"parley/internal/chat"
	"parley/internal/wire"
)

// printer writes Go shapes as TypeScript.
type printer struct {
	out    strings.Builder
	unions map[string]string
	names  map[string]string
	known  []reflect.Type // that have a name
}

func (p *printer) line(format string, args ...any) { fmt.Fprintf(&p.out, format+"\n", args...) }

func (p *printer) open(about, name string) {
	p.line("")
	p.line("/** %s */", about)
	p.line("export interface %s {", name)
}

// words are the types that are no struct here.
func (p *printer) words() {
	p.line("/** The shapes and events of the wire contract, printed by internal/wire (go generate); do not edit. */")
	p.line("")
	p.line("export const PROTO = %d;", wire.Proto)
	p.line("")
	p.line("/** A decimal string. */")
	p.line("export type Id = string;")
	p.line("/** RFC 3339, UTC, milliseconds. */")
	p.line("export type Time = string;")
	p.line("export type RoomKind = 'everyone' | 'public' | 'private' | 'dm';")
	p.line("export type RoomRole = 'owner' | 'moderator' | 'member';")
	p.line("export type PostPolicy = 'members' | 'moderators';")
	p.line("export type Registration = 'open' | 'invite' | 'closed';")
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
}

func (p *printer) requests() {
	p.open("Client events with an ack: what is sent, and what the ack adds to `ok`.", "Requests")
	for _, e := range exchanges() {
		p.line("  %s: {", key(e.event))
		p.line("    in: %s;", wrap(p.inline(reflect.TypeOf(e.in), true)))
		out := p.inline(reflect.TypeOf(e.out), false)
		if e.event == wire.RoomFocus {
			out += " & Partial<Changes>" // with since, it is answered as room:changes is
		}
		p.line("    out: %s;", out)
		p.line("  };")
	}
	p.line("}")
}

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
		return kind != "SendRequest" && kind != "TypingRequest" && kind != "SearchRequest" && kind != "WaveRequest" && kind != "CreateInviteRequest"
	case "seq", "on", "emoji", "users", "user", "level", "state", "cid", "since", "password", "scope":
		return field != "FocusRequest.since"
	case "name":
		return kind != "UpdateRoomRequest" && kind != "UpdateServerRequest"
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
