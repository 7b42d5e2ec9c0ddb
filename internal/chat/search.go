package chat

import (
	"context"
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
	return SearchPage{}, errSoon()
}
