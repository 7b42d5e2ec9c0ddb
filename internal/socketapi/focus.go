package socketapi

import (
	"context"
	"slices"

	"parley/internal/chat"
	"parley/internal/wire"
)

// roomOf is where a socket hears of a room: all of it, or, with delivery
// "focus", only its heads until the socket looks at it. The lock of the user is
// held.
func (c *conn) roomOf(room chat.Room) string {
	if _, looking := c.focused[room.ID]; looking || !c.focus || room.Kind == chat.KindDM {
		return chatRoom(room.ID)
	}
	return headRoom(room.ID)
}

// listening is where a socket hears of the rooms it is in, until it knows enough
// of them for narrow.
func (c *conn) listening(member []chat.ID) []string {
	rooms := make([]string, 0, 2*len(member))
	for _, room := range member {
		rooms = append(rooms, chatRoom(room))
		if c.focus {
			rooms = append(rooms, headRoom(room))
		}
	}
	return rooms
}

// narrow leaves a socket with delivery "focus" one of the two rooms that
// listening gave it. The lock of the user is held.
func (c *conn) narrow(heads []chat.Head) {
	if !c.focus {
		return
	}
	for _, head := range heads {
		if room := head.Room.ID; c.roomOf(head.Room) == chatRoom(room) {
			c.socket.Leave(headRoom(room))
		} else {
			c.socket.Leave(chatRoom(room))
		}
	}
}

// focusRoom lets a socket hear all of a room that its user is in. What it is
// answered is read after that, so that nothing is missed between the two.
func (a *API) focusRoom(ctx context.Context, c *conn, in wire.FocusRequest) (any, error) {
	var room chat.Room
	var err error
	a.people.with(c.session.User, func() { room, err = a.look(ctx, c, in.Room) })
	if err != nil {
		return nil, err
	}
	id := room.ID.String()
	if in.Since != nil {
		return a.table.Changes(ctx, c.session, wire.ChangesRequest{Room: id, Since: in.Since})
	}
	if room, err = a.chat.Enter(ctx, c.session, wire.RoomFocus, id); err != nil {
		return nil, err
	}
	return wire.FocusAnswer{ToRev: room.LastRev}, nil
}

// look moves a socket to where all of a room is told. The lock of the user is
// held. Error: Forbidden for who is no member.
func (a *API) look(ctx context.Context, c *conn, named string) (chat.Room, error) {
	room, err := a.chat.Enter(ctx, c.session, wire.RoomFocus, named)
	if err != nil || !c.focus {
		return room, err
	}
	if c.focused == nil {
		c.focused = make(map[chat.ID]struct{})
	}
	c.focused[room.ID] = struct{}{}
	if err := c.socket.Join(chatRoom(room.ID)); err == nil {
		c.socket.Leave(headRoom(room.ID))
	}
	return room, nil
}

// blurRoom ends what focusRoom began. It is no error where nothing began.
func (a *API) blurRoom(ctx context.Context, c *conn, in wire.RoomRequest) (wire.Accepted, error) {
	found, err := a.chat.Enter(ctx, c.session, wire.RoomBlur, in.Room)
	if err != nil {
		return wire.Accepted{}, err
	}
	room := found.ID
	a.people.with(c.session.User, func() {
		if _, looking := c.focused[room]; !looking {
			return
		}
		delete(c.focused, room)
		if !slices.Contains(c.socket.Rooms(), chatRoom(room)) {
			return // on its way into the room
		}
		if err := c.socket.Join(headRoom(room)); err == nil {
			c.socket.Leave(chatRoom(room))
		}
	})
	return wire.Accepted{}, nil
}
