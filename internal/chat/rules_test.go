package chat_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"parley/internal/chat"
)

// scene is a room with a message and a file of the author in it, as one person meets it.
type scene struct {
	*house
	t      *testing.T
	by     chat.Session
	room   string
	file   string // in the author's message, which is seq 1
	victim string // a plain member
	other  string // somebody who is in no room
}

// deed is an operation as somebody without any particular right tries it.
type deed struct {
	method string // of Service
	inRoom bool
	do     func(s scene) error
}

// deeds has an operation for each event with a rule.
func deeds() map[string]deed {
	return map[string]deed{
		"sync": {"Sync", false, func(s scene) error { _, err := s.Sync(s.t.Context(), s.by); return err }},
		"message:send": {"Send", true, func(s scene) error {
			_, err := s.Send(s.t.Context(), s.by, chat.SendInput{Room: s.room, Body: "x"})
			return err
		}},
		"message:edit": {"Edit", true, func(s scene) error {
			_, err := s.Edit(s.t.Context(), s.by, chat.EditInput{Room: s.room, Seq: 1, Body: "x"})
			return err
		}},
		"message:delete": {"Delete", true, func(s scene) error {
			_, err := s.Delete(s.t.Context(), s.by, chat.DeleteInput{Room: s.room, Seq: 1})
			return err
		}},
		"message:seen": {"SeenBy", true, func(s scene) error { _, err := s.SeenBy(s.t.Context(), s.by, s.room, 1); return err }},
		"message:route": {"AudienceOf", true, func(s scene) error {
			_, err := s.AudienceOf(s.t.Context(), s.by, s.room, 1)
			return err
		}},
		"reaction:set": {"React", true, func(s scene) error {
			_, err := s.React(s.t.Context(), s.by, chat.ReactInput{Room: s.room, Seq: 1, Emoji: "👍", On: true})
			return err
		}},
		"pin:set": {"Pin", true, func(s scene) error {
			_, err := s.Pin(s.t.Context(), s.by, chat.PinInput{Room: s.room, Seq: 1, On: true})
			return err
		}},
		"pin:list": {"Pins", true, func(s scene) error {
			_, err := s.Pins(s.t.Context(), s.by, chat.PinsInput{Room: s.room})
			return err
		}},
		"message:thread": {"Thread", true, func(s scene) error {
			_, err := s.Thread(s.t.Context(), s.by, chat.ThreadInput{Room: s.room, Seq: 1})
			return err
		}},
		"message:edits": {"Edits", true, func(s scene) error { _, err := s.Edits(s.t.Context(), s.by, s.room, 1); return err }},
		"room:history": {"History", true, func(s scene) error {
			_, err := s.History(s.t.Context(), s.by, chat.HistoryInput{Room: s.room})
			return err
		}},
		"room:changes": {"Changes", true, func(s scene) error {
			_, err := s.Changes(s.t.Context(), s.by, chat.ChangesInput{Room: s.room})
			return err
		}},
		"room:focus": {"Enter", true, func(s scene) error { _, err := s.Enter(s.t.Context(), s.by, "room:focus", s.room); return err }},
		"room:blur":  {"Enter", true, func(s scene) error { _, err := s.Enter(s.t.Context(), s.by, "room:blur", s.room); return err }},
		"room:members": {"Members", true, func(s scene) error {
			_, err := s.Members(s.t.Context(), s.by, s.room, "")
			return err
		}},
		"search": {"Search", true, func(s scene) error {
			_, err := s.Search(s.t.Context(), s.by, chat.SearchInput{Query: "x", Room: s.room})
			return err
		}},
		"file:upload": {"Upload", false, func(s scene) error {
			_, err := s.Upload(s.t.Context(), s.by, chat.UploadInput{Name: "x", Content: strings.NewReader("x")})
			return err
		}},
		"file:read": {"OpenFile", true, func(s scene) error { _, _, err := s.OpenFile(s.t.Context(), s.by, s.file); return err }},
		"room:list": {"ListRooms", false, func(s scene) error { _, err := s.ListRooms(s.t.Context(), s.by, chat.ListInput{}); return err }},
		"room:create": {"CreateRoom", false, func(s scene) error {
			_, err := s.CreateRoom(s.t.Context(), s.by, chat.CreateRoomInput{Name: "beside " + s.room})
			return err
		}},
		"room:join":  {"JoinRoom", true, func(s scene) error { _, err := s.JoinRoom(s.t.Context(), s.by, s.room); return err }},
		"room:leave": {"LeaveRoom", true, func(s scene) error { _, err := s.LeaveRoom(s.t.Context(), s.by, s.room); return err }},
		"room:invite": {"Invite", true, func(s scene) error {
			_, err := s.Invite(s.t.Context(), s.by, s.room, []string{s.other})
			return err
		}},
		"room:kick": {"Kick", true, func(s scene) error { _, err := s.Kick(s.t.Context(), s.by, s.room, s.victim); return err }},
		"room:role": {"SetRole", true, func(s scene) error {
			_, err := s.SetRole(s.t.Context(), s.by, s.room, s.victim, chat.MemberModerator)
			return err
		}},
		"room:update": {"UpdateRoom", true, func(s scene) error {
			topic := "x"
			_, err := s.UpdateRoom(s.t.Context(), s.by, chat.UpdateRoomInput{Room: s.room, Topic: &topic})
			return err
		}},
		"room:notify": {"SetNotify", true, func(s scene) error {
			return s.SetNotify(s.t.Context(), s.by, chat.NotifyInput{Room: s.room, Level: chat.NotifyAll})
		}},
		"read:set": {"SetRead", true, func(s scene) error {
			_, err := s.SetRead(s.t.Context(), s.by, chat.SetReadInput{Room: s.room, Seq: 1})
			return err
		}},
		"draft:set":      {"SetDraft", true, func(s scene) error { return s.SetDraft(s.t.Context(), s.by, s.room, "x") }},
		"typing":         {"TypingIn", true, func(s scene) error { _, err := s.TypingIn(s.t.Context(), s.by, s.room, nil); return err }},
		"presence:watch": {"Users", false, func(s scene) error { _, err := s.Users(s.t.Context(), s.by, []string{s.other}); return err }},
		"user:list":      {"ListUsers", false, func(s scene) error { _, err := s.ListUsers(s.t.Context(), s.by, chat.ListInput{}); return err }},
		"user:get":       {"User", false, func(s scene) error { _, err := s.User(s.t.Context(), s.by, s.other); return err }},
		"user:update": {"UpdateUser", false, func(s scene) error {
			bio := "x"
			_, err := s.UpdateUser(s.t.Context(), s.by, chat.UpdateUserInput{Bio: &bio})
			return err
		}},
		"server:update": {"UpdateServer", false, func(s scene) error {
			open := chat.RegistrationOpen
			_, err := s.UpdateServer(s.t.Context(), s.by, chat.UpdateServerInput{Registration: &open})
			return err
		}},
		"invite:create": {"CreateInvitation", false, func(s scene) error {
			_, _, err := s.CreateInvitation(s.t.Context(), s.by, chat.CreateInvitationInput{})
			return err
		}},
		"invite:list": {"Invitations", false, func(s scene) error { _, err := s.Invitations(s.t.Context(), s.by); return err }},
		"invite:revoke": {"RevokeInvitation", false, func(s scene) error {
			return s.RevokeInvitation(s.t.Context(), s.by, chat.RevokeInvitationInput{All: true})
		}},
		"block:set":      {"SetBlock", false, func(s scene) error { return s.SetBlock(s.t.Context(), s.by, s.other, true) }},
		"session:list":   {"Devices", false, func(s scene) error { _, err := s.Devices(s.t.Context(), s.by); return err }},
		"session:revoke": {"Revoke", false, func(s scene) error { return s.Revoke(s.t.Context(), s.by, chat.RevokeInput{Others: true}) }},
	}
}

// elsewhere are the events that no operation of Service stands for alone.
func elsewhere() []string {
	return []string{"auth:login", "auth:logout", "presence:set", "wire:on", "wire:off", "wire:wave"}
}

func TestRules_EveryOperationHasOneAndEveryRuleAnOperation(t *testing.T) {
	known := map[string]bool{"Logout": true, "Me": true} // ending what is over is no error; Me is a part of sync
	for event, d := range deeds() {
		known[d.method] = true
		if _, ok := chat.Rules()[event]; !ok {
			t.Errorf("%s has no rule", event)
		}
	}
	service := reflect.TypeFor[*chat.Service]()
	for method := range service.Methods() {
		if method.Type.NumIn() > 2 && method.Type.In(2) == reflect.TypeFor[chat.Session]() && !known[method.Name] {
			t.Errorf("no event stands for Service.%s in this test", method.Name)
		}
	}
	for _, event := range elsewhere() {
		known[event] = true
	}
	for event := range chat.Rules() {
		if _, ok := deeds()[event]; !ok && !known[event] {
			t.Errorf("nothing tries the rule of %s", event)
		}
	}
}

// TestRules_HoldForEverybody: each operation, in an open and in a private room, by everybody, as the table says.
func TestRules_HoldForEverybody(t *testing.T) {
	h, _ := archive(t)
	cast := newCast(t, h)
	for event, d := range deeds() {
		rule := chat.Rules()[event]
		for _, private := range []bool{false, true} {
			if private && !d.inRoom {
				continue
			}
			for _, who := range cast.people() {
				s := cast.scene(t, private, cast.author)
				s.by = who.session
				if got, want := chat.CodeOf(d.do(s)), who.meets(rule, d.inRoom, private, false); got != want {
					t.Errorf("%s by %s, private %t: %q, the table says %q", event, who.name, private, got, want)
				}
				if rule.Own == 0 || who.standing < chat.Insider {
					continue
				}
				s = cast.scene(t, private, who.session)
				s.by = who.session
				if got, want := chat.CodeOf(d.do(s)), who.meets(rule, d.inRoom, private, true); got != want {
					t.Errorf("%s by %s, private %t, own: %q, the table says %q", event, who.name, private, got, want)
				}
			}
		}
	}
}

// cast is who plays in the scenes.
type cast struct {
	*house
	admin, author, outsider, member, moderator, owner, founder chat.Session
	scenes                                                     int
}

func newCast(t *testing.T, h *house) *cast {
	c := &cast{house: h}
	h.login(t, "boss") // the first one owns the server
	if _, err := h.AddUser(t.Context(), chat.AddUserInput{Name: "steward", Password: "correct horse battery", Role: chat.RoleAdmin}); err != nil {
		t.Fatal(err)
	}
	c.admin, c.author, c.outsider = h.login(t, "steward"), h.login(t, "author"), h.login(t, "outsider")
	c.member, c.moderator, c.owner, c.founder = h.login(t, "member"), h.login(t, "moderator"), h.login(t, "owner"), h.login(t, "founder")
	h.login(t, "victim")
	return c
}

// player is somebody and how they stand to the room of a scene.
type player struct {
	name     string
	session  chat.Session
	standing chat.Standing
	admin    bool
}

func (c *cast) people() []player {
	return []player{
		{"a stranger", chat.Session{}, chat.Stranger, false},
		{"an outsider", c.outsider, chat.Outsider, false},
		{"an admin outside", c.admin, chat.Outsider, true},
		{"a member", c.member, chat.Insider, false},
		{"a moderator", c.moderator, chat.Moderator, false},
		{"an owner", c.owner, chat.Owner, false},
	}
}

// meets is the answer that the table promises somebody.
func (p player) meets(rule chat.Rule, inRoom, private, own bool) chat.Code {
	if p.standing == chat.Stranger {
		return chat.Unauthorized
	}
	least := rule.Open
	if inRoom && private {
		least = rule.Closed
		if p.standing < chat.Insider {
			return chat.NotFound
		}
	}
	if own {
		least = rule.Own
	}
	if p.standing >= least || p.admin && rule.Admin {
		return ""
	}
	return chat.Forbidden
}

// scene makes a room with everybody at their places and one message.
func (c *cast) scene(t *testing.T, private bool, author chat.Session) scene {
	t.Helper()
	c.scenes++
	name := fmt.Sprintf("scene %d", c.scenes)
	room := c.room(t, c.founder, chat.CreateRoomInput{
		Name: name, Private: private, Members: []string{"author", "member", "moderator", "owner", "victim"},
	})
	s := scene{house: c.house, t: t, room: room.ID.String(), victim: "victim"}
	for user, role := range map[string]chat.MemberRole{"moderator": chat.MemberModerator, "owner": chat.MemberOwner} {
		if _, err := c.SetRole(t.Context(), c.founder, s.room, user, role); err != nil {
			t.Fatal(err)
		}
	}
	file := c.upload(t, author, "x", "", "x")
	if _, err := c.Send(t.Context(), author, chat.SendInput{Room: s.room, Body: "x", Files: []string{file.ID.String()}}); err != nil {
		t.Fatal(err)
	}
	s.file, s.other = file.ID.String(), "boss"
	return s
}
