package store

import (
	"fmt"
	"slices"
	"strings"

	"parley/internal/chat"
)

const messageColumns = `x.id, x.room_id, x.seq, x.rev, x.kind, COALESCE(x.body, ''), x.cid, COALESCE(x.reply_to, 0),
	COALESCE(x.thread, 0), COALESCE(x.replies, 0), COALESCE(x.mentions, ''),
	COALESCE(x.files, ''), COALESCE(x.reactions, ''), x.created_at, COALESCE(x.edited_at, 0), COALESCE(x.pinned_at, 0),
	COALESCE(x.deleted_at, 0), u.id, u.name, u.display_name`

// messageRow receives messageColumns.
type messageRow struct {
	message                          chat.Message
	mentions, files, reactions       string
	replies                          int64
	created, edited, pinned, deleted int64
}

func (r *messageRow) dest() []any {
	m := &r.message
	return []any{
		(*int64)(&m.ID), (*int64)(&m.Room), &m.Seq, &m.Rev, (*string)(&m.Kind), &m.Body, &m.CID, &m.ReplyTo,
		&m.Thread, &r.replies, &r.mentions, &r.files, &r.reactions, &r.created, &r.edited, &r.pinned, &r.deleted, (*int64)(&m.Author.ID), &m.Author.Name, &m.Author.DisplayName,
	}
}

func (r *messageRow) value() (chat.Message, error) {
	m := &r.message
	m.Replies = int(r.replies)
	m.CreatedAt, m.EditedAt = toTime(r.created), toTime(r.edited)
	m.PinnedAt, m.DeletedAt = toTime(r.pinned), toTime(r.deleted)
	var err error
	if m.Mentions, err = parseMentions(r.mentions); err != nil {
		return *m, err
	}
	if m.Files, err = parseFiles(r.files); err != nil {
		return *m, err
	}
	m.Reactions, err = parseReactions(r.reactions)
	return *m, err
}

func scanMessage(rows Rows) (chat.Message, error) {
	var r messageRow
	if err := rows.Scan(r.dest()...); err != nil {
		return chat.Message{}, err
	}
	return r.value()
}

// mentionedEveryone stands for everyone in the column mentions.
const mentionedEveryone = "everyone"

func formatMentions(m chat.Mentions) string {
	words := make([]string, 0, len(m.Users)+1)
	for _, id := range m.Users {
		words = append(words, id.String())
	}
	if m.Everyone {
		words = append(words, mentionedEveryone)
	}
	return strings.Join(words, " ")
}

func parseMentions(column string) (chat.Mentions, error) {
	var m chat.Mentions
	for word := range strings.FieldsSeq(column) {
		if word == mentionedEveryone {
			m.Everyone = true
			continue
		}
		id, ok := chat.ParseID(word)
		if !ok {
			return chat.Mentions{}, fmt.Errorf("a message mentions %q", word)
		}
		m.Users = append(m.Users, id)
	}
	return m, nil
}

// InsertMessage implements chat.MessageTx.
func (t *Tx) InsertMessage(m chat.Message, body, target int64) error {
	files, err := formatFiles(m.Files)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO messages (id, room_id, seq, rev, author_id, cid, sent_body, sent_to, kind, body, reply_to, thread, mentions, files, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		int64(m.ID), int64(m.Room), m.Seq, m.Rev, int64(m.Author.ID), m.CID, body, target, string(m.Kind), m.Body,
		numberOrNull(m.ReplyTo), numberOrNull(m.Thread), orNull(formatMentions(m.Mentions)), orNull(files), m.CreatedAt.UnixMilli())
}

// MessageAt implements chat.MessageTx.
func (t *Tx) MessageAt(room chat.ID, seq int64) (chat.Message, error) {
	var r messageRow
	err := t.row(`SELECT `+messageColumns+` FROM messages x JOIN users u ON u.id = x.author_id
		WHERE x.room_id = $1 AND x.seq = $2`, []any{int64(room), seq}, r.dest()...)
	if err != nil {
		return chat.Message{}, err
	}
	return r.value()
}

// FirstSent implements chat.MessageTx.
func (t *Tx) FirstSent(author chat.ID, cid string) (chat.Sent, error) {
	var sent chat.Sent
	err := t.row(`SELECT sent_body, sent_to, room_id, seq FROM messages WHERE author_id = $1 AND cid = $2`,
		[]any{int64(author), cid}, &sent.Body, &sent.Target, (*int64)(&sent.Room), &sent.Seq)
	return sent, err
}

// Messages implements chat.MessageTx.
func (t *Tx) Messages(room chat.ID, span chat.Span) ([]chat.Message, error) {
	query := `SELECT ` + messageColumns + ` FROM messages x JOIN users u ON u.id = x.author_id
		WHERE x.room_id = $1 AND x.seq > $2 AND x.seq < $3 ORDER BY x.seq LIMIT $4`
	if span.Newest {
		query = `SELECT ` + messageColumns + ` FROM messages x JOIN users u ON u.id = x.author_id
		WHERE x.room_id = $1 AND x.seq > $2 AND x.seq < $3 ORDER BY x.seq DESC LIMIT $4`
	}
	messages, err := list(t, scanMessage, query, int64(room), span.After, span.Before, int64(span.Limit))
	if span.Newest {
		slices.Reverse(messages)
	}
	return messages, err
}

// Both ask for one end of the range only: with two, SQLite takes the index of all messages of the room for as good.

// AnswersBefore implements chat.MessageTx.
func (t *Tx) AnswersBefore(room chat.ID, root, before int64, limit int) ([]chat.Message, error) {
	messages, err := list(t, scanMessage, `SELECT `+messageColumns+` FROM messages x JOIN users u ON u.id = x.author_id
		WHERE x.room_id = $1 AND x.thread = $2 AND x.seq < $3 ORDER BY x.seq DESC LIMIT $4`, int64(room), root, before, int64(limit))
	slices.Reverse(messages)
	return messages, err
}

// AnswersAfter implements chat.MessageTx.
func (t *Tx) AnswersAfter(room chat.ID, root, after int64, limit int) ([]chat.Message, error) {
	return list(t, scanMessage, `SELECT `+messageColumns+` FROM messages x JOIN users u ON u.id = x.author_id
		WHERE x.room_id = $1 AND x.thread = $2 AND x.seq > $3 ORDER BY x.seq LIMIT $4`, int64(room), root, after, int64(limit))
}

// Pinned implements chat.MessageTx.
func (t *Tx) Pinned(room chat.ID, before chat.PinMark, limit int) ([]chat.Message, error) {
	return list(t, scanMessage, `SELECT `+messageColumns+` FROM messages x JOIN users u ON u.id = x.author_id
		WHERE x.room_id = $1 AND x.pinned_at IS NOT NULL AND (x.pinned_at, x.seq) < ($2, $3) ORDER BY x.pinned_at DESC, x.seq DESC LIMIT $4`,
		int64(room), before.At.UnixMilli(), before.Seq, int64(limit))
}

// ChangedSince implements chat.MessageTx.
func (t *Tx) ChangedSince(room chat.ID, rev int64, limit int) ([]chat.Message, error) {
	return list(t, scanMessage, `SELECT `+messageColumns+` FROM messages x JOIN users u ON u.id = x.author_id
		WHERE x.room_id = $1 AND x.rev > $2 ORDER BY x.rev LIMIT $3`, int64(room), rev, int64(limit))
}

// FirstSeq implements chat.MessageTx.
func (t *Tx) FirstSeq(room chat.ID) (int64, error) {
	var first int64
	err := t.row(`SELECT COALESCE((SELECT seq FROM messages WHERE room_id = $1 ORDER BY seq LIMIT 1), 0)`, []any{int64(room)}, &first)
	return first, err
}

// InsertMention implements chat.MessageTx.
func (t *Tx) InsertMention(room chat.ID, seq int64, user chat.ID) error {
	return t.exec(`INSERT INTO mentions (user_id, room_id, seq) VALUES ($1, $2, $3)`, int64(user), int64(room), seq)
}

// DeleteMention implements chat.MessageTx.
func (t *Tx) DeleteMention(room chat.ID, seq int64, user chat.ID) error {
	return t.exec(`DELETE FROM mentions WHERE user_id = $1 AND room_id = $2 AND seq = $3`, int64(user), int64(room), seq)
}
