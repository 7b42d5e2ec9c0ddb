package store

import (
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/chat"
)

// UpdateMessage implements chat.MessageTx.
func (t *Tx) UpdateMessage(m chat.Message) error {
	files, err := formatFiles(m.Files)
	if err != nil {
		return err
	}
	reactions, err := formatReactions(m.Reactions)
	if err != nil {
		return err
	}
	var body any
	if !m.Deleted() {
		body = m.Body
	}
	return t.exec(`UPDATE messages SET rev = $3, body = $4, mentions = $5, files = $6, reactions = $7,
			edited_at = $8, pinned_at = $9, deleted_at = $10, replies = $11
		WHERE room_id = $1 AND seq = $2`,
		int64(m.Room), m.Seq, m.Rev, body, orNull(formatMentions(m.Mentions)), orNull(files), orNull(reactions),
		fromTime(m.EditedAt), fromTime(m.PinnedAt), fromTime(m.DeletedAt), numberOrNull(int64(m.Replies)))
}

// KeepEdit implements chat.MessageTx.
func (t *Tx) KeepEdit(before chat.Message, at time.Time) error {
	return t.exec(`INSERT INTO edits (room_id, seq, rev, body, at) VALUES ($1, $2, $3, $4, $5)`,
		int64(before.Room), before.Seq, before.Rev, before.Body, at.UnixMilli())
}

// Edits implements chat.MessageTx.
func (t *Tx) Edits(room chat.ID, seq int64) ([]chat.Edit, error) {
	return list(t, scanEdit, `SELECT body, at FROM edits WHERE room_id = $1 AND seq = $2 ORDER BY rev`, int64(room), seq)
}

func scanEdit(rows Rows) (chat.Edit, error) {
	var edit chat.Edit
	var at int64
	err := rows.Scan(&edit.Body, &at)
	edit.At = toTime(at)
	return edit, err
}

// TrimEdits implements chat.MessageTx.
func (t *Tx) TrimEdits(room chat.ID, seq int64, most int) error {
	_, err := t.conn.Exec(`DELETE FROM edits WHERE room_id = $1 AND seq = $2 AND rev <=
		(SELECT rev FROM edits WHERE room_id = $1 AND seq = $2 ORDER BY rev DESC LIMIT 1 OFFSET $3)`, int64(room), seq, int64(most))
	return err
}

// DeleteEdits implements chat.MessageTx.
func (t *Tx) DeleteEdits(room chat.ID, seq int64) error {
	_, err := t.conn.Exec(`DELETE FROM edits WHERE room_id = $1 AND seq = $2`, int64(room), seq)
	return err
}

// fileJSON is a file in the column files of a message.
type fileJSON struct {
	ID     chat.ID `json:"id"`
	Name   string  `json:"name"`
	MIME   string  `json:"mime"`
	Bytes  int64   `json:"bytes"`
	Width  int     `json:"width,omitempty"`
	Height int     `json:"height,omitempty"`
	Alt    string  `json:"alt,omitempty"`
}

func formatFiles(files []chat.File) (string, error) {
	if len(files) == 0 {
		return "", nil
	}
	column := make([]fileJSON, len(files))
	for i, file := range files {
		column[i] = fileJSON(file)
	}
	return formatJSON(column)
}

func parseFiles(column string) ([]chat.File, error) {
	if column == "" {
		return nil, nil
	}
	var stored []fileJSON
	if err := json.Unmarshal([]byte(column), &stored); err != nil {
		return nil, fmt.Errorf("read the files of a message: %w", err)
	}
	files := make([]chat.File, len(stored))
	for i, file := range stored {
		files[i] = chat.File(file)
	}
	return files, nil
}

// reactionJSON is a kind of reaction in the column reactions of a message.
type reactionJSON struct {
	Emoji string    `json:"emoji"`
	Users []chat.ID `json:"users"`
}

func formatReactions(reactions []chat.Reaction) (string, error) {
	if len(reactions) == 0 {
		return "", nil
	}
	column := make([]reactionJSON, len(reactions))
	for i, reaction := range reactions {
		column[i] = reactionJSON(reaction)
	}
	return formatJSON(column)
}

func parseReactions(column string) ([]chat.Reaction, error) {
	if column == "" {
		return nil, nil
	}
	var stored []reactionJSON
	if err := json.Unmarshal([]byte(column), &stored); err != nil {
		return nil, fmt.Errorf("read the reactions to a message: %w", err)
	}
	reactions := make([]chat.Reaction, len(stored))
	for i, reaction := range stored {
		reactions[i] = chat.Reaction(reaction)
	}
	return reactions, nil
}

func formatJSON(column any) (string, error) {
	text, err := json.Marshal(column)
	if err != nil {
		return "", fmt.Errorf("write a column of a message: %w", err)
	}
	return string(text), nil
}
