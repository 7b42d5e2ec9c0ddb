package store

import (
	"cmp"
	"slices"

	"parley/internal/chat"
)

// Heads implements chat.MemberTx: two statements, however many rooms there are. The cross join keeps SQLite from walking
// through all that is unread in search of mentions.
func (t *Tx) Heads(user chat.ID) ([]chat.Head, error) {
	rows, err := list(t, scanHead, `SELECT `+roomColumns+`, `+memberColumns+`, m.own_seq,
			(SELECT COUNT(*) FROM messages WHERE room_id = m.room_id
				AND seq > CASE WHEN m.read_seq > r.last_seq - $2 THEN m.read_seq ELSE r.last_seq - $2 END
				AND (deleted_at IS NOT NULL OR kind = 'system')),
			(SELECT COUNT(*) FROM (SELECT DISTINCT e.seq FROM mentions e CROSS JOIN messages x
				WHERE x.room_id = e.room_id AND x.seq = e.seq AND e.user_id IN (0, m.user_id) AND e.room_id = m.room_id AND e.seq > m.read_seq
					AND x.author_id <> m.user_id AND x.kind <> 'system' AND x.deleted_at IS NULL LIMIT $2) AS named)
		FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.user_id = $1 AND m.left_at IS NULL ORDER BY m.room_id`,
		int64(user), int64(chat.CountCap))
	if err != nil {
		return nil, err
	}
	last, err := t.lastMessages(user)
	if err != nil {
		return nil, err
	}
	heads := make([]chat.Head, len(rows))
	for i, row := range rows {
		h := row.head()
		if h.Unread, err = t.unreadOf(row); err != nil {
			return nil, err
		}
		if h.Unread == 0 {
			h.Mentions = 0
		}
		h.LastMessage = last[h.Room.ID]
		heads[i] = h
	}
	return heads, nil
}

// headRow is what one statement reads of a head.
type headRow struct {
	room      chat.Room
	member    chat.Member
	own       int64 // none of the member's own messages is after this and what they have read
	uncounted int64 // of the newest unread messages, as many as are counted: those that nobody has unread
	mentions  int64
}

func scanHead(rows Rows) (headRow, error) {
	var r roomRow
	var m memberRow
	var h headRow
	err := rows.Scan(append(append(r.dest(), m.dest()...), &h.own, &h.uncounted, &h.mentions)...)
	h.room = r.value()
	h.member = m.value(h.room.ID)
	return h, err
}

func (r headRow) head() chat.Head {
	return chat.Head{
		Room: r.room, ReadSeq: r.member.ReadSeq, Mentions: int(r.mentions), Notify: r.member.Notify, MutedUntil: r.member.MutedUntil,
		Role: r.member.Role, DeliveredSeq: r.member.DeliveredSeq,
	}
}

// unreadOf counts without another statement where the row tells enough.
func (t *Tx) unreadOf(row headRow) (int, error) {
	all := max(row.room.LastSeq-row.member.ReadSeq, 0)
	looked := min(all, chat.CountCap)
	if row.own <= row.room.LastSeq-looked && (row.uncounted == 0 || looked == all) {
		return int(looked - row.uncounted), nil
	}
	return t.Unread(row.room, row.member, chat.CountCap)
}

func (t *Tx) lastMessages(user chat.ID) (map[chat.ID]*chat.Message, error) {
	messages, err := list(t, scanMessage, `SELECT `+messageColumns+` FROM members m JOIN rooms r ON r.id = m.room_id
		JOIN messages x ON x.room_id = r.id AND x.seq = r.last_seq JOIN users u ON u.id = x.author_id
		WHERE m.user_id = $1 AND m.left_at IS NULL`, int64(user))
	if err != nil {
		return nil, err
	}
	last := make(map[chat.ID]*chat.Message, len(messages))
	for i := range messages {
		last[messages[i].Room] = &messages[i]
	}
	return last, nil
}

// DirectReaders implements chat.MemberTx.
func (t *Tx) DirectReaders(user chat.ID) (map[chat.ID][]chat.Reader, error) {
	readers := make(map[chat.ID][]chat.Reader)
	_, err := list(t, func(rows Rows) (one chat.Reader, err error) {
		var room int64
		one, err = scanReader(rows, &room)
		readers[chat.ID(room)] = append(readers[chat.ID(room)], one)
		return one, err
	}, `SELECT `+readerColumns+`, m.room_id FROM members own JOIN rooms r ON r.id = own.room_id
		JOIN members m ON m.room_id = own.room_id JOIN users u ON u.id = m.user_id
		WHERE own.user_id = $1 AND own.left_at IS NULL AND r.kind = 'dm' AND m.left_at IS NULL`, int64(user))
	for _, some := range readers {
		slices.SortFunc(some, func(a, b chat.Reader) int { return cmp.Compare(a.User.ID, b.User.ID) })
	}
	return readers, err
}

// Unread implements chat.MessageTx. The places of a room are gapless, so what is unread is a length of them, less what is
// not counted: there is little of that, and it has an index. It looks at the newest first, and so is done at once where
// much is unread.
func (t *Tx) Unread(room chat.Room, member chat.Member, limit int) (int, error) {
	unread, to := int64(0), room.LastSeq
	for size := int64(limit); to > member.ReadSeq && unread < int64(limit); size *= 2 {
		from := max(member.ReadSeq, to-size)
		uncounted, err := t.uncounted(room.ID, member.User, from, to)
		if err != nil {
			return 0, err
		}
		unread += to - from - uncounted
		to = from
	}
	return int(min(unread, int64(limit))), nil
}

// uncounted is how many messages of a span are never unread for a user: deleted, of the system, or their own. Own ones are
// after what one has read only where one has marked something unread, and then no later than own_seq.
func (t *Tx) uncounted(room, user chat.ID, after, to int64) (n int64, err error) {
	err = t.row(`SELECT
			(SELECT COUNT(*) FROM messages WHERE room_id = $1 AND seq > $2 AND seq <= $3 AND (deleted_at IS NOT NULL OR kind = 'system')) +
			(SELECT COUNT(*) FROM members m JOIN messages x ON x.room_id = m.room_id AND x.seq > $2
					AND x.seq <= CASE WHEN m.own_seq < $3 THEN m.own_seq ELSE $3 END
				WHERE m.room_id = $1 AND m.user_id = $4 AND x.author_id = m.user_id AND x.deleted_at IS NULL AND x.kind <> 'system')`,
		[]any{int64(room), after, to, int64(user)}, &n)
	return n, err
}

// UnreadMentions implements chat.MessageTx. As to the cross join see Heads.
func (t *Tx) UnreadMentions(room, user chat.ID, after int64, limit int) (int, error) {
	var n int64
	err := t.row(`SELECT COUNT(*) FROM (SELECT DISTINCT e.seq FROM mentions e CROSS JOIN messages x
		WHERE x.room_id = e.room_id AND x.seq = e.seq AND e.user_id IN (0, $2) AND e.room_id = $1 AND e.seq > $3 AND x.author_id <> $2 AND x.kind <> 'system' AND x.deleted_at IS NULL LIMIT $4) AS named`,
		[]any{int64(room), int64(user), after, int64(limit)}, &n)
	return int(n), err
}
