package wire

import (
	"net/url"

	"parley/internal/chat"
)

// FromUser is the shape of a user.
func FromUser(u chat.User) User {
	user := User{
		ID:          ID(u.ID),
		Name:        u.Name,
		DisplayName: u.DisplayName,
		Bio:         u.Bio,
		Role:        string(u.Role),
		Disabled:    u.Disabled(),
		Blocked:     u.Blocked,
	}
	if u.Avatar != 0 {
		user.Avatar = u.Avatar.String()
	}
	return user
}

// FromMe is the shape of a user for their own devices.
func FromMe(u chat.User) Me { return Me{User: FromUser(u), Prefs: u.Prefs} }

// FromShortUser is the shape of a user where only the name matters.
func FromShortUser(u chat.ShortUser) ShortUser {
	return ShortUser{ID: ID(u.ID), Name: u.Name, DisplayName: u.DisplayName}
}

// FromRoom is the shape of a room. Only a dm has peers.
func FromRoom(r chat.Room) Room {
	room := Room{
		ID:           ID(r.ID),
		Kind:         string(r.Kind),
		Name:         r.Name,
		Topic:        r.Topic,
		MembersCount: r.MembersCount,
		PostPolicy:   string(r.PostPolicy),
		Retention:    r.RetentionDays,
		ArchivedAt:   Time{r.ArchivedAt},
	}
	if r.Kind == chat.KindDM {
		room.Peers = list(r.Peers, FromShortUser)
	}
	return room
}

// FromHead is the shape of a room as one member sees it. viewer is that member:
// the cid of the last message is only for its author.
func FromHead(h chat.Head, viewer chat.ID) Head {
	head := Head{
		Room:     FromRoom(h.Room),
		LastSeq:  h.Room.LastSeq,
		LastRev:  h.Room.LastRev,
		ReadSeq:  h.ReadSeq,
		Unread:   h.Unread,
		Mentions: h.Mentions,
		Notify:   Notify{Level: string(h.Notify), MutedUntil: Time{h.MutedUntil}},
		Role:     string(h.Role),
	}
	for _, r := range h.Receipts {
		head.Receipts = append(head.Receipts, Receipt{User: ID(r.User), Delivered: r.Delivered, Seen: r.Seen, SeenAt: Time{r.SeenAt}})
	}
	if h.LastMessage != nil {
		last := FromMessage(*h.LastMessage, viewer)
		head.LastMessage = &last
	}
	return head
}

// FromHeads is the shape of many heads of one viewer.
func FromHeads(heads []chat.Head, viewer chat.ID) []Head {
	return list(heads, func(h chat.Head) Head { return FromHead(h, viewer) })
}

// FromMessage is the shape of a message for one viewer, or, with viewer 0, for
// everybody but its author.
func FromMessage(m chat.Message, viewer chat.ID) Message {
	message := Message{
		ID:        ID(m.ID),
		Room:      ID(m.Room),
		Seq:       m.Seq,
		Rev:       m.Rev,
		Author:    FromShortUser(m.Author),
		Kind:      string(m.Kind),
		Body:      m.Body,
		ReplyTo:   m.ReplyTo,
		Thread:    m.Thread,
		Replies:   m.Replies,
		Files:     list(m.Files, FromFile),
		Reactions: list(m.Reactions, fromReaction),
		Mentions:  fromMentions(m.Mentions),
		PinnedAt:  Time{m.PinnedAt},
		CreatedAt: Time{m.CreatedAt},
		EditedAt:  Time{m.EditedAt},
		DeletedAt: Time{m.DeletedAt},
	}
	if viewer == m.Author.ID {
		message.CID = m.CID
	}
	return message
}

// FromMessages is the shape of many messages for one viewer.
func FromMessages(messages []chat.Message, viewer chat.ID) []Message {
	return list(messages, func(m chat.Message) Message { return FromMessage(m, viewer) })
}

// FromEdits is the shape of what a message said before.
func FromEdits(edits []chat.Edit) []Edit {
	return list(edits, func(e chat.Edit) Edit { return Edit{Body: e.Body, At: Time{e.At}} })
}

// FromFile is the shape of a file. Its URL needs the session of who may read it.
func FromFile(f chat.File) File {
	return File{
		ID:     ID(f.ID),
		Name:   f.Name,
		MIME:   f.MIME,
		Bytes:  f.Bytes,
		Width:  f.Width,
		Height: f.Height,
		Alt:    f.Alt,
		URL:    "/files/" + f.ID.String() + "/" + url.PathEscape(f.Name),
	}
}

func fromReaction(r chat.Reaction) Reaction {
	return Reaction{Emoji: r.Emoji, Users: list(r.Users, func(id chat.ID) ID { return ID(id) })}
}

// FromServer is the shape of what a server says of itself.
func FromServer(s chat.Server) ServerSettings {
	settings := ServerSettings{Name: s.Name, Registration: string(s.Registration), Fixed: []string{}}
	if s.NameFixed {
		settings.Fixed = append(settings.Fixed, "name")
	}
	if s.RegistrationFixed {
		settings.Fixed = append(settings.Fixed, "registration")
	}
	return settings
}

// FromInvitation is the shape of an invitation.
func FromInvitation(i chat.Invitation) Invite {
	return Invite{
		ID: ID(i.ID), Room: ID(i.Room), Uses: i.Uses, MaxUses: i.MaxUses,
		CreatedAt: Time{i.CreatedAt}, ExpiresAt: Time{i.ExpiresAt},
	}
}

// FromInvitations is the shape of the invitations of one person.
func FromInvitations(made []chat.Invitation) []Invite { return list(made, FromInvitation) }

// FromPeople is the shape of a list of people.
func FromPeople(people []chat.ShortUser) []ShortUser { return list(people, FromShortUser) }

// FromDraft is the shape of a draft.
func FromDraft(d chat.Draft) Draft { return Draft{Room: ID(d.Room), Body: d.Body} }

// FromDrafts is the shape of all drafts of a user.
func FromDrafts(drafts []chat.Draft) []Draft { return list(drafts, FromDraft) }

// FromHits is the shape of a page of hits for one viewer.
func FromHits(hits []chat.Hit, viewer chat.ID) []Hit {
	return list(hits, func(h chat.Hit) Hit { return Hit{Message: FromMessage(h.Message, viewer), Snippet: h.Snippet} })
}

// FromDevices is the shape of one's sessions.
func FromDevices(devices []chat.Device) []Session {
	return list(devices, func(d chat.Device) Session {
		return Session{ID: ID(d.ID), Client: d.Client, CreatedAt: Time{d.CreatedAt}, SeenAt: Time{d.SeenAt}, Current: d.Current}
	})
}

// FromMembers is the shape of a page of members.
func FromMembers(members []chat.RoomMember) []Member {
	return list(members, func(m chat.RoomMember) Member {
		return Member{User: FromShortUser(m.User), Role: string(m.Role)}
	})
}

// FromListedRooms is the shape of a page of open rooms.
func FromListedRooms(rooms []chat.ListedRoom) []OpenRoom {
	return list(rooms, func(r chat.ListedRoom) OpenRoom {
		return OpenRoom{Room: FromRoom(r.Room), Joined: r.Joined}
	})
}

// FromUsers is the shape of a page of users.
func FromUsers(users []chat.User) []User { return list(users, FromUser) }

func fromMentions(m chat.Mentions) []string {
	names := list(m.Users, chat.ID.String)
	if m.Everyone {
		names = append(names, "everyone")
	}
	return names
}

// list maps a slice to one that is never nil, so that its JSON is never null.
func list[From, To any](from []From, convert func(From) To) []To {
	to := make([]To, len(from))
	for i, value := range from {
		to[i] = convert(value)
	}
	return to
}
