package api

import "parley/internal/wire"

// register names every event that the chat alone answers.
func (t *Table) register() {
	OnRead(t, wire.Sync, t.sync)
	OnRead(t, wire.UserList, t.listUsers)
	OnRead(t, wire.UserGet, t.getUser)
	On(t, wire.UserUpdate, t.updateUser)
	On(t, wire.BlockSet, t.setBlock)
	OnRead(t, wire.SessionList, t.listSessions)
	On(t, wire.SessionRevoke, t.revoke)
	On(t, wire.ServerUpdate, t.updateServer)
	On(t, wire.InviteCreate, t.createInvite)
	OnRead(t, wire.InviteList, t.listInvites)
	On(t, wire.InviteRevoke, t.revokeInvite)

	OnRead(t, wire.RoomHistory, t.history)
	OnRead(t, wire.RoomChanges, t.Changes)
	OnRead(t, wire.Search, t.search)
	On(t, wire.MessageSend, t.send)
	On(t, wire.MessageEdit, t.edit)
	On(t, wire.MessageDelete, t.delete)
	OnRead(t, wire.MessageSeen, t.seenBy)
	On(t, wire.ReactionSet, t.react)
	On(t, wire.PinSet, t.pin)
	OnRead(t, wire.PinList, t.pins)
	OnRead(t, wire.MessageThread, t.thread)
	OnRead(t, wire.MessageEdits, t.edits)
	On(t, wire.ReadSet, t.setRead)
	On(t, wire.DraftSet, t.setDraft)

	OnRead(t, wire.RoomList, t.listRooms)
	OnRead(t, wire.RoomMembers, t.members)
	On(t, wire.RoomCreate, t.createRoom)
	On(t, wire.RoomUpdate, t.updateRoom)
	On(t, wire.RoomJoin, t.joinRoom)
	On(t, wire.RoomLeave, t.leaveRoom)
	On(t, wire.RoomInvite, t.invite)
	On(t, wire.RoomKick, t.kick)
	On(t, wire.RoomRole, t.setRole)
	On(t, wire.RoomNotify, t.setNotify)
}
