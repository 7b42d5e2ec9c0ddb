package chat_test

import (
	"fmt"
	"testing"

	"parley/internal/chat"
	"parley/internal/store/sqlite"
	"parley/internal/store/storetest"
)

// BenchmarkHeadsOf is what focused delivery reads for 100 people when one of the 20 rooms that they are in has changed,
// beside a sync for each of them.
func BenchmarkHeadsOf(b *testing.B) {
	service, sessions, room := benchRooms(b)
	users := make([]chat.ID, len(sessions))
	for i, by := range sessions {
		users[i] = by.User
	}
	b.Run("heads of the room", func(b *testing.B) {
		for b.Loop() {
			if heads, err := service.HeadsOf(b.Context(), room, users); err != nil || len(heads) != len(users) {
				b.Fatalf("%d heads, %v", len(heads), err)
			}
		}
	})
	b.Run("a sync for each", func(b *testing.B) {
		for b.Loop() {
			for _, by := range sessions {
				if _, err := service.Sync(b.Context(), by); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func benchRooms(b *testing.B) (*chat.Service, []chat.Session, chat.ID) {
	b.Helper()
	store, err := sqlite.Open(b.Context(), b.TempDir(), nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { store.Close() })
	service := storetest.NewService(b, store, &storetest.Recorder{})
	var sessions []chat.Session
	var names []string
	for i := range 100 {
		names = append(names, fmt.Sprint("person-", i))
		sessions = append(sessions, storetest.Login(b, service, names[i]))
	}
	var last chat.Room
	for i := range 19 {
		name := fmt.Sprint("room ", i)
		if last, err = service.CreateRoom(b.Context(), sessions[0], chat.CreateRoomInput{Name: name, Members: names[1:]}); err != nil {
			b.Fatal(err)
		}
		for range 10 {
			if _, err := service.Send(b.Context(), sessions[0], chat.SendInput{Room: name, Body: "hello"}); err != nil {
				b.Fatal(err)
			}
		}
	}
	return service, sessions, last.ID
}
