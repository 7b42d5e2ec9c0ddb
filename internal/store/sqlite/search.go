package sqlite

import (
	"strings"

	"parley/internal/chat"
	"parley/internal/store"
)

// Dialect implements store.Conn: the search index is FTS5.
func (c *conn) Dialect() store.Dialect {
	return store.Dialect{
		AddTexts:  addTexts,
		DropText:  `DELETE FROM search WHERE rowid = $1`,
		DropTexts: `INSERT INTO search (search) VALUES ('delete-all')`,
		Found: `(SELECT rowid AS pos FROM search WHERE search MATCH $1 AND rowid >= $2 AND rowid < $3 ORDER BY rowid DESC LIMIT $4) AS f
			CROSS JOIN messages x ON x.pos = f.pos`,
		Match: matchOf,
	}
}

func addTexts(c store.Conn, texts []chat.IndexText) error {
	for _, one := range texts {
		if _, err := c.Exec(`INSERT INTO search (rowid, text) VALUES ($1, $2)`, one.Pos, one.Text); err != nil {
			return err
		}
	}
	return nil
}

// matchOf writes a query in the language of FTS5: strings in quotes, a star after one that may go on.
func matchOf(q chat.SearchQuery) string {
	var all []string
	for _, phrase := range q.Phrases {
		text := quoted(strings.Join(phrase.Words, " "))
		if phrase.Prefix {
			text += " *"
		}
		all = append(all, text)
	}
	for _, group := range q.Marks {
		any := make([]string, len(group))
		for i, mark := range group {
			any[i] = quoted(mark)
		}
		all = append(all, "("+strings.Join(any, " OR ")+")")
	}
	return strings.Join(all, " AND ")
}

func quoted(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }
