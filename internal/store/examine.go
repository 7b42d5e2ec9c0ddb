package store

import (
	"fmt"

	"parley/internal/chat"
)

// Fault is something in the data that no sound server leaves behind.
type Fault struct {
	What   string           // a sentence for the operator
	Remedy string           // what the operator can do where Mend is nil
	Mend   func(Conn) error // puts it right and loses nothing; nil where that cannot be
}

// Examine looks for faults in rows that are sound one by one: places of messages that nobody has, counters that lag
// behind. It reads every room, and the index of all messages once.
func Examine(c Conn) ([]Fault, error) {
	var faults []Fault
	for _, look := range []func(Conn) ([]Fault, error){lostMessages, lateCounters, wrongCounts, marksAhead} {
		found, err := look(c)
		if err != nil {
			return nil, err
		}
		faults = append(faults, found...)
	}
	return faults, nil
}

// Uploads are the uploads that can still be read, and how many bytes each has.
func Uploads(c Conn) (map[chat.ID]int64, error) {
	kept := make(map[chat.ID]int64)
	err := each(c, `SELECT id, bytes FROM files WHERE gone_at IS NULL`, func(row []int64) {
		kept[chat.ID(row[0])] = row[1]
	}, 2)
	return kept, err
}

// Forgotten are the uploads whose bytes are to be removed.
func Forgotten(c Conn) (map[chat.ID]bool, error) {
	gone := make(map[chat.ID]bool)
	err := each(c, `SELECT id FROM files WHERE gone_at IS NOT NULL`, func(row []int64) { gone[chat.ID(row[0])] = true }, 1)
	return gone, err
}

const askBackup = "Restore the latest backup from before this happened, into a new data directory."

// lostMessages finds rooms in which a seq is nobody's.
func lostMessages(c Conn) (faults []Fault, err error) {
	err = each(c, `SELECT room_id, COUNT(*), MAX(seq) FROM messages GROUP BY room_id HAVING COUNT(*) <> MAX(seq) ORDER BY room_id`,
		func(row []int64) {
			faults = append(faults, Fault{
				What:   fmt.Sprintf("In room %d there are %d messages where %d were sent.", row[0], row[1], row[2]),
				Remedy: askBackup,
			})
		}, 3)
	return faults, err
}

// lateCounters finds rooms whose counters would be given twice, or have been raised for a message that is not there.
func lateCounters(c Conn) (faults []Fault, err error) {
	err = each(c, `SELECT r.id, r.last_seq, r.last_rev, COALESCE(MAX(m.seq), 0), COALESCE(MAX(m.rev), 0)
		FROM rooms r LEFT JOIN messages m ON m.room_id = r.id GROUP BY r.id, r.last_seq, r.last_rev
		HAVING r.last_seq <> COALESCE(MAX(m.seq), 0) OR r.last_rev < COALESCE(MAX(m.rev), 0) ORDER BY r.id`,
		func(row []int64) {
			room, lastSeq, seq, rev := row[0], row[1], row[3], row[4]
			if lastSeq > seq {
				faults = append(faults, Fault{
					What:   fmt.Sprintf("In room %d the last message is %d where %d were sent.", room, seq, lastSeq),
					Remedy: askBackup,
				})
				return
			}
			faults = append(faults, Fault{
				What: fmt.Sprintf("The counters of room %d are behind its messages.", room),
				Mend: func(c Conn) error {
					_, err := c.Exec(`UPDATE rooms SET last_seq = $2, last_rev = CASE WHEN last_rev < $3 THEN $3 ELSE last_rev END WHERE id = $1`, room, seq, rev)
					return err
				},
			})
		}, 5)
	return faults, err
}

// wrongCounts finds rooms that do not know how many members they have.
func wrongCounts(c Conn) (faults []Fault, err error) {
	err = each(c, `SELECT r.id, r.members_count, COUNT(m.user_id) FROM rooms r
		LEFT JOIN members m ON m.room_id = r.id AND m.left_at IS NULL
		GROUP BY r.id, r.members_count HAVING r.members_count <> COUNT(m.user_id) ORDER BY r.id`,
		func(row []int64) {
			faults = append(faults, Fault{
				What: fmt.Sprintf("Room %d counts %d members and has %d.", row[0], row[1], row[2]),
				Mend: func(c Conn) error {
					_, err := c.Exec(`UPDATE rooms SET members_count = $2 WHERE id = $1`, row[0], row[2])
					return err
				},
			})
		}, 3)
	return faults, err
}

// marksAhead finds members who have read what was not written yet.
func marksAhead(c Conn) (faults []Fault, err error) {
	err = each(c, `SELECT m.room_id, COUNT(*) FROM members m JOIN rooms r ON r.id = m.room_id
		WHERE m.read_seq > r.last_seq GROUP BY m.room_id ORDER BY m.room_id`,
		func(row []int64) {
			faults = append(faults, Fault{
				What: fmt.Sprintf("In room %d, %d members have read more than was written.", row[0], row[1]),
				Mend: func(c Conn) error {
					_, err := c.Exec(`UPDATE members SET read_seq = (SELECT last_seq FROM rooms WHERE id = $1)
						WHERE room_id = $1 AND read_seq > (SELECT last_seq FROM rooms WHERE id = $1)`, row[0])
					return err
				},
			})
		}, 2)
	return faults, err
}

// each reads rows of whole numbers.
func each(c Conn, query string, read func([]int64), columns int) error {
	rows, err := c.Query(query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row := make([]int64, columns)
		dest := make([]any, columns)
		for i := range row {
			dest[i] = &row[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		read(row)
	}
	return rows.Err()
}
