package store

import (
	"fmt"

	"parley/internal/chat"
)

// samples is how many messages are looked for in the search index, evenly spread over all.
const samples = 200

// unsearchable looks for messages in the search index that it must know.
func unsearchable(c Conn) ([]Fault, error) {
	t := NewTx(c)
	known, err := t.indexed()
	if err != nil {
		return nil, err
	}
	last, err := t.LastPos()
	if err != nil {
		return nil, err
	}
	looked, missing := 0, 0
	step := max(known/samples, 1)
	for pos := int64(1) + known%step; pos <= known; pos += step {
		expected, found, err := t.findable(pos)
		if err != nil {
			return nil, err
		}
		if expected {
			looked++
		}
		if expected && !found {
			missing++
		}
	}
	var what string
	switch {
	case known > last:
		what = fmt.Sprintf("The search index says that it knows %d messages where there are %d.", known, last)
	case missing > 0:
		what = fmt.Sprintf("Search does not find %d of %d messages that were looked for.", missing, looked)
	default:
		return nil, nil
	}
	return []Fault{{What: what, Mend: EmptySearch}}, nil
}

// EmptySearch lets the next start make the search index from the messages.
func EmptySearch(c Conn) error {
	if _, err := c.Exec(c.Dialect().DropTexts); err != nil {
		return err
	}
	return ForgetIndexed(c)
}

// findable tells whether the message at a position, or the next one, must be found, and whether it is. One that changes
// meanwhile is passed over.
func (t *Tx) findable(pos int64) (expected, found bool, err error) {
	before, err := t.indexable(pos-1, 1)
	if err != nil || len(before) == 0 {
		return false, false, err
	}
	q, expected := chat.Expected(before[0])
	if !expected {
		return false, false, nil
	}
	hits, err := t.Search(q)
	if err != nil || len(hits) > 0 {
		return true, true, err
	}
	after, err := t.indexable(pos-1, 1)
	same := len(after) > 0 && after[0].Message.Body == before[0].Message.Body && !after[0].Message.Deleted()
	return same, false, err
}
