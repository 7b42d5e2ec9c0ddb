package wsconn

import "unicode/utf8"

// utf8Stream checks that chunks, one after the other, are UTF-8. It fails at
// the first byte that cannot be part of a valid text.
type utf8Stream struct {
	tail [utf8.UTFMax]byte // a sequence that the last chunk cut
	n    int
}

// write checks the next chunk.
func (u *utf8Stream) write(b []byte) bool {
	for u.n > 0 && len(b) > 0 {
		u.tail[u.n] = b[0]
		u.n++
		b = b[1:]
		if !utf8.FullRune(u.tail[:u.n]) {
			continue
		}
		if r, size := utf8.DecodeRune(u.tail[:u.n]); r == utf8.RuneError && size == 1 {
			return false
		}
		u.n = 0
	}
	cut := cutRune(b)
	if !utf8.Valid(b[:cut]) {
		return false
	}
	u.n += copy(u.tail[u.n:], b[cut:])
	return true
}

// complete reports whether no sequence is cut.
func (u *utf8Stream) complete() bool { return u.n == 0 }

// cutRune returns where a sequence starts that continues after the end of b,
// or len(b).
func cutRune(b []byte) int {
	for i := len(b) - 1; i >= 0 && i > len(b)-utf8.UTFMax; i-- {
		if !utf8.RuneStart(b[i]) {
			continue
		}
		if utf8.FullRune(b[i:]) {
			break
		}
		return i
	}
	return len(b)
}
