package chat

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMentionSpots is how many places of one message may become mentions; the rest stays text.
const maxMentionSpots = 50

const everyoneName = "everyone"

// mentionSpot is a place in a body that may be a mention: a token, or an @ with the names it could stand for.
type mentionSpot struct {
	start, end int           // of a token
	id         ID            // of the token <@id>; 0 = not a token for a user
	names      []mentionName // longest first
}

type mentionName struct {
	name string // folded
	end  int
}

// mentionSpots finds the places of a body, outside code, that may be mentions.
func mentionSpots(body string) []mentionSpot {
	if !strings.Contains(body, "@") {
		return nil
	}
	code := codeRanges(body)
	var spots []mentionSpot
	for i := 0; i < len(body) && len(spots) < maxMentionSpots; i++ {
		if len(code) > 0 && i >= code[0].start {
			i = code[0].end - 1
			code = code[1:]
			continue
		}
		if body[i] != '@' {
			continue
		}
		limit := len(body)
		if len(code) > 0 {
			limit = code[0].start
		}
		spot, ok := mentionSpotAt(body, i, limit)
		if !ok {
			continue
		}
		spots = append(spots, spot)
	}
	return spots
}

func mentionSpotAt(body string, at, limit int) (mentionSpot, bool) {
	if at > 0 && body[at-1] == '<' {
		if token, _, ok := strings.Cut(body[at+1:limit], ">"); ok {
			end := at + 1 + len(token) + 1
			if id, ok := ParseID(token); ok {
				return mentionSpot{start: at - 1, end: end, id: id}, true
			}
			if token == everyoneName {
				return mentionSpot{start: at - 1, names: []mentionName{{name: token, end: end}}}, true
			}
		}
	}
	if before, _ := utf8.DecodeLastRuneInString(body[:at]); at > 0 && isWordRune(before) {
		return mentionSpot{}, false
	}
	names := mentionNames(body[at+1 : limit])
	for i := range names {
		names[i].end += at + 1
	}
	return mentionSpot{start: at, names: names}, len(names) > 0
}

// maxMentionNames is how many readings of one @ are tried.
const maxMentionNames = 8

// mentionNames lists the names that a text may begin with: the whole run up to a space, and each shorter one that ends
// where a word does.
func mentionNames(text string) []mentionName {
	var names []mentionName
	count, wordBefore := 0, false
	end := len(text)
	for i, r := range text {
		if count == maxUserName || unicode.IsSpace(r) || strings.ContainsRune("@#<>", r) || isControl(r) {
			end = i
			break
		}
		word := isWordRune(r)
		if wordBefore && !word {
			names = appendName(names, text[:i])
		}
		wordBefore = word
		count++
	}
	if next, _ := utf8.DecodeRuneInString(text[end:]); count < maxUserName || !isWordRune(next) {
		names = appendName(names, text[:end])
	}
	slices.Reverse(names)
	return names[:min(len(names), maxMentionNames)]
}

func appendName(names []mentionName, raw string) []mentionName {
	name, ok := foldUserName(raw)
	if !ok || len(names) > 0 && names[len(names)-1].end == len(raw) {
		return names
	}
	return append(names, mentionName{name: name, end: len(raw)})
}

func isWordRune(r rune) bool {
	return r == '_' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// storeMentions turns the spots that name members of the room, or everyone, into tokens that survive a rename.
func storeMentions(tx Tx, room ID, body string, spots []mentionSpot) (string, Mentions, error) {
	var stored strings.Builder
	var mentions Mentions
	done := 0
	for _, spot := range spots {
		token, id, end, err := resolveMention(tx, room, spot)
		if err != nil {
			return "", Mentions{}, err
		}
		if token == "" {
			continue
		}
		stored.WriteString(body[done:spot.start])
		stored.WriteString(token)
		done = end
		if id == 0 {
			mentions.Everyone = true
		} else {
			mentions.add(id)
		}
	}
	stored.WriteString(body[done:])
	return stored.String(), mentions, nil
}

// resolveMention is the token of a spot and who it names, 0 for everyone; no token if it names nobody here.
func resolveMention(tx Tx, room ID, spot mentionSpot) (token string, id ID, end int, err error) {
	if spot.id != 0 {
		_, member, err := tx.RoomFor(spot.id, room)
		if err != nil {
			return "", 0, 0, fmt.Errorf("look up a mentioned member: %w", err)
		}
		if !member.Active() {
			return "", 0, 0, nil
		}
		return "<@" + spot.id.String() + ">", spot.id, spot.end, nil
	}
	for _, candidate := range spot.names {
		if candidate.name == everyoneName {
			return "<@" + everyoneName + ">", 0, candidate.end, nil
		}
		id, err := tx.MemberByName(room, candidate.name)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return "", 0, 0, fmt.Errorf("look up a mentioned name: %w", err)
		}
		return "<@" + id.String() + ">", id, candidate.end, nil
	}
	return "", 0, 0, nil
}

// add notes a user once.
func (m *Mentions) add(id ID) {
	if !slices.Contains(m.Users, id) {
		m.Users = append(m.Users, id)
	}
}
