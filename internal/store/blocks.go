package store

import (
	"time"

	"parley/internal/chat"
)

// SetBlock implements chat.BlockTx.
func (t *Tx) SetBlock(user, blocked chat.ID, at time.Time) error {
	_, err := t.conn.Exec(`INSERT INTO blocks (user_id, blocked_id, created_at) VALUES ($1, $2, $3)
		ON CONFLICT (user_id, blocked_id) DO NOTHING`, int64(user), int64(blocked), at.UnixMilli())
	return err
}

// DeleteBlock implements chat.BlockTx.
func (t *Tx) DeleteBlock(user, blocked chat.ID) error {
	_, err := t.conn.Exec(`DELETE FROM blocks WHERE user_id = $1 AND blocked_id = $2`, int64(user), int64(blocked))
	return err
}

// Blocks implements chat.BlockTx.
func (t *Tx) Blocks(user, blocked chat.ID) (bool, error) {
	return t.exists(`SELECT 1 FROM blocks WHERE user_id = $1 AND blocked_id = $2`, int64(user), int64(blocked))
}

// Blockers implements chat.BlockTx.
func (t *Tx) Blockers(blocked chat.ID) ([]chat.ID, error) {
	return list(t, scanID, `SELECT user_id FROM blocks WHERE blocked_id = $1 ORDER BY user_id`, int64(blocked))
}

// BlockedIn implements chat.BlockTx.
func (t *Tx) BlockedIn(room, user chat.ID) (bool, error) {
	return t.exists(`SELECT 1 FROM members m WHERE m.room_id = $1 AND m.left_at IS NULL AND (
			EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = m.user_id AND b.blocked_id = $2)
			OR EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = $2 AND b.blocked_id = m.user_id))
		LIMIT 1`, int64(room), int64(user))
}
