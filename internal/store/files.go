package store

import (
	"time"

	"parley/internal/chat"
)

// InsertFile implements chat.FileTx.
func (t *Tx) InsertFile(owner chat.ID, f chat.File, at time.Time) error {
	return t.exec(`INSERT INTO files (id, owner_id, name, mime, bytes, width, height, alt, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		int64(f.ID), int64(owner), f.Name, f.MIME, f.Bytes, int64(f.Width), int64(f.Height), f.Alt, at.UnixMilli())
}

// File implements chat.FileTx.
func (t *Tx) File(id chat.ID) (chat.StoredFile, error) {
	var f chat.StoredFile
	var width, height int64
	err := t.row(`SELECT id, owner_id, COALESCE(room_id, 0), COALESCE(avatar_of, 0), name, mime, bytes, width, height, alt
		FROM files WHERE id = $1 AND gone_at IS NULL`, []any{int64(id)},
		(*int64)(&f.ID), (*int64)(&f.Owner), (*int64)(&f.Room), (*int64)(&f.AvatarOf), &f.Name, &f.MIME, &f.Bytes, &width, &height, &f.Alt)
	f.Width, f.Height = int(width), int(height)
	return f, err
}

// SendFile implements chat.FileTx.
func (t *Tx) SendFile(id, room chat.ID, seq int64) error {
	return t.exec(`UPDATE files SET room_id = $2, seq = $3 WHERE id = $1`, int64(id), int64(room), seq)
}

// ShowFile implements chat.FileTx.
func (t *Tx) ShowFile(id, user chat.ID) error {
	return t.exec(`UPDATE files SET avatar_of = $2 WHERE id = $1`, int64(id), int64(user))
}

// DropFile implements chat.FileTx.
func (t *Tx) DropFile(id chat.ID, at time.Time) error {
	return t.exec(`UPDATE files SET gone_at = $2 WHERE id = $1`, int64(id), at.UnixMilli())
}

// DropFilesOf implements chat.FileTx.
func (t *Tx) DropFilesOf(room chat.ID, seq int64, at time.Time) error {
	_, err := t.conn.Exec(`UPDATE files SET gone_at = $3 WHERE room_id = $1 AND seq = $2`, int64(room), seq, at.UnixMilli())
	return err
}

// DropLooseFiles implements chat.FileTx.
func (t *Tx) DropLooseFiles(before, at time.Time, limit int) (int, error) {
	dropped, err := t.conn.Exec(`UPDATE files SET gone_at = $2 WHERE id IN (SELECT id FROM files
		WHERE created_at < $1 AND room_id IS NULL AND avatar_of IS NULL AND gone_at IS NULL ORDER BY created_at LIMIT $3)`,
		before.UnixMilli(), at.UnixMilli(), int64(limit))
	return int(dropped), err
}

// GoneFiles implements chat.FileTx.
func (t *Tx) GoneFiles(limit int) ([]chat.ID, error) {
	return list(t, scanID, `SELECT id FROM files WHERE gone_at IS NOT NULL ORDER BY gone_at LIMIT $1`, int64(limit))
}

// DeleteFile implements chat.FileTx.
func (t *Tx) DeleteFile(id chat.ID) error {
	_, err := t.conn.Exec(`DELETE FROM files WHERE id = $1 AND gone_at IS NOT NULL`, int64(id))
	return err
}
