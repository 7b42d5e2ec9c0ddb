package chat

import (
	"context"
	"fmt"
	"strings"
)

// The marks under which the search index knows where a message is, from whom and what is in it. No word begins with a
// colon.
const (
	markOpen    = ":o" // in a room that anyone may read
	markRoom    = ":r"
	markAuthor  = ":a"
	markMention = ":m"
	markFile    = ":f"
	markLink    = ":l"
)

// indexText is what the index knows of a message: its words and marks; empty for a message that cannot be found.
func indexText(m Message, kind RoomKind) string {
	if m.Deleted() || m.Kind == KindSystem {
		return ""
	}
	words := searchWords(withoutMentions(m.Body))
	for _, file := range m.Files {
		words = append(words, searchWords(file.Name+" "+file.Alt)...)
	}
	if (Room{Kind: kind}).Open() {
		words = append(words, markOpen)
	}
	words = append(words, markRoom+m.Room.String(), markAuthor+m.Author.ID.String())
	for _, user := range m.Mentions.Users {
		words = append(words, markMention+user.String())
	}
	if len(m.Files) > 0 {
		words = append(words, markFile)
	}
	if strings.Contains(m.Body, "https://") || strings.Contains(m.Body, "http://") {
		words = append(words, markLink)
	}
	return strings.Join(words, " ")
}

// mostExpected is how many words of a message Expected asks for.
const mostExpected = 8

// Expected asks for nothing but one message, by words that the index must know of it. False for a message that cannot be
// found.
func Expected(one Indexed) (SearchQuery, bool) {
	text := indexText(one.Message, one.Kind)
	if text == "" {
		return SearchQuery{}, false
	}
	q := SearchQuery{From: one.Pos, Below: one.Pos + 1, Limit: 1}
	for word := range strings.FieldsSeq(text) {
		if strings.HasPrefix(word, ":") {
			q.Marks = append(q.Marks, []string{word})
		} else if len(q.Phrases) < mostExpected {
			q.Phrases = append(q.Phrases, Phrase{Words: []string{word}})
		}
	}
	return q, true
}

// withoutMentions is a body with a space in the place of each token <@…>.
func withoutMentions(body string) string {
	if !strings.Contains(body, "<@") {
		return body
	}
	var text strings.Builder
	for {
		before, rest, found := strings.Cut(body, "<@")
		text.WriteString(before)
		if !found {
			return text.String()
		}
		text.WriteByte(' ')
		token, after, closed := strings.Cut(rest, ">")
		if _, isID := ParseID(token); closed && (isID || token == everyoneName) {
			rest = after
		}
		body = rest
	}
}

// indexEvery is how many messages are told to the index at once. The sender of the last of them pays for all: it is far
// cheaper than each for its own.
const indexEvery = 256

// indexNext tells the index of messages that it does not know yet, and how many they were.
func indexNext(tx Tx, limit int) (int, error) {
	next, err := tx.Unindexed(limit)
	if err != nil {
		return 0, fmt.Errorf("read what is not indexed: %w", err)
	}
	texts := make([]IndexText, len(next))
	for i, one := range next {
		texts[i] = IndexText{Pos: one.Pos, Text: indexText(one.Message, one.Kind)}
	}
	if err := tx.Index(texts); err != nil {
		return 0, fmt.Errorf("index messages: %w", err)
	}
	return len(next), nil
}

// reindex tells the index what a message says now.
func reindex(tx Tx, m Message, kind RoomKind) error {
	if err := tx.Reindex(m.Room, m.Seq, indexText(m, kind)); err != nil {
		return fmt.Errorf("index the message anew: %w", err)
	}
	return nil
}

// backfill tells the index of all that it has missed: the messages of a database from before there was one.
func (s *Service) backfill(ctx context.Context) error {
	const atOnce, tellEvery = 2000, 50
	done := 0
	for round := 1; ; round++ {
		count := 0
		err := s.store.Update(ctx, func(tx Tx) (err error) {
			count, err = indexNext(tx, atOnce)
			return err
		})
		if err != nil {
			return err
		}
		done += count
		if count < atOnce {
			if done > atOnce {
				s.opts.Log.Info("the search index is complete", "messages", done)
			}
			return nil
		}
		if round%tellEvery == 1 {
			s.opts.Log.Info("messages are being indexed for search", "done", done)
		}
	}
}

// catchUp lets a search find what was sent a moment ago. A database that cannot be written is searched as it is.
func (s *Service) catchUp(ctx context.Context) error {
	for {
		behind := false
		err := s.store.View(ctx, func(tx Tx) (err error) {
			next, err := tx.Unindexed(1)
			behind = len(next) > 0
			return err
		})
		if err != nil || !behind {
			return err
		}
		err = s.store.Update(ctx, func(tx Tx) error {
			_, err := indexNext(tx, indexEvery)
			return err
		})
		if err != nil {
			if CodeOf(err) == Unavailable {
				return nil
			}
			return fmt.Errorf("bring the search index up to date: %w", err)
		}
	}
}
