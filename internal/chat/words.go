package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxWord is how many bytes of a word the search index keeps.
const maxWord = 64

// searchWords cuts a text into the words that the search index knows: compatibility forms, case and diacritics folded.
// Scripts that are written without spaces are cut into overlapping pairs of characters, and the last character of such
// a run is a word too, so that each single character begins some word.
func searchWords(text string) []string {
	var cut wordCutter
	for _, r := range foldSearch(text) {
		cut.add(r)
	}
	cut.endRun(true)
	cut.endWord()
	return cut.words
}

// queryWords is searchWords of something that is looked for. The text found may go on after its last run of
// characters, so the end of that is no word; prefix tells that the last word is a single character with which words
// begin.
func queryWords(text string) (words []string, prefix bool) {
	var cut wordCutter
	for _, r := range foldSearch(text) {
		cut.add(r)
	}
	prefix = len(cut.run) == 1
	cut.endRun(prefix)
	cut.endWord()
	return cut.words, prefix
}

// wordCutter collects words from characters that are folded already.
type wordCutter struct {
	words []string
	word  []byte // of the word in the making
	run   []rune // characters that are written without spaces, in the making
}

func (c *wordCutter) add(r rune) {
	switch {
	case isRunRune(r):
		c.endWord()
		c.run = append(c.run, r)
	case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
		c.endRun(true)
		if len(c.word)+utf8.RuneLen(r) <= maxWord {
			c.word = utf8.AppendRune(c.word, r)
		}
	default:
		c.endRun(true)
		c.endWord()
		if r > unicode.MaxLatin1 && unicode.Is(unicode.So, r) { // an emoji is a word
			c.words = append(c.words, string(r))
		}
	}
}

func (c *wordCutter) endWord() {
	if len(c.word) > 0 {
		c.words = append(c.words, string(c.word))
		c.word = c.word[:0]
	}
}

// endRun makes words of a run, of its last character only if asked.
func (c *wordCutter) endRun(last bool) {
	for i := range c.run {
		if i+1 < len(c.run) {
			c.words = append(c.words, string(c.run[i:i+2]))
		} else if last {
			c.words = append(c.words, string(c.run[i]))
		}
	}
	c.run = c.run[:0]
}

// isRunRune tells the characters of scripts that are written without spaces between words, and of Hangul, whose words
// take their endings without one.
func isRunRune(r rune) bool {
	const prolongedSound = 'ー' // of no script of its own
	return r >= 0x0e00 && (r == prolongedSound || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana,
		unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar))
}

// foldSearch is a text without what does not matter when it is searched.
func foldSearch(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	folded := norm.NFKC.String(cases.Fold().String(norm.NFKC.String(text)))
	decomposed := norm.NFD.String(folded)
	if !strings.ContainsFunc(decomposed, isDiacritic) {
		return folded
	}
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if isDiacritic(r) {
			return -1
		}
		return r
	}, decomposed))
}

// isDiacritic tells marks that people leave out when they search: accents, and the vowel points of Arabic and Hebrew. The
// marks of other scripts are vowels and make other words.
func isDiacritic(r rune) bool {
	const voiced, halfVoiced = '\u3099', '\u309a' // か and が are different letters
	return r > unicode.MaxLatin1 && r != voiced && r != halfVoiced && unicode.Is(unicode.Mn, r) &&
		unicode.In(r, unicode.Inherited, unicode.Arabic, unicode.Hebrew)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
