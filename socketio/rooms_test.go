package socketio

import (
	"fmt"
	"slices"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"parley/socketio/engineio"
)

// unconnected makes a server with sockets that are accepted but lead nowhere.
func unconnected(t testing.TB, count int) (*Server, []*Socket) {
	io := New(nil)
	t.Cleanup(func() { _ = io.Shutdown(t.Context()) })
	list := make([]*Socket, count)
	for i := range list {
		list[i] = &Socket{id: newID(), ns: io.Namespace, conn: &conn{server: io}, session: &engineio.Session{}}
		list[i].progress.Store(ended) // so that walking stops short of the engine
		io.index.add(list[i])
		io.index.join(list[i], []string{"all"})
		if i%2 == 0 {
			io.index.join(list[i], []string{"even"})
		}
	}
	return io, list
}

func TestBroadcast_AllocatesNothingPerRecipient(t *testing.T) {
	few, fewSockets := unconnected(t, 10)
	many, manySockets := unconnected(t, 2000)
	m := &Message{Payload: []byte(`["x"]`)}
	for name, sel := range map[string]func(*Socket) selection{
		"everyone":   func(*Socket) selection { return selection{} },
		"but sender": func(s *Socket) selection { return selection{sender: s} },
		"room":       func(*Socket) selection { return selection{targeted: true, rooms: []string{"all"}} },
		"rooms":      func(*Socket) selection { return selection{targeted: true, rooms: []string{"all", "even"}} },
		"room, except": func(*Socket) selection {
			return selection{targeted: true, rooms: []string{"all"}, except: []string{"even"}}
		},
	} {
		measure := func(io *Server, s *Socket) float64 {
			chosen := sel(s)
			io.broadcast(chosen, m) // fills the pool
			return testing.AllocsPerRun(200, func() { io.broadcast(chosen, m) })
		}
		atFew, atMany := measure(few, fewSockets[0]), measure(many, manySockets[0])
		const luck = 8 // a list that has gone from the pool grows again
		if atMany > atFew+luck {
			t.Errorf("%s: %v allocations for 10 sockets, %v for 2,000", name, atFew, atMany)
		}
	}
}

func TestSocket_IsSmall(t *testing.T) {
	const budget = 256
	if size := unsafe.Sizeof(Socket{}); size > budget {
		t.Errorf("a socket has %d bytes", size)
	}
	if size := unsafe.Sizeof(conn{}); size > 192 {
		t.Errorf("a conn has %d bytes", size)
	}
}

// TestRoomIndex_AgreesWithSets does the same to the index and to plain sets.
func TestRoomIndex_AgreesWithSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := &roomIndex{}
		sockets := make([]*Socket, 6)
		model := map[int]map[string]bool{} // socket → rooms, its own among them
		for i := range sockets {
			sockets[i] = &Socket{id: fmt.Sprint("id", i)}
			x.add(sockets[i])
			model[i] = map[string]bool{sockets[i].id: true}
		}
		room := rapid.SampledFrom([]string{"a", "b", "c"})
		target := rapid.SampledFrom([]string{"a", "b", "c", "id0", "id1", "none"})
		who := rapid.IntRange(0, len(sockets)-1)
		t.Repeat(map[string]func(*rapid.T){
			"join": func(t *rapid.T) {
				i, name := who.Draw(t, "socket"), room.Draw(t, "room")
				if joined := x.join(sockets[i], []string{name}); joined != (model[i] != nil) {
					t.Fatalf("joined %v", joined)
				}
				if model[i] != nil {
					model[i][name] = true
				}
			},
			"leave": func(t *rapid.T) {
				i, name := who.Draw(t, "socket"), room.Draw(t, "room")
				x.leaveRooms(sockets[i], []string{name})
				delete(model[i], name)
			},
			"remove": func(t *rapid.T) {
				i := who.Draw(t, "socket")
				x.remove(sockets[i])
				delete(model, i)
			},
			"find": func(t *rapid.T) {
				sel := selection{targeted: rapid.Bool().Draw(t, "targeted")}
				if sel.targeted {
					sel.rooms = rapid.SliceOfN(target, 0, 3).Draw(t, "rooms")
				}
				sel.except = rapid.SliceOfN(target, 0, 2).Draw(t, "except")
				compare(t, x, sel, sockets, model)
			},
		})
	})
}

func compare(t *rapid.T, x *roomIndex, sel selection, sockets []*Socket, model map[int]map[string]bool) {
	list, done := x.find(sel)
	var got, want []string
	for _, s := range list {
		got = append(got, s.id)
	}
	done()
	in := func(rooms map[string]bool, names []string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return rooms[name] })
	}
	for i, s := range sockets {
		rooms := model[i]
		if rooms != nil && (!sel.targeted || in(rooms, sel.rooms)) && !in(rooms, sel.except) {
			want = append(want, s.id)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("%+v: got %v, want %v", sel, got, want)
	}
	if len(x.byID) != len(model) || len(x.all.members) != len(model) {
		t.Fatalf("%d and %d sockets, want %d", len(x.byID), len(x.all.members), len(model))
	}
	for name, r := range x.rooms {
		if len(r.members) == 0 {
			t.Fatalf("empty room %s is kept", name)
		}
	}
}

func TestRoomIndex_LentListsDoNotChange(t *testing.T) {
	io, sockets := unconnected(t, 20)
	list, done := io.index.find(selection{targeted: true, rooms: []string{"all"}})
	before := slices.Clone(list)
	late := &Socket{id: newID()}
	io.index.join(late, []string{"all"})
	for _, s := range sockets[:15] {
		io.index.remove(s)
	}
	io.index.remove(late)
	if !slices.Equal(before, list) {
		t.Error("a list that was lent has changed")
	}
	done()
	if n := len(io.index.rooms["all"].members); n != 5 {
		t.Errorf("%d members left", n)
	}
}

func BenchmarkBroadcastWalk(b *testing.B) {
	io, _ := unconnected(b, 10_000)
	m := &Message{Payload: []byte(`["x"]`)}
	b.ReportAllocs()
	for b.Loop() {
		io.broadcast(selection{}, m)
	}
}
