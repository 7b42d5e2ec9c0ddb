package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The characters that emoji are composed with.
const (
	zeroWidthJoiner = '\u200d'
	emojiStyle      = '\ufe0f'
	keycap          = '\u20e3'
)

// maxEmoji is the most bytes of one emoji; a family with skin tones has 41.
const maxEmoji = 64

// isEmoji tells whether a text is one emoji as UTS 51 composes them: a flag, a keycap, or pictures with their styles and
// skin tones, joined. It does not ask whether a font draws the joined ones as one.
func isEmoji(text string) bool {
	if text == "" || len(text) > maxEmoji || !utf8.ValidString(text) {
		return false
	}
	runes := []rune(text)
	if len(runes) == 2 && isRegional(runes[0]) && isRegional(runes[1]) {
		return true
	}
	if last := len(runes) - 1; runes[last] == keycap {
		base := strings.TrimSuffix(string(runes[:last]), string(emojiStyle))
		return len(base) == 1 && strings.Contains("0123456789#*", base)
	}
	for {
		rest, ok := cutPicture(runes)
		if !ok {
			return false
		}
		if len(rest) == 0 {
			return true
		}
		if rest[0] != zeroWidthJoiner {
			return false
		}
		runes = rest[1:]
	}
}

// cutPicture takes one picture with its style, skin tone and tags off the beginning.
func cutPicture(runes []rune) ([]rune, bool) {
	if len(runes) == 0 || !isPicture(runes[0]) {
		return nil, false
	}
	runes = runes[1:]
	for len(runes) > 0 && (runes[0] == emojiStyle || isSkinTone(runes[0])) {
		runes = runes[1:]
	}
	for len(runes) > 0 && runes[0] >= 0xe0020 && runes[0] <= 0xe007f { // the flags of regions
		runes = runes[1:]
	}
	return runes, true
}

func isPicture(r rune) bool {
	if r < 0x80 || isRegional(r) || isSkinTone(r) {
		return false
	}
	return r >= 0x1f000 && r <= 0x1faff || unicode.In(r, unicode.So, unicode.Sm) || strings.ContainsRune("‼⁉ℹ〰〽", r)
}

func isRegional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

func isSkinTone(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }
