package store

import "fmt"

// belonging says that rows of a table belong to rows of another, without a constraint of the database.
type belonging struct {
	what  string // "1 ..." in a sentence
	where string // FROM table AS t WHERE ..., of those that belong to nothing
	mend  string // "" if something would be lost
}

const noMessage = `NOT EXISTS (SELECT 1 FROM messages x WHERE x.room_id = t.room_id AND x.seq = t.seq)`

func belongings() []belonging {
	return []belonging{
		{"mentions are of messages", `mentions AS t WHERE ` + noMessage, `DELETE FROM `},
		{"earlier texts are of messages", `edits AS t WHERE ` + noMessage, `DELETE FROM `},
		{"files were sent with messages", `files AS t WHERE t.room_id IS NOT NULL AND t.gone_at IS NULL AND ` + noMessage, ""},
		{"drafts are for rooms or of people", `drafts AS t WHERE NOT EXISTS (SELECT 1 FROM rooms r WHERE r.id = t.room_id)
			OR NOT EXISTS (SELECT 1 FROM users u WHERE u.id = t.user_id)`, `DELETE FROM `},
		{"blocks are between people", `blocks AS t WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = t.user_id)
			OR NOT EXISTS (SELECT 1 FROM users u WHERE u.id = t.blocked_id)`, `DELETE FROM `},
	}
}

// strandedRows finds rows that belong to what is not there.
func strandedRows(c Conn) (faults []Fault, err error) {
	for _, b := range belongings() {
		err := each(c, `SELECT COUNT(*) FROM `+b.where, func(row []int64) {
			if row[0] == 0 {
				return
			}
			fault := Fault{What: fmt.Sprintf("%d %s that are not there.", row[0], b.what), Remedy: askBackup}
			if b.mend != "" {
				fault.Mend = func(c Conn) error {
					_, err := c.Exec(b.mend + b.where)
					return err
				}
			}
			faults = append(faults, fault)
		}, 1)
		if err != nil {
			return nil, err
		}
	}
	return faults, nil
}
