// Package socketapi is Parley over Socket.IO: it turns the events of clients
// into calls of chat.Service, and what the chat has committed into events for
// the sockets that may see it. Presence and typing live here, since they are
// never stored.
//
// A socket is in several kinds of rooms: "u:" and a user id, for all
// devices of a person; "s:" and a session id, for the sockets of one device;
// "r:" and a room id, for the members of a room who are told all of it. Members
// whose socket asked for less and does not look at the room are in "h:" and the
// room id instead, and are told how its head changes. In quietRoom are the sockets
// of those who neither show that they write nor see it. All follow from the
// database at every connect.
package socketapi

import "parley/internal/chat"

const quietRoom = "quiet"

func userRoom(id chat.ID) string    { return "u:" + id.String() }
func sessionRoom(id chat.ID) string { return "s:" + id.String() }
func headRoom(id chat.ID) string    { return "h:" + id.String() }
func chatRoom(id chat.ID) string    { return "r:" + id.String() }
