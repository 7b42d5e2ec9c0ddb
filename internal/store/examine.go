package store

import (
	"errors"
	"fmt"

	"parley/internal/chat"
)

// Fault is something in the data that no sound server leaves behind.
type Fault struct {
	What   string           // a sentence for the operator
	Remedy string           // what the operator can do where Mend is nil
	Mend   func(Conn) error // puts it right and loses nothing; nil where that cannot be
}

// ErrTooLong is a statement that took longer than it may.
var ErrTooLong = errors.New("it took too long")

// Examination is what was found in a database.
type Examination struct {
	Faults    []Fault
	Uploads   map[chat.ID]int64 // that can be read, with their bytes; nil if that could not be found out
	Forgotten map[chat.ID]bool  // whose bytes are to be removed
}

// Examine looks for faults in rows that are sound one by one: places of messages that nobody has, counters that lag
// behind, rows of what is not there, messages that search does not find. It reads every room, and the index of all
// messages a few times. tell is told what is looked at.
func Examine(c Conn, tell func(what string)) (Examination, error) {
	var e Examination
	for _, look := range []struct {
		at string
		do func(Conn) ([]Fault, error)
	}{
		{"places of messages", lostMessages},
		{"counters of rooms", lateCounters},
		{"counts of members", wrongCounts},
		{"read marks", marksAhead},
		{"rows that belong to others", strandedRows},
		{"the search index", unsearchable},
	} {
		tell(look.at)
		found, err := look.do(c)
		if errors.Is(err, ErrTooLong) {
			found, err = []Fault{Unfinished(look.at)}, nil
		}
		if err != nil {
			return Examination{}, err
		}
		e.Faults = append(e.Faults, found...)
	}
	tell("uploads")
	var err error
	if e.Forgotten, err = Forgotten(c); err != nil {
		return Examination{}, err
	}
	e.Uploads, err = Uploads(c)
	return e, err
}

// Unfinished is the fault of a database that does not tell in time.
func Unfinished(what string) Fault {
	return Fault{
		What:   fmt.Sprintf("Whether %s are in order is not known: the database did not answer in time.", what),
		Remedy: "Run parley doctor when the database has less to do.",
	}
}

// SchemaFault compares the schema of a database with what this program knows. Nothing else can be looked at if it is another.
func SchemaFault(c Conn, newest int64) ([]Fault, error) {
	var have int64
	err := NewTx(c).row(`SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version`, nil, &have)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the schema's version: %w", err)
	case have > newest:
		return []Fault{{
			What:   fmt.Sprintf("The database was written by a newer Parley: its schema is %d, this one knows %d.", have, newest),
			Remedy: "Run the doctor of that version.",
		}}, nil
	case have < newest:
		return []Fault{{
			What:   fmt.Sprintf("The database has the schema %d, this Parley has %d.", have, newest),
			Remedy: "Run the doctor of the version that wrote it, or start this one once, which brings the tables up to date.",
		}}, nil
	}
	return nil, nil
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
	err = each(c, `SELECT r.id, r.last_seq, r.last_rev, COALESCE(MAX(m.seq), 0),
			CASE WHEN COALESCE(MAX(m.rev), 0) > r.meta_rev AND MAX(m.rev) > r.member_rev THEN MAX(m.rev)
				WHEN r.meta_rev > r.member_rev THEN r.meta_rev ELSE r.member_rev END AS rev
		FROM rooms r LEFT JOIN messages m ON m.room_id = r.id GROUP BY r.id, r.last_seq, r.last_rev, r.meta_rev, r.member_rev
		HAVING r.last_seq <> COALESCE(MAX(m.seq), 0) OR r.last_rev < COALESCE(MAX(m.rev), 0) OR r.last_rev < r.meta_rev OR r.last_rev < r.member_rev
		ORDER BY r.id`,
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
				What: fmt.Sprintf("The counters of room %d are behind what is in it.", room),
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
