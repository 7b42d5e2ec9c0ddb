package wire

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// Messages go out more often than all else together, so they, and what carries one new message, are written by hand:
// encoding/json takes several times as long. The bytes are the same but for <, > and &, which stay as they are.

// AppendJSON appends the push as JSON.
func (p MessagePush) AppendJSON(dst []byte) ([]byte, error) {
	dst = appendID(append(dst, `{"room":`...), p.Room)
	dst = strconv.AppendInt(append(dst, `,"rev":`...), p.Rev, 10)
	dst, err := p.Message.AppendJSON(append(dst, `,"message":`...))
	return append(dst, '}'), err
}

// AppendJSON appends the answer as JSON.
func (a SendAnswer) AppendJSON(dst []byte) ([]byte, error) {
	dst, err := a.Message.AppendJSON(append(dst, `{"ok":true,"message":`...))
	dst = strconv.AppendBool(append(dst, `,"duplicate":`...), a.Duplicate)
	return append(dst, '}'), err
}

// MarshalJSON implements json.Marshaler.
func (m Message) MarshalJSON() ([]byte, error) { return m.AppendJSON(nil) }

// AppendJSON appends the message as JSON.
func (m Message) AppendJSON(dst []byte) ([]byte, error) {
	dst = appendID(append(dst, `{"id":`...), m.ID)
	dst = appendID(append(dst, `,"room":`...), m.Room)
	dst = strconv.AppendInt(append(dst, `,"seq":`...), m.Seq, 10)
	dst = strconv.AppendInt(append(dst, `,"rev":`...), m.Rev, 10)
	dst = appendID(append(dst, `,"author":{"id":`...), m.Author.ID)
	dst = appendString(append(dst, `,"name":`...), m.Author.Name)
	dst = appendString(append(dst, `,"display_name":`...), m.Author.DisplayName)
	dst = appendString(append(dst, `},"kind":`...), m.Kind)
	dst = appendString(append(dst, `,"body":`...), m.Body)
	if m.CID != "" {
		dst = appendString(append(dst, `,"cid":`...), m.CID)
	}
	if m.ReplyTo != 0 {
		dst = strconv.AppendInt(append(dst, `,"reply_to":`...), m.ReplyTo, 10)
	}
	if m.Thread != 0 {
		dst = strconv.AppendInt(append(dst, `,"thread":`...), m.Thread, 10)
	}
	if m.Replies != 0 {
		dst = strconv.AppendInt(append(dst, `,"replies":`...), int64(m.Replies), 10)
	}
	dst, err := appendList(append(dst, `,"files":`...), m.Files)
	if err != nil {
		return dst, err
	}
	if dst, err = appendList(append(dst, `,"reactions":`...), m.Reactions); err != nil {
		return dst, err
	}
	if dst, err = appendList(append(dst, `,"mentions":`...), m.Mentions); err != nil {
		return dst, err
	}
	dst = appendTime(dst, `,"pinned_at":`, m.PinnedAt)
	dst = append(append(dst, `,"created_at":`...), m.CreatedAt.quoted()...)
	dst = appendTime(dst, `,"edited_at":`, m.EditedAt)
	dst = appendTime(dst, `,"deleted_at":`, m.DeletedAt)
	return append(dst, '}'), nil
}

func appendID(dst []byte, id ID) []byte {
	return append(strconv.AppendInt(append(dst, '"'), int64(id), 10), '"')
}

// appendTime appends a field, unless the time is zero.
func appendTime(dst []byte, key string, t Time) []byte {
	if t.IsZero() {
		return dst
	}
	return append(append(dst, key...), t.quoted()...)
}

// appendList appends a list, which most messages have empty.
func appendList[T any](dst []byte, items []T) ([]byte, error) {
	if items != nil && len(items) == 0 {
		return append(dst, "[]"...), nil
	}
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(items); err != nil {
		return dst, err
	}
	return append(dst, bytes.TrimSuffix(buf.Bytes(), []byte("\n"))...), nil
}

// appendString appends a text as a JSON string, as encoding/json does.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	done := 0
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < ' ' || c == '"' || c == '\\' {
				dst = appendEscaped(append(dst, s[done:i]...), c)
				done = i + 1
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(append(dst, s[done:i]...), `\ufffd`...)
			done = i + 1
		case r == '\u2028' || r == '\u2029': // which JavaScript took for the end of a line
			dst = append(append(dst, s[done:i]...), `\u202`...)
			dst = append(dst, hex[r&0xf])
			done = i + size
		}
		i += size
	}
	return append(append(dst, s[done:]...), '"')
}

const hex = "0123456789abcdef"

func appendEscaped(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
}
