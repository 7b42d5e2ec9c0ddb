package postgres

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parley/internal/chat"
	"parley/internal/store"
)

// Dialect implements store.Conn: the search index is a GIN index over tsvectors, which are written out here, since the
// texts are cut into words already. The plus zero keeps the index on positions out of it: it would look at every text. The
// offset keeps the messages where they are: looked up one by one.
func (c *conn) Dialect() store.Dialect {
	return store.Dialect{
		AddTexts:  addTexts,
		DropText:  `DELETE FROM search WHERE pos = $1`,
		DropTexts: `TRUNCATE search`,
		Found: `(SELECT pos FROM search WHERE words @@ $1::tsquery AND pos + 0 >= $2 AND pos + 0 < $3 ORDER BY pos + 0 DESC LIMIT $4) AS f
			CROSS JOIN LATERAL (SELECT * FROM messages WHERE pos = f.pos OFFSET 0) AS x`,
		Match: matchOf,
	}
}

func addTexts(c store.Conn, texts []chat.IndexText) error {
	if len(texts) == 0 {
		return nil
	}
	positions, vectors := make([]string, len(texts)), make([]string, len(texts))
	for i, one := range texts {
		positions[i] = strconv.FormatInt(one.Pos, 10)
		vectors[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(vectorOf(one)) + `"`
	}
	_, err := c.Exec(`INSERT INTO search (pos, words) SELECT * FROM unnest($1::bigint[], $2::tsvector[])`,
		"{"+strings.Join(positions, ",")+"}", "{"+strings.Join(vectors, ",")+"}")
	return err
}

// maxPlace is the last place of a word that a tsvector can tell.
const maxPlace = 1<<14 - 1

// vectorOf writes a tsvector: each word with its places, and the blocks that the position is in.
func vectorOf(one chat.IndexText) string {
	var text strings.Builder
	for i, word := range strings.Fields(storable(one.Text)) {
		text.WriteString(quoted(word))
		if !strings.HasPrefix(word, ":") {
			text.WriteString(":" + strconv.Itoa(min(i+1, maxPlace)))
		}
		text.WriteByte(' ')
	}
	for _, size := range blockSizes {
		text.WriteString(quoted(block(size, one.Pos>>size)) + " ")
	}
	return text.String()
}

// A GIN index does not know where texts are, so each text says which blocks of positions it is in, and a query says which
// it looks at. blockSizes are their sizes in bits. No mark of the chat begins with a digit.
var blockSizes = [...]uint{11, 15, 19}

// mostBlocks is how many blocks of one size a query names.
const mostBlocks = 17

func block(size uint, number int64) string { return fmt.Sprintf(":%d.%d", size, number) }

// blocksOf are the blocks that cover a span of positions: of the smallest size of which few will do; none if only too many
// would.
func blocksOf(from, below int64) []string {
	for _, size := range blockSizes {
		first, last := max(from, 0)>>size, (below-1)>>size
		if last-first >= mostBlocks {
			continue
		}
		var blocks []string
		for number := first; number <= last; number++ {
			blocks = append(blocks, block(size, number))
		}
		return blocks
	}
	return nil
}

// matchOf writes a query as a tsquery.
func matchOf(q chat.SearchQuery) string {
	var all []string
	for _, phrase := range q.Phrases {
		words := make([]string, len(phrase.Words))
		for i, word := range phrase.Words {
			words[i] = quoted(word)
		}
		if phrase.Prefix {
			words[len(words)-1] += ":*"
		}
		all = append(all, "("+strings.Join(words, " <-> ")+")")
	}
	for _, group := range slices.Concat(q.Marks, [][]string{blocksOf(q.From, q.Below)}) {
		marks := make([]string, len(group))
		for i, mark := range group {
			marks[i] = quoted(mark)
		}
		if len(marks) > 0 {
			all = append(all, "("+strings.Join(marks, " | ")+")")
		}
	}
	return strings.Join(all, " & ")
}

// quoted is a word as tsvector and tsquery take it.
func quoted(word string) string {
	return "'" + strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(storable(word)) + "'"
}
