package chat

import (
	"errors"
	"fmt"
	"strings"
)

func errNoRoom() *Error {
	e := Errorf(NotFound, "This room does not exist or is private.")
	e.Field = "room"
	return e
}

// findUser is the user that an id or a name stands for. Error: NotFound.
func findUser(tx Tx, field, named string) (User, error) {
	user, err := lookUpUser(tx, strings.TrimPrefix(named, "@"))
	if errors.Is(err, ErrNotFound) {
		e := Errorf(NotFound, "There is nobody called %q here.", shorten(named))
		e.Field = field
		return User{}, e
	}
	if err != nil {
		return User{}, fmt.Errorf("find user: %w", err)
	}
	return user, nil
}

func lookUpUser(tx Tx, named string) (User, error) {
	if id, ok := ParseID(named); ok {
		return tx.User(id)
	}
	name, ok := foldUserName(named)
	if !ok {
		return User{}, ErrNotFound
	}
	return tx.UserByName(name)
}

// findUsers finds users in the order asked, each once.
func findUsers(tx Tx, field string, named []string) ([]User, error) {
	users := make([]User, 0, len(named))
	seen := make(map[ID]bool, len(named))
	for _, name := range named {
		user, err := findUser(tx, field, name)
		if err != nil {
			return nil, err
		}
		if !seen[user.ID] {
			seen[user.ID] = true
			users = append(users, user)
		}
	}
	return users, nil
}

// findPeople is findUsers in short.
func findPeople(tx Tx, field string, named []string) ([]ShortUser, error) {
	users, err := findUsers(tx, field, named)
	people := make([]ShortUser, len(users))
	for i, user := range users {
		people[i] = user.Short()
	}
	return people, err
}

// findRoom is the room that an id or a name stands for and the user's membership of it. A room that the user may not
// know of is NotFound.
func findRoom(tx Tx, user ID, named string) (Room, Member, error) {
	id, err := lookUpRoom(tx, user, named)
	if err != nil {
		return Room{}, Member{}, roomError(err)
	}
	room, member, err := tx.RoomFor(user, id)
	if err != nil {
		return Room{}, Member{}, roomError(err)
	}
	if !room.Open() && !member.Active() {
		return Room{}, Member{}, errNoRoom()
	}
	return room, member, nil
}

func lookUpRoom(tx Tx, user ID, named string) (ID, error) {
	named = strings.TrimPrefix(named, "#")
	if id, ok := ParseID(named); ok {
		return id, nil
	}
	key := foldName(named)
	room, err := tx.OpenRoomByName(key)
	if errors.Is(err, ErrNotFound) {
		room, err = tx.PrivateRoomByName(user, key)
	}
	return room.ID, err
}

func roomError(err error) error {
	if errors.Is(err, ErrNotFound) {
		return errNoRoom()
	}
	return fmt.Errorf("find room: %w", err)
}

// shorten cuts a name given by a client to what a sentence can carry.
func shorten(named string) string {
	const most = 40
	for i := range named {
		if i > most {
			return named[:i] + "…"
		}
	}
	return named
}
