package wire

import "encoding/json"

// members are the names and values of a JSON object, as they came.
type members []member

type member struct {
	name  string
	value []byte
}

// last is the value of the last member of a name, nil if there is none.
func (m members) last(name string) []byte {
	for i := len(m) - 1; i >= 0; i-- {
		if m[i].name == name {
			return m[i].value
		}
	}
	return nil
}

// membersOf takes one JSON object apart. It reports false for anything else.
func membersOf(data []byte) (members, bool) {
	if !json.Valid(data) {
		return nil, false
	}
	// From here on every byte is where JSON has it.
	at := skipSpace(data, 0)
	if data[at] != '{' {
		return nil, false
	}
	const usual = 8
	found := make(members, 0, usual)
	for {
		at = skipSpace(data, at+1) // behind the brace or a comma
		if data[at] == '}' {
			return found, true
		}
		end := skipValue(data, at)
		name, plain := plainString(data[at:end])
		if !plain && json.Unmarshal(data[at:end], &name) != nil {
			return nil, false
		}
		at = skipSpace(data, skipSpace(data, end)+1) // behind the colon
		end = skipValue(data, at)
		found = append(found, member{name: name, value: data[at:end]})
		if at = skipSpace(data, end); data[at] == '}' {
			return found, true
		}
	}
}

func skipSpace(data []byte, at int) int {
	for data[at] == ' ' || data[at] == '\t' || data[at] == '\n' || data[at] == '\r' {
		at++
	}
	return at
}

// skipValue is where the value that begins at a place ends.
func skipValue(data []byte, at int) int {
	depth := 0
	for {
		switch data[at] {
		case '"':
			at = skipString(data, at)
			if depth == 0 {
				return at
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return at // of the object around a number or a word
			}
			if depth--; depth == 0 {
				return at + 1
			}
		case ',', ' ', '\t', '\n', '\r':
			if depth == 0 {
				return at
			}
		}
		at++
	}
}

func skipString(data []byte, at int) int {
	for at++; data[at] != '"'; at++ {
		if data[at] == '\\' {
			at++
		}
	}
	return at + 1
}
