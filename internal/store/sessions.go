package store

import (
	"time"

	"parley/internal/chat"
)

const sessionColumns = `s.id, s.user_id, s.kind, s.user_agent, s.ip, s.created_at, s.seen_at, s.expires_at, COALESCE(s.revoked_at, 0)`

// The kinds of session: a browser's, with its token in a cookie, and all others.
const (
	sessionWeb = "web"
	sessionAPI = "api"
)

// sessionRow receives sessionColumns.
type sessionRow struct {
	session                         chat.SessionRecord
	kind                            string
	created, seen, expires, revoked int64
}

func (r *sessionRow) dest() []any {
	s := &r.session
	return []any{(*int64)(&s.ID), (*int64)(&s.User), &r.kind, &s.Client, &s.Address, &r.created, &r.seen, &r.expires, &r.revoked}
}

func (r *sessionRow) value() chat.SessionRecord {
	r.session.Cookie = r.kind == sessionWeb
	r.session.CreatedAt, r.session.SeenAt = toTime(r.created), toTime(r.seen)
	r.session.ExpiresAt, r.session.RevokedAt = toTime(r.expires), toTime(r.revoked)
	return r.session
}

func scanSession(rows Rows) (chat.SessionRecord, error) {
	var r sessionRow
	err := rows.Scan(r.dest()...)
	return r.value(), err
}

// InsertSession implements chat.SessionTx.
func (t *Tx) InsertSession(s chat.SessionRecord) error {
	kind := sessionAPI
	if s.Cookie {
		kind = sessionWeb
	}
	return t.exec(`INSERT INTO sessions (id, user_id, token_hash, kind, user_agent, ip, created_at, seen_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		int64(s.ID), int64(s.User), s.TokenHash, kind, s.Client, s.Address,
		s.CreatedAt.UnixMilli(), s.SeenAt.UnixMilli(), s.ExpiresAt.UnixMilli())
}

// SessionByToken implements chat.SessionTx.
func (t *Tx) SessionByToken(hash []byte) (chat.SessionRecord, chat.User, error) {
	var s sessionRow
	var u userRow
	err := t.row(`SELECT `+sessionColumns+`, `+userColumns+`
		FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1`, []any{hash}, append(s.dest(), u.dest()...)...)
	if err != nil {
		return chat.SessionRecord{}, chat.User{}, err
	}
	return s.value(), u.value(), nil
}

// Actor implements chat.SessionTx. Each write asks it first, so it reads no more than it must.
func (t *Tx) Actor(session chat.ID) (chat.Actor, error) {
	var a chat.Actor
	var expires, over int64
	err := t.row(`SELECT u.id, u.name, u.display_name, s.expires_at, COALESCE(s.revoked_at, u.disabled_at, 0)
		FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1`, []any{int64(session)},
		(*int64)(&a.ID), &a.Name, &a.DisplayName, &expires, &over)
	a.ExpiresAt, a.Over = toTime(expires), over != 0
	return a, err
}

// ExtendSession implements chat.SessionTx.
func (t *Tx) ExtendSession(id chat.ID, seen, expires time.Time) error {
	return t.exec(`UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE id = $1`, int64(id), seen.UnixMilli(), expires.UnixMilli())
}

// SessionsOf implements chat.SessionTx.
func (t *Tx) SessionsOf(user chat.ID, now time.Time) ([]chat.SessionRecord, error) {
	return list(t, scanSession, `SELECT `+sessionColumns+` FROM sessions s
		WHERE s.user_id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 ORDER BY s.user_id, s.id DESC`, int64(user), now.UnixMilli())
}

// RevokeSession implements chat.SessionTx.
func (t *Tx) RevokeSession(id chat.ID, at time.Time) error {
	_, err := t.conn.Exec(`UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL`, int64(id), at.UnixMilli())
	return err
}

// RevokeSessionsOf implements chat.SessionTx.
func (t *Tx) RevokeSessionsOf(user chat.ID, at time.Time) error {
	_, err := t.conn.Exec(`UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL`, int64(user), at.UnixMilli())
	return err
}

// DropSessions implements chat.SessionTx.
func (t *Tx) DropSessions(before time.Time, limit int) (int, error) {
	dropped, err := t.conn.Exec(`DELETE FROM sessions WHERE id IN (SELECT id FROM sessions
		WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`, before.UnixMilli(), int64(limit))
	return int(dropped), err
}
