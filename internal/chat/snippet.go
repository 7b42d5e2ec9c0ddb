package chat

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The size of a snippet, in characters.
const (
	maxSnippet    = 160
	snippetBefore = 40 // of the first word found
)

// snippet is the part of a body around the first of the words that were looked for.
func snippet(body string, looked []Phrase) string {
	at := 0
	for start, end := range fields(body) {
		if found, ok := foundIn(body[start:end], looked); ok {
			at = start + found
			break
		}
	}
	start := back(body, at, snippetBefore)
	end := forth(body, start, maxSnippet)
	text := strings.TrimSpace(body[start:end])
	if start > 0 {
		text = "…" + text
	}
	if end < len(body) {
		text += "…"
	}
	return text
}

// fields yields where the runs of a text between white space begin and end.
func fields(text string) func(yield func(start, end int) bool) {
	return func(yield func(start, end int) bool) {
		start := -1
		for i, r := range text {
			switch space := unicode.IsSpace(r); {
			case !space && start < 0:
				start = i
			case space && start >= 0:
				if !yield(start, i) {
					return
				}
				start = -1
			}
		}
		if start >= 0 {
			yield(start, len(text))
		}
	}
}

// foundIn is where in a part of a body a word that was looked for begins.
func foundIn(part string, looked []Phrase) (int, bool) {
	if !slices.ContainsFunc(searchWords(part), func(word string) bool { return begins(word, looked) }) {
		return 0, false
	}
	const longest = 2 * maxWord // bytes of a word before it is folded, about
	for i := range part {
		words := searchWords(part[i:min(i+longest, len(part))])
		if r, _ := utf8.DecodeRuneInString(part[i:]); len(words) > 0 && begins(words[0], looked) && !unicode.IsPunct(r) {
			return i, true
		}
	}
	return 0, true
}

// begins tells whether one of the phrases begins with a word.
func begins(word string, looked []Phrase) bool {
	return slices.ContainsFunc(looked, func(p Phrase) bool {
		if p.Prefix && len(p.Words) == 1 {
			return strings.HasPrefix(word, p.Words[0])
		}
		return p.Words[0] == word
	})
}

// back is the place up to count characters before another, where a word begins if there is one so near.
func back(text string, at, count int) int {
	start, word := at, at
	for range count {
		if start == 0 {
			return 0
		}
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if unicode.IsSpace(r) {
			word = start
		}
		start -= size
	}
	if word == at {
		return start
	}
	return word
}

// forth is the place up to count characters after another, where a word ends if there is one.
func forth(text string, at, count int) int {
	end, word := at, at
	for range count {
		if end == len(text) {
			return end
		}
		r, size := utf8.DecodeRuneInString(text[end:])
		if unicode.IsSpace(r) {
			word = end
		}
		end += size
	}
	if end == len(text) || word == at {
		return end
	}
	return word
}
