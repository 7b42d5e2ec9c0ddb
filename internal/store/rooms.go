package store

import "parley/internal/chat"

const roomColumns = `r.id, r.kind, COALESCE(r.name, ''), COALESCE(r.topic, ''), r.members_count, r.post_policy,
	r.last_seq, r.last_rev, r.meta_rev, r.member_rev, COALESCE(r.retention_days, 0), COALESCE(r.archived_at, 0)`

// roomRow receives roomColumns.
type roomRow struct {
	room                        chat.Room
	members, retained, archived int64
}

func (r *roomRow) dest() []any {
	room := &r.room
	return []any{
		(*int64)(&room.ID), (*string)(&room.Kind), &room.Name, &room.Topic, &r.members, (*string)(&room.PostPolicy),
		&room.LastSeq, &room.LastRev, &room.MetaRev, &room.MemberRev, &r.retained, &r.archived,
	}
}

func (r *roomRow) value() chat.Room {
	r.room.MembersCount, r.room.RetentionDays = int(r.members), int(r.retained)
	r.room.ArchivedAt = toTime(r.archived)
	return r.room
}

func (t *Tx) room(query string, args ...any) (chat.Room, error) {
	var r roomRow
	if err := t.row(query, args, r.dest()...); err != nil {
		return chat.Room{}, err
	}
	return r.value(), nil
}

// Room implements chat.RoomTx.
func (t *Tx) Room(id chat.ID) (chat.Room, error) {
	return t.room(`SELECT `+roomColumns+` FROM rooms r WHERE r.id = $1`, int64(id))
}

// OpenRoomByName implements chat.RoomTx.
func (t *Tx) OpenRoomByName(key string) (chat.Room, error) {
	return t.room(`SELECT `+roomColumns+` FROM rooms r
		WHERE r.name_key = $1 AND r.kind IN ('everyone', 'public') AND r.archived_at IS NULL`, key)
}

// PrivateRoomByName implements chat.RoomTx.
func (t *Tx) PrivateRoomByName(member chat.ID, key string) (chat.Room, error) {
	return t.room(`SELECT `+roomColumns+` FROM members m JOIN rooms r ON r.id = m.room_id
		WHERE m.user_id = $1 AND m.left_at IS NULL AND r.name_key = $2 AND r.kind = 'private'
		ORDER BY m.room_id LIMIT 1`, int64(member), key)
}

// DMRoom implements chat.RoomTx.
func (t *Tx) DMRoom(key string) (chat.Room, error) {
	return t.room(`SELECT `+roomColumns+` FROM rooms r WHERE r.dm_key = $1`, key)
}

// InsertRoom implements chat.RoomTx.
func (t *Tx) InsertRoom(r chat.NewRoom) error {
	return t.exec(`INSERT INTO rooms (id, kind, name, topic, name_key, dm_key, post_policy, members_count,
			last_seq, last_rev, meta_rev, member_rev, created_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		int64(r.ID), string(r.Kind), orNull(r.Name), orNull(r.Topic), orNull(r.NameKey), orNull(r.DMKey), string(r.PostPolicy),
		int64(r.MembersCount), r.LastSeq, r.LastRev, r.MetaRev, r.MemberRev, idOrNull(r.CreatedBy), r.CreatedAt.UnixMilli())
}

// NextMessage implements chat.RoomTx. It does not ask for what it knows: RETURNING costs SQLite a table of its own.
func (t *Tx) NextMessage(room chat.Room) (seq, rev int64, err error) {
	seq, rev = room.LastSeq+1, room.LastRev+1
	return seq, rev, t.exec(`UPDATE rooms SET last_seq = $2, last_rev = $3 WHERE id = $1 AND last_rev = $3 - 1`, int64(room.ID), seq, rev)
}

// NextChange implements chat.RoomTx.
func (t *Tx) NextChange(room chat.ID) (rev int64, err error) {
	err = t.row(`UPDATE rooms SET last_rev = last_rev + 1 WHERE id = $1 RETURNING last_rev`, []any{int64(room)}, &rev)
	return rev, err
}

// NextMembership implements chat.RoomTx.
func (t *Tx) NextMembership(room chat.ID, joined int) (chat.Room, error) {
	err := t.exec(`UPDATE rooms SET last_rev = last_rev + 1, member_rev = last_rev + 1, members_count = members_count + $2
		WHERE id = $1`, int64(room), int64(joined))
	if err != nil {
		return chat.Room{}, err
	}
	return t.Room(room)
}

// UpdateRoom implements chat.RoomTx.
func (t *Tx) UpdateRoom(r chat.Room, nameKey string) (chat.Room, error) {
	var retained any
	if r.RetentionDays > 0 {
		retained = int64(r.RetentionDays)
	}
	err := t.exec(`UPDATE rooms SET last_rev = last_rev + 1, meta_rev = last_rev + 1,
			name = $2, name_key = $3, topic = $4, post_policy = $5, retention_days = $6, archived_at = $7
		WHERE id = $1`,
		int64(r.ID), orNull(r.Name), orNull(nameKey), orNull(r.Topic), string(r.PostPolicy), retained, fromTime(r.ArchivedAt))
	if err != nil {
		return chat.Room{}, err
	}
	return t.Room(r.ID)
}

// RetainingRooms implements chat.RoomTx.
func (t *Tx) RetainingRooms() ([]chat.Room, error) {
	return list(t, scanRoom, `SELECT `+roomColumns+` FROM rooms r WHERE r.retention_days > 0`)
}

func scanRoom(rows Rows) (chat.Room, error) {
	var r roomRow
	err := rows.Scan(r.dest()...)
	return r.value(), err
}

// ListRooms implements chat.RoomTx.
func (t *Tx) ListRooms(user chat.ID, query, after string, limit int) ([]chat.ListedRoom, error) {
	return list(t, scanListedRoom, `SELECT `+roomColumns+`, COALESCE(m.user_id, 0)
		FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $1 AND m.left_at IS NULL
		WHERE r.kind IN ('everyone', 'public') AND r.archived_at IS NULL AND r.name_key > $2 AND r.name_key LIKE $3 ESCAPE '\'
		ORDER BY r.name_key LIMIT $4`, int64(user), after, containing(query), int64(limit))
}

func scanListedRoom(rows Rows) (chat.ListedRoom, error) {
	var r roomRow
	var joined int64
	err := rows.Scan(append(r.dest(), &joined)...)
	return chat.ListedRoom{Room: r.value(), Joined: joined != 0}, err
}
