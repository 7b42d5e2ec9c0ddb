package store

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"parley/internal/chat"
)

// settingIndexed is the last position that the search index knows.
const settingIndexed = "search_indexed"

// ForgetIndexed makes the chat tell the search index of all messages anew when it starts.
func ForgetIndexed(c Conn) error {
	_, err := c.Exec(`DELETE FROM meta WHERE key = $1`, settingIndexed)
	return err
}

func (t *Tx) indexed() (int64, error) {
	value, err := t.Setting(settingIndexed)
	if errors.Is(err, chat.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(value, 10, 64)
}

// Unindexed implements chat.SearchTx. Every send pays for it, so it reads no more than it must.
func (t *Tx) Unindexed(limit int) ([]chat.Indexed, error) {
	after, err := t.indexed()
	if err != nil {
		return nil, err
	}
	return t.indexable(after, limit)
}

// indexable is messages after a position, by position.
func (t *Tx) indexable(after int64, limit int) ([]chat.Indexed, error) {
	return list(t, scanIndexable, `SELECT x.pos, r.kind, x.room_id, x.seq, x.author_id, x.kind, COALESCE(x.body, ''),
			COALESCE(x.mentions, ''), COALESCE(x.files, ''), COALESCE(x.deleted_at, 0)
		FROM messages x JOIN rooms r ON r.id = x.room_id
		WHERE x.pos > $1 ORDER BY x.pos LIMIT $2`, after, int64(limit))
}

func scanIndexable(rows Rows) (chat.Indexed, error) {
	var one chat.Indexed
	var r messageRow
	m := &r.message
	err := rows.Scan(&one.Pos, (*string)(&one.Kind), (*int64)(&m.Room), &m.Seq, (*int64)(&m.Author.ID), (*string)(&m.Kind), &m.Body,
		&r.mentions, &r.files, &r.deleted)
	if err != nil {
		return chat.Indexed{}, err
	}
	one.Message, err = r.value()
	return one, err
}

// Index implements chat.SearchTx.
func (t *Tx) Index(texts []chat.IndexText) error {
	if len(texts) == 0 {
		return nil
	}
	found := make([]chat.IndexText, 0, len(texts))
	for _, one := range texts {
		if one.Text != "" {
			found = append(found, one)
		}
	}
	if err := t.conn.Dialect().AddTexts(t.conn, found); err != nil {
		return err
	}
	return t.SetSetting(settingIndexed, strconv.FormatInt(texts[len(texts)-1].Pos, 10))
}

// Reindex implements chat.SearchTx.
func (t *Tx) Reindex(room chat.ID, seq int64, text string) error {
	var pos int64
	if err := t.row(`SELECT pos FROM messages WHERE room_id = $1 AND seq = $2`, []any{int64(room), seq}, &pos); err != nil {
		return err
	}
	known, err := t.indexed()
	if err != nil || pos > known {
		return err
	}
	if _, err := t.conn.Exec(t.conn.Dialect().DropText, pos); err != nil {
		return err
	}
	if text == "" {
		return nil
	}
	return t.conn.Dialect().AddTexts(t.conn, []chat.IndexText{{Pos: pos, Text: text}})
}

// Search implements chat.SearchTx.
func (t *Tx) Search(q chat.SearchQuery) ([]chat.Indexed, error) {
	dialect := t.conn.Dialect()
	found, err := list(t, scanFound, `SELECT x.pos, `+messageColumns+`
		FROM `+dialect.Found+` JOIN users u ON u.id = x.author_id
		WHERE x.deleted_at IS NULL`, dialect.Match(q), q.From, q.Below, int64(q.Limit))
	slices.SortFunc(found, func(a, b chat.Indexed) int { return int(b.Pos - a.Pos) })
	return found, err
}

func scanFound(rows Rows) (chat.Indexed, error) {
	var one chat.Indexed
	var r messageRow
	if err := rows.Scan(append([]any{&one.Pos}, r.dest()...)...); err != nil {
		return chat.Indexed{}, err
	}
	var err error
	one.Message, err = r.value()
	return one, err
}

// LastPos implements chat.SearchTx.
func (t *Tx) LastPos() (int64, error) {
	var last int64
	err := t.row(`SELECT COALESCE(MAX(pos), 0) FROM messages`, nil, &last)
	return last, err
}

// PosAt implements chat.SearchTx. Messages are stored in the order of time, so it halves the span in which the place is.
func (t *Tx) PosAt(at time.Time) (int64, error) {
	last, err := t.LastPos()
	if err != nil {
		return 0, err
	}
	low, high := int64(1), last+1
	for low < high {
		middle := low + (high-low)/2
		var pos, created int64
		err := t.row(`SELECT pos, created_at FROM messages WHERE pos >= $1 ORDER BY pos LIMIT 1`, []any{middle}, &pos, &created)
		if err != nil {
			return 0, fmt.Errorf("read the time of a message: %w", err)
		}
		if created < at.UnixMilli() {
			low = pos + 1
		} else {
			high = middle
		}
	}
	return low, nil
}
