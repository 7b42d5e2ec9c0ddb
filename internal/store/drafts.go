package store

import (
	"time"

	"parley/internal/chat"
)

// SetDraft implements chat.DraftTx.
func (t *Tx) SetDraft(user chat.ID, d chat.Draft, at time.Time) (bool, error) {
	if d.Body == "" {
		changed, err := t.conn.Exec(`DELETE FROM drafts WHERE user_id = $1 AND room_id = $2`, int64(user), int64(d.Room))
		return changed > 0, err
	}
	changed, err := t.conn.Exec(`INSERT INTO drafts (user_id, room_id, body, updated_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id, room_id) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at
		WHERE drafts.body <> excluded.body`, int64(user), int64(d.Room), d.Body, at.UnixMilli())
	return changed > 0, err
}

// Drafts implements chat.DraftTx.
func (t *Tx) Drafts(user chat.ID) ([]chat.Draft, error) {
	return list(t, scanDraft, `SELECT d.room_id, d.body FROM drafts d
		JOIN members m ON m.room_id = d.room_id AND m.user_id = d.user_id
		WHERE d.user_id = $1 AND m.left_at IS NULL ORDER BY d.room_id`, int64(user))
}

func scanDraft(rows Rows) (chat.Draft, error) {
	var d chat.Draft
	err := rows.Scan((*int64)(&d.Room), &d.Body)
	return d, err
}

// DropDrafts implements chat.DraftTx.
func (t *Tx) DropDrafts(before time.Time, limit int) (int, error) {
	dropped, err := t.conn.Exec(`DELETE FROM drafts WHERE (user_id, room_id) IN (SELECT user_id, room_id FROM drafts
		WHERE updated_at < $1 ORDER BY updated_at LIMIT $2)`, before.UnixMilli(), int64(limit))
	return int(dropped), err
}
