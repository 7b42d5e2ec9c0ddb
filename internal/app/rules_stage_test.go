package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/app"
	"parley/internal/chat"
	"parley/internal/config"
	"parley/internal/wire"
)

// scene is a room with a message that carries a file.
type scene struct {
	id     int
	room   wire.ID
	file   wire.File
	victim string // a plain member
	other  string // somebody who is not in the room
}

// deed is what somebody asks for who wants no more than the event is for.
type deed struct {
	inRoom bool
	ask    func(s scene) m
}

// player is somebody and how they stand to the rooms of the scenes.
type player struct {
	*device
	name     string
	standing chat.Standing
	admin    bool
}

// stage is where the scenes are made.
type stage struct {
	*parley
	t       *testing.T
	founder *device
	author  *device
	players []player
	scenes  map[string]scene // not spoilt by what was done in them, by kind
	made    int
}

func newStage(t *testing.T) *stage {
	p := start(t, func(c *config.Serve) {
		lenient(c)
		c.WireView, c.SendsPerSecond = "everyone", 1000
		c.LoginDeadline = time.Hour // the stranger stays until the last event
	})
	s := &stage{parley: p, t: t, scenes: make(map[string]scene)}
	p.person(t, "boss") // the first one owns the server
	admin := app.NewUser{Name: "steward", Password: passwordOf("steward"), Role: "admin"}
	if _, err := app.AddUser(t.Context(), &config.Storage{Data: p.dir}, admin); err != nil {
		t.Fatal(err)
	}
	s.author = p.person(t, "author")
	p.person(t, "victim")
	s.players = []player{
		{p.dial(t, nil), "a stranger", chat.Stranger, false},
		{p.person(t, "outsider"), "an outsider", chat.Outsider, false},
		{p.person(t, "steward"), "an admin outside", chat.Outsider, true},
		{p.person(t, "member"), "a member", chat.Insider, false},
		{p.person(t, "moderator"), "a moderator", chat.Moderator, false},
		{p.person(t, "owner"), "an owner", chat.Owner, false},
	}
	return s
}

// scene is one with a message of an author that nothing was done to yet.
func (s *stage) scene(private bool, author *device) scene {
	kind := fmt.Sprint(private, author.me.ID)
	if kept, ok := s.scenes[kind]; ok {
		return kept
	}
	if s.made%100 == 0 { // one alone would be too fast for the limits
		s.founder = s.person(s.t, fmt.Sprint("founder-", s.made))
	}
	s.made++
	room := s.founder.ok(wire.RoomCreate, m{
		"name": fmt.Sprint("scene ", s.made), "private": private, "members": []string{"author", "member", "moderator", "owner", "victim"},
	}).Room.ID
	for _, role := range []string{"moderator", "owner"} {
		s.founder.ok(wire.RoomRole, m{"room": room, "user": role, "role": role})
	}
	status, up := s.upload(s.t, author, "file", "x.txt", []byte("x"))
	if status != http.StatusOK {
		s.t.Fatalf("upload: %d %+v", status, up)
	}
	author.ok(wire.MessageSend, m{"room": room, "body": "x", "files": []any{up.File.ID}})
	made := scene{id: s.made, room: room, file: up.File, victim: "victim", other: "boss"}
	s.scenes[kind] = made
	return made
}

// spoil makes the next scene a new one, after something was changed in this.
func (s *stage) spoil() { clear(s.scenes) }

// edges are the ways to ask for an event. Who is a stranger over HTTP shows no token.
func (s *stage) edges(event string) map[string]func(player, m) answer {
	path := "/api/v1/" + strings.ReplaceAll(event, ":", "/")
	headers := func(p player) http.Header {
		if p.standing == chat.Stranger {
			return nil
		}
		return bearer(p.device)
	}
	edges := map[string]func(player, m) answer{
		"a socket": func(p player, payload m) answer { return p.call(event, payload) },
	}
	if !ofSockets(event) {
		edges["POST"] = func(p player, payload m) answer {
			_, _, a := s.post(s.t, path, payload, headers(p))
			return a
		}
	}
	for endpoint := range api.New(nil, nil).Endpoints() {
		if endpoint.Event == event && endpoint.Reads {
			edges["GET"] = func(p player, payload m) answer {
				_, _, a := s.get(s.t, path+"?"+query(s.t, payload), headers(p))
				return a
			}
		}
	}
	return edges
}

// ofSockets tells the events that HTTP does not have.
func ofSockets(event string) bool {
	return strings.HasPrefix(event, "wire:") ||
		slices.Contains([]string{wire.Typing, wire.PresenceWatch, wire.RoomFocus, wire.RoomBlur}, event)
}

func query(t *testing.T, payload m) string {
	t.Helper()
	values := make(url.Values)
	for key, value := range payload {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		values.Set(key, strings.Trim(string(text), `"`))
	}
	return values.Encode()
}
