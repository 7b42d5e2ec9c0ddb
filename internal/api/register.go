package api

import "parley/internal/wire"

// register names every event that the chat alone answers.
func (t *Table) register() {
	OnRead(t, wire.Sync, t.sync)
	OnRead(t, wire.RoomHistory, t.history)
	OnRead(t, wire.RoomChanges, t.changes)
	OnRead(t, wire.RoomList, t.listRooms)
	OnRead(t, wire.RoomMembers, t.members)
	OnRead(t, wire.UserList, t.listUsers)

	On(t, wire.MessageSend, t.send)
	On(t, wire.RoomCreate, t.createRoom)
	On(t, wire.RoomJoin, t.joinRoom)
	On(t, wire.RoomLeave, t.leaveRoom)
	On(t, wire.RoomInvite, t.invite)
	On(t, wire.ReadSet, t.setRead)
}
