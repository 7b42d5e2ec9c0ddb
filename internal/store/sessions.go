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
	var s chat.SessionRecord
	var kind string
	var created, seen, expires, revoked int64
	var u userRow
	dest := []any{(*int64)(&s.ID), (*int64)(&s.User), &kind, &s.Client, &s.Address, &created, &seen, &expires, &revoked}
	err := t.row(`SELECT `+sessionColumns+`, `+userColumns+`
		FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1`, []any{hash}, append(dest, u.dest()...)...)
	if err != nil {
		return chat.SessionRecord{}, chat.User{}, err
	}
	s.Cookie = kind == sessionWeb
	s.CreatedAt, s.SeenAt, s.ExpiresAt, s.RevokedAt = toTime(created), toTime(seen), toTime(expires), toTime(revoked)
	user, err := u.value()
	return s, user, err
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
