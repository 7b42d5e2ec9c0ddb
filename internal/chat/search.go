package chat

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// SearchInput asks for messages that have all words of Query, in whatever case and with or without diacritics. Words in
// double quotes must follow each other.
type SearchInput struct {
	Query  string // at most 256 characters; may be empty if Room, Author or Has is given
	Room   string // default: every room that can be read
	Author string
	Has    Has
	Before time.Time // exclusive; zero = not given
	After  time.Time // inclusive; zero = not given
	Cursor string    // of the page before
}

// Has narrows a search to messages with something in them.
type Has string

// What a message can have.
const (
	HasFile Has = "file"
	HasLink Has = "link"
)

// Hit is a message that was found.
type Hit struct {
	Message Message
	Snippet string // plain text around the first word found; the body's beginning if no word was asked for
}

// SearchPage is a page of hits, newest first.
type SearchPage struct {
	Hits   []Hit
	Cursor string // of the next page, which may be empty; empty = there is no more
}

// Search finds messages in the rooms that the acting user may read, 20 a page. It stops looking after a while and then
// answers a Cursor with what it has. Errors: NotFound (room, author), Invalid (Field q, has, cursor).
func (s *Service) Search(ctx context.Context, by Session, in SearchInput) (SearchPage, error) {
	if err := checkSearch(in); err != nil {
		return SearchPage{}, err
	}
	below, err := searchCursor(in.Cursor)
	if err != nil {
		return SearchPage{}, err
	}
	if err := s.catchUp(ctx); err != nil {
		return SearchPage{}, err
	}
	var page SearchPage
	err = s.store.View(ctx, func(tx Tx) error {
		me, err := s.actor(tx, by)
		if err != nil {
			return err
		}
		q, err := s.searchQuery(tx, me.ID, in)
		if err != nil {
			return err
		}
		if q.From, q.Below, err = span(tx, in, below); err != nil {
			return err
		}
		page, err = lookFor(tx, q)
		return err
	})
	if err != nil {
		return SearchPage{}, err
	}
	return page, nil
}

// Sizes of a search.
const (
	maxQuery   = 256 // characters
	searchPage = 20  // hits

	firstWindow = 1 << 12               // messages looked through at first; more at once while that is fast
	leastWindow = 1 << 10               // fewer are not worth a look
	searchTime  = 30 * time.Millisecond // that the windows may take together
)

func checkSearch(in SearchInput) error {
	if !plainText(in.Query, maxQuery) {
		return invalidField("q", "A search has at most %d characters.", maxQuery)
	}
	if in.Has != "" && in.Has != HasFile && in.Has != HasLink {
		return invalidField("has", "A message can have a file or a link.")
	}
	if strings.TrimSpace(in.Query) == "" && in.Room == "" && in.Author == "" && in.Has == "" {
		return invalidField("q", "Say what to search for.")
	}
	return nil
}

// searchCursor is the place that a page begins below.
func searchCursor(cursor string) (int64, error) {
	if cursor == "" {
		return math.MaxInt64, nil
	}
	key, err := decodeCursor(cursor)
	if err != nil {
		return 0, err
	}
	below, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return 0, badCursor()
	}
	return below, nil
}

// searchQuery is what to ask the index for. It can find nothing that the user may not read.
func (s *Service) searchQuery(tx Tx, me ID, in SearchInput) (SearchQuery, error) {
	var q SearchQuery
	scope, err := searchScope(tx, me, in.Room)
	if err != nil {
		return q, err
	}
	q.Marks = append(q.Marks, scope)
	if in.Author != "" {
		author, err := findUser(tx, "author", in.Author)
		if err != nil {
			return q, err
		}
		q.Marks = append(q.Marks, []string{markAuthor + author.ID.String()})
	}
	switch in.Has {
	case HasFile:
		q.Marks = append(q.Marks, []string{markFile})
	case HasLink:
		q.Marks = append(q.Marks, []string{markLink})
	}
	for _, term := range searchTerms(in.Query) {
		if user, err := lookUpUser(tx, strings.TrimPrefix(term, "@")); strings.HasPrefix(term, "@") && err == nil {
			q.Marks = append(q.Marks, []string{markMention + user.ID.String()})
			continue
		}
		if words, prefix := queryWords(term); len(words) > 0 {
			q.Phrases = append(q.Phrases, Phrase{Words: words, Prefix: prefix})
		}
	}
	if len(q.Phrases) == 0 && len(q.Marks) == 1 && in.Room == "" {
		return q, invalidField("q", "There is no word in this search.")
	}
	return q, nil
}

// searchScope is the marks of the rooms in which to search.
func searchScope(tx Tx, me ID, named string) ([]string, error) {
	if named != "" {
		room, _, err := findRoom(tx, me, named)
		return []string{markRoom + room.ID.String()}, err
	}
	closed, err := tx.ClosedRoomIDs(me)
	if err != nil {
		return nil, fmt.Errorf("list the rooms to search: %w", err)
	}
	scope := make([]string, 0, len(closed)+1)
	scope = append(scope, markOpen)
	for _, room := range closed {
		scope = append(scope, markRoom+room.String())
	}
	return scope, nil
}

// searchTerms cuts a query at white space, but not between double quotes.
func searchTerms(query string) []string {
	var terms []string
	for i, part := range strings.Split(query, `"`) {
		if i%2 == 1 {
			terms = append(terms, part)
			continue
		}
		terms = append(terms, strings.Fields(part)...)
	}
	return terms
}

// span is where to look: from the place of a time, below that of another and below the cursor.
func span(tx Tx, in SearchInput, cursor int64) (from, below int64, err error) {
	from, below = 1, cursor
	if !in.After.IsZero() {
		if from, err = tx.PosAt(in.After); err != nil {
			return 0, 0, fmt.Errorf("find the time to search from: %w", err)
		}
	}
	if !in.Before.IsZero() {
		until, err := tx.PosAt(in.Before)
		if err != nil {
			return 0, 0, fmt.Errorf("find the time to search up to: %w", err)
		}
		below = min(below, until)
	}
	last, err := tx.LastPos()
	if err != nil {
		return 0, 0, fmt.Errorf("find the last message: %w", err)
	}
	return from, min(below, last+1), nil
}

// lookFor collects a page from the newest messages to the oldest, window by window, as long as there is time. What few
// messages have is found in few large windows; words that are common but never together take the time of small ones, and
// each window is made to fit into the time that is left.
func lookFor(tx Tx, q SearchQuery) (SearchPage, error) {
	page := SearchPage{Hits: []Hit{}}
	began := time.Now()
	from, window := q.From, int64(firstWindow)
	for q.Below > from {
		windowBegan := time.Now()
		q.From = max(from, q.Below-window)
		q.Limit = searchPage - len(page.Hits)
		found, err := tx.Search(q)
		if err != nil {
			return SearchPage{}, fmt.Errorf("search: %w", err)
		}
		for _, one := range found {
			page.Hits = append(page.Hits, Hit{Message: one.Message, Snippet: snippet(one.Message.Body, q.Phrases)})
		}
		if len(found) == q.Limit {
			q.Below = found[len(found)-1].Pos
		} else {
			q.Below = q.From
		}
		window = nextWindow(window, time.Since(windowBegan), searchTime-time.Since(began))
		if len(page.Hits) == searchPage || window == 0 {
			break
		}
	}
	if q.Below > from {
		page.Cursor = encodeCursor(strconv.FormatInt(q.Below, 10))
	}
	return page, nil
}

// nextWindow is how many messages to look through after a window that took some time: up to four times as many, and no
// more than should fit into the time that is left; 0 if hardly any would.
func nextWindow(window int64, took, left time.Duration) int64 {
	fits := float64(window) * float64(left) / float64(max(took, time.Microsecond))
	if fits < leastWindow {
		return 0
	}
	return int64(min(fits, 4*float64(window)))
}
