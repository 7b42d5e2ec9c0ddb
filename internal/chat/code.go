package chat

import "strings"

// textRange is a run of bytes, end exclusive.
type textRange struct{ start, end int }

// codeRanges finds the code of a markdown text in order: fenced and indented blocks, and spans between backticks.
func codeRanges(body string) []textRange {
	var code []textRange
	paragraph := 0 // where the text began in which spans may lie
	blankBefore := true
	for at := 0; at < len(body); {
		line := lineAt(body, at)
		next := at + len(line)
		switch fence := fenceOf(line); {
		case fence != "":
			code = append(code, codeSpans(body, paragraph, at)...)
			next = fenceEnd(body, next, fence)
			code = append(code, textRange{at, next})
			paragraph, blankBefore = next, true
		case blankBefore && indented(line):
			code = append(code, codeSpans(body, paragraph, at)...)
			code = append(code, textRange{at, next})
			paragraph = next
		case strings.TrimSpace(line) == "":
			code = append(code, codeSpans(body, paragraph, at)...)
			paragraph, blankBefore = next, true
		default:
			blankBefore = false
		}
		at = next
	}
	return append(code, codeSpans(body, paragraph, len(body))...)
}

func lineAt(body string, at int) string {
	if end := strings.IndexByte(body[at:], '\n'); end >= 0 {
		return body[at : at+end+1]
	}
	return body[at:]
}

func indented(line string) bool {
	return strings.TrimSpace(line) != "" && (strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t"))
}

// fenceOf is the run of backticks or tildes that opens a fenced block on a line, or empty.
func fenceOf(line string) string {
	text := strings.TrimLeft(line, " ")
	if len(line)-len(text) > 3 || text == "" || text[0] != '`' && text[0] != '~' {
		return ""
	}
	rest := strings.TrimLeft(text, text[:1])
	run := text[:len(text)-len(rest)]
	if len(run) < 3 || run[0] == '`' && strings.Contains(rest, "`") {
		return ""
	}
	return run
}

// fenceEnd is where the block ends that was opened by fence and whose text begins at a place.
func fenceEnd(body string, at int, fence string) int {
	for at < len(body) {
		line := lineAt(body, at)
		at += len(line)
		closing := fenceOf(line)
		if strings.HasPrefix(closing, fence) && strings.TrimSpace(line) == closing {
			return at
		}
	}
	return len(body)
}

// codeSpans finds the spans between equal runs of backticks in a part of a body.
func codeSpans(body string, start, end int) []textRange {
	var spans []textRange
	for at := start; at < end; {
		if body[at] == '\\' {
			at += 2
			continue
		}
		if body[at] != '`' {
			at++
			continue
		}
		run := backticks(body[at:end])
		closing := closingRun(body, at+run, end, run)
		if closing < 0 {
			at += run
			continue
		}
		spans = append(spans, textRange{at, closing + run})
		at = closing + run
	}
	return spans
}

func backticks(text string) int {
	return len(text) - len(strings.TrimLeft(text, "`"))
}

// closingRun is where a run of exactly that many backticks begins, or -1.
func closingRun(body string, at, end, length int) int {
	for at < end {
		next := strings.IndexByte(body[at:end], '`')
		if next < 0 {
			return -1
		}
		at += next
		run := backticks(body[at:end])
		if run == length {
			return at
		}
		at += run
	}
	return -1
}
