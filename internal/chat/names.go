package chat

import (
	_ "embed"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"
)

// Limits of names, in characters.
const (
	minUserName = 2
	maxUserName = 32
	maxRoomName = 64
	maxTopic    = 1000
)

// reservedNames mean something in a text or in an address; nobody may be called that or look like it.
func reservedNames() []string {
	return []string{"everyone", "here", "all", "channel", "room", "admin", "administrator", "system", "server", "root", "support", "parley"}
}

// names knows what a user may be called.
type names struct {
	lookalike lookalikes
	reserved  map[string]bool // by skeleton
}

func newNames() (names, error) {
	table, err := parseLookalikes(lookalikeData)
	if err != nil {
		return names{}, err
	}
	n := names{lookalike: table, reserved: make(map[string]bool)}
	for _, name := range reservedNames() {
		n.reserved[table.skeleton(name)] = true
	}
	return n, nil
}

// userName is what a user is called: the name that is stored, its skeleton and how the user wrote it.
type userName struct {
	name     string
	skeleton string
	display  string
}

// foldUserName is a name as it is stored and looked up; false if no user can be called that.
func foldUserName(raw string) (string, bool) {
	if len(raw) > 4*maxUserName*utf8.UTFMax {
		return "", false
	}
	name, err := precis.UsernameCaseMapped.String(raw)
	return name, err == nil
}

// NameKey is what stands for a user's name however it was typed, so that guesses at one account can be counted
// together. What nobody can be called stands for itself.
func NameKey(typed string) string {
	typed = strings.TrimPrefix(strings.TrimSpace(typed), "@")
	if name, ok := foldUserName(typed); ok {
		return name
	}
	return strings.ToLower(cutText(typed, 4*maxUserName))
}

// user checks a new user's name. Error: Invalid.
func (n *names) user(raw string) (userName, error) {
	name, ok := foldUserName(raw)
	if !ok {
		return userName{}, badUserName("has characters that cannot be used")
	}
	count := utf8.RuneCountInString(name)
	if count < minUserName || count > maxUserName {
		return userName{}, badUserName("must have %d to %d characters", minUserName, maxUserName)
	}
	if strings.ContainsAny(name, "@#<>") || strings.ContainsFunc(name, isControl) {
		return userName{}, badUserName("has characters that cannot be used")
	}
	if digitsOnly(name) {
		return userName{}, badUserName("cannot be digits only")
	}
	if !oneScript(name) {
		return userName{}, badUserName("must stay in one script")
	}
	skeleton := n.lookalike.skeleton(name)
	if n.reserved[skeleton] {
		return userName{}, badUserName("is reserved")
	}
	return userName{name: name, skeleton: skeleton, display: norm.NFC.String(raw)}, nil
}

func badUserName(why string, args ...any) *Error {
	return invalidField("name", "This name "+why+".", args...)
}

// roomName checks a new room's name: the name as shown and the key under which it is unique.
func roomName(raw string) (name, key string, err error) {
	name = norm.NFC.String(strings.TrimSpace(raw))
	count := utf8.RuneCountInString(name)
	if count < 1 || count > maxRoomName {
		return "", "", invalidField("name", "A room's name must have 1 to %d characters.", maxRoomName)
	}
	if strings.ContainsAny(name, "@#") || strings.ContainsFunc(name, isControl) {
		return "", "", invalidField("name", "This name has characters that cannot be used.")
	}
	if digitsOnly(name) {
		return "", "", invalidField("name", "A room's name cannot be digits only.")
	}
	return name, foldName(name), nil
}

// foldName is a text without the differences that do not matter when names are compared or searched.
func foldName(s string) string {
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(strings.TrimSpace(s))))
}

// isControl tells control characters, line and paragraph separators and those that turn the direction of a text.
func isControl(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.Is(unicode.Bidi_Control, r)
}

func digitsOnly(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
}

//go:embed lookalike.txt
var lookalikeData string

// lookalikes maps a character to what it looks like (UTS 39, confusables).
type lookalikes map[rune]string

func parseLookalikes(data string) (lookalikes, error) {
	table := make(lookalikes, 5000)
	for line := range strings.Lines(data) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		source, target, err := parseHexRunes(strings.Fields(line))
		if err != nil {
			return nil, err
		}
		table[source] = target
	}
	return table, nil
}

func parseHexRunes(fields []string) (source rune, target string, err error) {
	runes := make([]rune, len(fields))
	for i, field := range fields {
		for _, c := range field {
			digit := strings.IndexRune("0123456789abcdef", c)
			if digit < 0 {
				return 0, "", errors.New("look-alike table: not hexadecimal: " + field)
			}
			runes[i] = runes[i]<<4 | rune(digit)
		}
	}
	if len(runes) < 2 {
		return 0, "", errors.New("look-alike table: a line with fewer than two code points")
	}
	return runes[0], string(runes[1:]), nil
}

// skeleton is the same for two names exactly if they look alike (UTS 39, section 4).
func (t lookalikes) skeleton(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if target, ok := t[r]; ok {
			b.WriteString(target)
			continue
		}
		b.WriteRune(r)
	}
	return norm.NFD.String(b.String())
}
