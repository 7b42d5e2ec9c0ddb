package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/internal/chat"
	"parley/internal/config"
	"parley/internal/wire"
)

// deeds has one for each event with a rule, but for logging in and out.
func deeds() map[string]deed {
	free := func(payload m) deed { return deed{false, func(scene) m { return payload }} }
	inRoom := func(more m) deed {
		return deed{true, func(s scene) m {
			payload := m{"room": s.room}
			for key, value := range more {
				payload[key] = value
			}
			return payload
		}}
	}
	with := func(ask func(scene) m) deed { return deed{true, ask} }
	return map[string]deed{
		wire.Sync: free(m{}), wire.RoomList: free(m{}), wire.UserList: free(m{}), wire.SessionList: free(m{}),
		wire.RoomCreate:    {false, func(s scene) m { return m{"name": fmt.Sprint("beside ", s.id)} }},
		wire.UserGet:       free(m{"user": "boss"}),
		wire.UserUpdate:    free(m{"bio": "x"}),
		wire.BlockSet:      free(m{"user": "boss", "on": true}),
		wire.SessionRevoke: free(m{"others": true}),
		wire.PresenceSet:   free(m{"state": "away"}),
		wire.PresenceWatch: free(m{"users": []string{"boss"}}),
		wire.ServerUpdate:  free(m{"registration": "open"}),
		wire.InviteCreate:  free(m{}), wire.InviteList: free(m{}), wire.InviteRevoke: free(m{"all": true}),
		wire.WireOn: free(m{}), wire.WireOff: free(m{}), wire.WireWave: free(m{"scope": wire.ScopeSelf}),

		wire.MessageSend: inRoom(m{"body": "x"}), wire.MessageEdit: inRoom(m{"seq": 1, "body": "y"}), wire.MessageDelete: inRoom(m{"seq": 1}),
		wire.MessageSeen: inRoom(m{"seq": 1}), wire.MessageRoute: inRoom(m{"seq": 1}),
		wire.ReactionSet: inRoom(m{"seq": 1, "emoji": "👍", "on": true}), wire.PinSet: inRoom(m{"seq": 1, "on": true}),
		wire.PinList: inRoom(nil), wire.MessageThread: inRoom(m{"seq": 1}), wire.MessageEdits: inRoom(m{"seq": 1}),
		wire.RoomHistory: inRoom(nil), wire.RoomMembers: inRoom(nil), wire.RoomChanges: inRoom(m{"since": 0}),
		wire.RoomFocus: inRoom(nil), wire.RoomBlur: inRoom(nil), wire.Search: inRoom(m{"q": "x"}),
		wire.RoomJoin: inRoom(nil), wire.RoomLeave: inRoom(nil), wire.RoomNotify: inRoom(m{"level": "all"}),
		wire.RoomUpdate: inRoom(m{"topic": "x"}), wire.ReadSet: inRoom(m{"seq": 1}), wire.DraftSet: inRoom(m{"body": "x"}), wire.Typing: inRoom(nil),
		wire.RoomInvite: with(func(s scene) m { return m{"room": s.room, "users": []string{s.other}} }),
		wire.RoomKick:   with(func(s scene) m { return m{"room": s.room, "user": s.victim} }),
		wire.RoomRole:   with(func(s scene) m { return m{"room": s.room, "user": s.victim, "role": "moderator"} }),
	}
}

// meets is the answer that the table promises somebody.
func (p player) meets(rule chat.Rule, inRoom, private, own bool) chat.Code {
	least := rule.Open
	switch {
	case p.standing == chat.Stranger:
		return chat.Unauthorized
	case inRoom && private && p.standing < chat.Insider:
		return chat.NotFound
	case own && rule.Own != 0:
		least = rule.Own
	case inRoom && private:
		least = rule.Closed
	}
	if p.standing >= least || p.admin && rule.Admin {
		return ""
	}
	return chat.Forbidden
}

// Every event, over each edge, in an open and in a private room, is answered to everybody as the table of rules says.
func TestRules_HoldForEverybodyOverEveryEdge(t *testing.T) {
	s := newStage(t)
	for event, rule := range chat.Rules() {
		d, known := deeds()[event]
		if !known {
			if !strings.HasPrefix(event, "auth:") && !strings.HasPrefix(event, "file:") {
				t.Errorf("nothing tries the rule of %s", event)
			}
			continue
		}
		for edge, ask := range s.edges(event) {
			for _, private := range []bool{false, true} {
				for _, who := range s.players {
					if !d.inRoom && private {
						continue
					}
					for _, own := range []bool{false, true} {
						author := s.author
						if own && (rule.Own == 0 || who.standing < chat.Insider) {
							continue
						} else if own {
							author = who.device
						}
						a := ask(who, d.ask(s.scene(private, author)))
						want := who.meets(rule, d.inRoom, private, own)
						if got := codeOf(a); got != want {
							t.Errorf("%s over %s by %s, private %t, own %t: %q, the table says %q", event, edge, who.name, private, own, got, want)
						}
						if a.OK && edge != "GET" {
							s.spoil()
						}
					}
				}
			}
		}
	}
}

func codeOf(a answer) chat.Code {
	if a.OK {
		return ""
	}
	return a.Error.Code
}

// The routes that are no event's mirror.
func TestRules_HoldForEverybodyOnEveryRoute(t *testing.T) {
	s := newStage(t)
	for _, who := range s.players {
		visitor := who.device
		if who.standing == chat.Stranger {
			visitor = nil
		}
		for _, private := range []bool{false, true} {
			want := statusOf(who.meets(chat.Rules()[wire.FileRead], true, private, false))
			if status, _, _ := s.download(t, visitor, s.scene(private, s.author).file.URL); status != want {
				t.Errorf("GET a file by %s, private %t: %d, the table says %d", who.name, private, status, want)
			}
		}
		status, _ := s.upload(t, visitor, "file", "x.txt", []byte("x"))
		if want := statusOf(who.meets(chat.Rules()[wire.FileUpload], false, false, false)); status != want {
			t.Errorf("POST a file by %s: %d, the table says %d", who.name, status, want)
		}
		var headers http.Header
		if visitor != nil {
			headers = bearer(visitor)
		}
		if status, _, _ := s.get(t, "/api/v1/me", headers); status != statusOf(who.meets(chat.Rules()[wire.UserGet], false, false, false)) {
			t.Errorf("GET me by %s: %d", who.name, status)
		}
		if status, _, _ := s.post(t, "/api/v1/logout", m{}, headers); status != statusOf(who.meets(chat.Rules()[wire.AuthLogout], false, false, false)) {
			t.Errorf("POST logout by %s: %d", who.name, status)
		}
	}
}

func statusOf(code chat.Code) int {
	if code == "" {
		return http.StatusOK
	}
	return wire.Status(code)
}

// Every event that has a rule is served, and to strangers only if the rule says so.
func TestRules_StrangersMayLogInOnly(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.WireView = "everyone" })
	ann, stranger := parley.person(t, "ann"), parley.dial(t, nil)
	for event, rule := range chat.Rules() {
		if strings.HasPrefix(event, "file:") || event == "auth:logout" {
			continue // no events, and the end of ann's device
		}
		code := stranger.call(event, m{}).Error.Code
		if rule.Open != chat.Stranger && code != "unauthorized" || rule.Open == chat.Stranger && code == "unauthorized" {
			t.Errorf("%s answers a stranger %q", event, code)
		}
		if got := ann.call(event, m{}); got.Error.Message == "There is no such event." {
			t.Errorf("%s has a rule and is not served", event)
		}
		status, _, a := parley.post(t, "/api/v1/"+strings.ReplaceAll(event, ":", "/"), m{}, nil)
		if a.OK || status != 401 && status != 404 {
			t.Errorf("%s over HTTP answers a stranger %d", event, status)
		}
	}
}
