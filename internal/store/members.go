package store

import (
	"time"

	"parley/internal/chat"
)

const memberColumns = `COALESCE(m.user_id, 0), COALESCE(m.role, ''), COALESCE(m.notify, ''), COALESCE(m.muted_until, 0),
	COALESCE(m.read_seq, 0), COALESCE(m.delivered_seq, 0), COALESCE(m.left_at, 0)`

// memberRow receives memberColumns.
type memberRow struct {
	member      chat.Member
	muted, left int64
}

func (r *memberRow) dest() []any {
	m := &r.member
	return []any{(*int64)(&m.User), (*string)(&m.Role), (*string)(&m.Notify), &r.muted, &m.ReadSeq, &m.DeliveredSeq, &r.left}
}

func (r *memberRow) value(room chat.ID) chat.Member {
	r.member.Room = room
	r.member.MutedUntil, r.member.LeftAt = toTime(r.muted), toTime(r.left)
	return r.member
}

// RoomFor implements chat.MemberTx.
func (t *Tx) RoomFor(user, room chat.ID) (chat.Room, chat.Member, error) {
	var r roomRow
	var m memberRow
	err := t.row(`SELECT `+roomColumns+`, `+memberColumns+`
		FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $2 WHERE r.id = $1`,
		[]any{int64(room), int64(user)}, append(r.dest(), m.dest()...)...)
	if err != nil {
		return chat.Room{}, chat.Member{}, err
	}
	return r.value(), m.value(room), nil
}

// PutMember implements chat.MemberTx.
func (t *Tx) PutMember(m chat.Member, joined time.Time) error {
	return t.exec(`INSERT INTO members (room_id, user_id, role, notify, muted_until, read_seq, joined_at, left_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (room_id, user_id) DO UPDATE SET role = excluded.role, notify = excluded.notify,
			muted_until = excluded.muted_until, read_seq = excluded.read_seq, joined_at = excluded.joined_at, left_at = excluded.left_at`,
		int64(m.Room), int64(m.User), string(m.Role), string(m.Notify), fromTime(m.MutedUntil), m.ReadSeq,
		joined.UnixMilli(), fromTime(m.LeftAt))
}

// SetLeft implements chat.MemberTx.
func (t *Tx) SetLeft(room, user chat.ID, at time.Time) error {
	return t.exec(`UPDATE members SET left_at = $3 WHERE room_id = $1 AND user_id = $2 AND left_at IS NULL`,
		int64(room), int64(user), at.UnixMilli())
}

// SetReadSeq implements chat.MemberTx. One's own messages are all read until the mark goes back: own_seq remembers from where.
func (t *Tx) SetReadSeq(room, user chat.ID, seq int64, at time.Time) error {
	return t.exec(`UPDATE members SET read_seq = $3, own_seq = CASE WHEN $3 < read_seq AND own_seq < read_seq THEN read_seq ELSE own_seq END,
			seen_seq = CASE WHEN seen_seq < $3 THEN $3 ELSE seen_seq END, seen_at = CASE WHEN seen_seq < $3 THEN $4 ELSE seen_at END
		WHERE room_id = $1 AND user_id = $2`, int64(room), int64(user), seq, at.UnixMilli())
}

// SetDelivered implements chat.MemberTx.
func (t *Tx) SetDelivered(room, user chat.ID, seq int64) error {
	return t.exec(`UPDATE members SET delivered_seq = $3 WHERE room_id = $1 AND user_id = $2`, int64(room), int64(user), seq)
}

// SetMemberRole implements chat.MemberTx.
func (t *Tx) SetMemberRole(room, user chat.ID, role chat.MemberRole) error {
	return t.exec(`UPDATE members SET role = $3 WHERE room_id = $1 AND user_id = $2`, int64(room), int64(user), string(role))
}

// SetNotify implements chat.MemberTx.
func (t *Tx) SetNotify(room, user chat.ID, level chat.NotifyLevel, mutedUntil time.Time) error {
	return t.exec(`UPDATE members SET notify = $3, muted_until = $4 WHERE room_id = $1 AND user_id = $2`,
		int64(room), int64(user), string(level), fromTime(mutedUntil))
}

// MemberByName implements chat.MemberTx.
func (t *Tx) MemberByName(room chat.ID, name string) (chat.ID, error) {
	var id int64
	err := t.row(`SELECT m.user_id FROM users u JOIN members m ON m.room_id = $1 AND m.user_id = u.id
		WHERE u.name = $2 AND u.erased_at IS NULL AND m.left_at IS NULL`, []any{int64(room), name}, &id)
	return chat.ID(id), err
}

// Members implements chat.MemberTx.
func (t *Tx) Members(room, after chat.ID, limit int) ([]chat.RoomMember, error) {
	return list(t, scanRoomMember, `SELECT u.id, u.name, u.display_name, m.role
		FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.room_id = $1 AND m.user_id > $2 AND m.left_at IS NULL ORDER BY m.user_id LIMIT $3`,
		int64(room), int64(after), int64(limit))
}

func scanRoomMember(rows Rows) (chat.RoomMember, error) {
	var m chat.RoomMember
	err := rows.Scan((*int64)(&m.User.ID), &m.User.Name, &m.User.DisplayName, (*string)(&m.Role))
	return m, err
}

const readerColumns = userColumns + `, m.delivered_seq, m.seen_seq, COALESCE(m.seen_at, 0), m.joined_at`

// Readers implements chat.MemberTx.
func (t *Tx) Readers(room chat.ID, limit int) ([]chat.Reader, error) {
	return list(t, func(rows Rows) (chat.Reader, error) { return scanReader(rows) }, `SELECT `+readerColumns+`
		FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.room_id = $1 AND m.left_at IS NULL ORDER BY m.user_id LIMIT $2`, int64(room), int64(limit))
}

// scanReader reads readerColumns and what else a statement asks for.
func scanReader(rows Rows, more ...any) (chat.Reader, error) {
	var r userRow
	var reader chat.Reader
	var seen, joined int64
	if err := rows.Scan(append(append(r.dest(), &reader.Delivered, &reader.Seen, &seen, &joined), more...)...); err != nil {
		return chat.Reader{}, err
	}
	reader.User, reader.SeenAt, reader.JoinedAt = r.value(), toTime(seen), toTime(joined)
	return reader, nil
}

// OtherOwner implements chat.MemberTx.
func (t *Tx) OtherOwner(room, user chat.ID) (bool, error) {
	return t.exists(`SELECT 1 FROM members WHERE room_id = $1 AND user_id <> $2 AND role = 'owner' AND left_at IS NULL LIMIT 1`,
		int64(room), int64(user))
}

// RoomIDs implements chat.MemberTx.
func (t *Tx) RoomIDs(user chat.ID) ([]chat.ID, error) {
	return list(t, scanID, `SELECT room_id FROM members WHERE user_id = $1 AND left_at IS NULL ORDER BY room_id`, int64(user))
}

// ClosedRoomIDs implements chat.MemberTx.
func (t *Tx) ClosedRoomIDs(user chat.ID) ([]chat.ID, error) {
	return list(t, scanID, `SELECT m.room_id FROM members m JOIN rooms r ON r.id = m.room_id
		WHERE m.user_id = $1 AND m.left_at IS NULL AND r.kind IN ('private', 'dm') ORDER BY m.room_id`, int64(user))
}

func scanID(rows Rows) (chat.ID, error) {
	var id int64
	err := rows.Scan(&id)
	return chat.ID(id), err
}
