package app_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"parley/internal/wire"
	"parley/socketio/socketiotest"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// m is a payload.
type m = map[string]any

// device is one socket of a client.
type device struct {
	*testing.T
	client *socketiotest.Client
	token  string
	me     wire.User
	came   []*socketiotest.Event // and was not asked for yet
}

// call emits an event and returns its answer.
func (d *device) call(event string, payload ...any) answer {
	d.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	args, err := d.client.Call(ctx, event, payload...)
	if err != nil {
		d.Fatalf("%s: %v", event, err)
	}
	var a answer
	if err := args.Scan(&a); err != nil {
		d.Fatalf("%s: %v", event, err)
	}
	return a
}

// ok is call for what must be accepted.
func (d *device) ok(event string, payload m) answer {
	d.Helper()
	a := d.call(event, payload)
	if !a.OK {
		d.Fatalf("%s %v was refused: %+v", event, payload, a.Error)
	}
	return a
}

// refused is call for what must not.
func (d *device) refused(event string, payload m) wire.Error {
	d.Helper()
	a := d.call(event, payload)
	if a.OK {
		d.Fatalf("%s %v was accepted", event, payload)
	}
	return a.Error
}

// next waits for the next event of a name, leaving others for later.
func next[T any](d *device, event string) T {
	d.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var value T
	for i := 0; ; i++ {
		if i == len(d.came) {
			e, err := d.client.Next(ctx)
			if err != nil {
				d.Fatalf("wait for %s, after %v: %v", event, d.names(), err)
			}
			if d.take(e); i == len(d.came) {
				i--
				continue
			}
		}
		if e := d.came[i]; e.Name == event {
			d.came = slices.Delete(d.came, i, i+1)
			if err := e.Args.Scan(&value); err != nil {
				d.Fatalf("%s: %v", event, err)
			}
			return value
		}
	}
}

// take keeps an event, but for one that is not always there: somebody new may
// hear that they came to Everyone, which ready has told, if that was published
// later.
func (d *device) take(e *socketiotest.Event) {
	var room wire.RoomNewPush
	if e.Name == wire.RoomNew && e.Args.Scan(&room) == nil && room.Room.Kind == "everyone" {
		return
	}
	d.came = append(d.came, e)
}

// none fails if an event of a name has come. What the server sent before it
// answered the last call has.
func (d *device) none(event string) {
	d.Helper()
	d.ok(wire.Sync, m{})
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for {
		e, err := d.client.Next(gone)
		if err != nil {
			break
		}
		d.take(e)
	}
	if slices.Contains(d.names(), event) {
		d.Errorf("%s came, among %v", event, d.names())
	}
}

// cut waits until the server has ended the connection.
func (d *device) cut() {
	d.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		if _, err := d.client.Next(ctx); err != nil {
			if ctx.Err() != nil {
				d.Fatal("the socket was not cut")
			}
			return
		}
	}
}

func (d *device) names() []string {
	names := make([]string, len(d.came))
	for i, e := range d.came {
		names[i] = e.Name
	}
	return names
}

// answer is any acknowledgement: the fields of all of them.
type answer struct {
	OK    bool
	Error wire.Error

	User           wire.User
	Token          string
	Created        bool
	Me             wire.User
	Message        wire.Message
	Duplicate      bool
	Messages       []wire.Message
	First          int64
	Last           int64
	ToRev          int64 `json:"to_rev"`
	More           bool
	Reset          bool
	Room           wire.Room
	Members        []wire.Member
	MembersChanged bool  `json:"members_changed"`
	ReadSeq        int64 `json:"read_seq"`
	Unread         int
	States         []wire.PresenceState
	Users          []wire.User
	Cursor         string
	Sessions       []wire.Session
	Hits           []wire.Hit
	Server         wire.ServerSettings
	Invite         wire.Invite
	Invites        []wire.Invite
	Code           string
	URL            string
	Count          int
	At             wire.Time // of message:route, as the five below
	Reached        int
	Of             int
	Away           int
	Back           int
	BackAt         wire.Time `json:"back_at"`
	Hidden         bool
	Rooms          json.RawMessage // of sync: heads; of room:list: open rooms
}

// heads reads the rooms of sync.
func (a answer) heads(t *testing.T) []wire.Head { return read[[]wire.Head](t, a.Rooms) }

// open reads the rooms of room:list.
func (a answer) open(t *testing.T) []wire.OpenRoom { return read[[]wire.OpenRoom](t, a.Rooms) }

func read[T any](t *testing.T, data json.RawMessage) T {
	t.Helper()
	var value T
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return value
}
