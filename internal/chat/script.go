package chat

import "unicode"

// A writing system that uses several scripts together counts as one (UTS 39, augmented script sets).
func scriptFamilies() [][]string {
	return [][]string{
		{"Han", "Hiragana", "Katakana"},
		{"Han", "Hangul"},
		{"Han", "Bopomofo"},
	}
}

// oneScript tells whether the letters of a text are of one script, or of scripts that are written together.
func oneScript(s string) bool {
	scripts := make(map[string]bool)
	for _, r := range s {
		if script := scriptOf(r); script != "" {
			scripts[script] = true
		}
	}
	if len(scripts) <= 1 {
		return true
	}
	for _, family := range scriptFamilies() {
		if within(scripts, family) {
			return true
		}
	}
	return false
}

// scriptOf is the script of a letter, mark or digit; empty for what all scripts share.
func scriptOf(r rune) string {
	if r < unicode.MaxASCII {
		if unicode.IsLetter(r) {
			return "Latin"
		}
		return ""
	}
	for name, table := range unicode.Scripts {
		if name != "Common" && name != "Inherited" && unicode.Is(table, r) {
			return name
		}
	}
	return ""
}

func within(scripts map[string]bool, family []string) bool {
	found := 0
	for _, name := range family {
		if scripts[name] {
			found++
		}
	}
	return found == len(scripts)
}
