package wire

import (
	"fmt"
	"strconv"
	"time"
)

// ID is an identifier on the wire: a decimal string, because a JavaScript
// number cannot hold 63 bits.
type ID int64

// String returns the decimal form.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// MarshalText makes the JSON form a string.
func (id ID) MarshalText() ([]byte, error) {
	return strconv.AppendInt(nil, int64(id), 10), nil
}

// UnmarshalText accepts a decimal string; a JSON number is refused by
// encoding/json.
func (id *ID) UnmarshalText(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return fmt.Errorf("read id %q: %w", text, err)
	}
	*id = ID(n)
	return nil
}

// timeLayout is RFC 3339 in UTC with exactly three decimals.
const timeLayout = "2006-01-02T15:04:05.000Z"

// Time is a moment on the wire: RFC 3339, UTC, milliseconds.
type Time struct{ time.Time }

// MarshalJSON replaces the one of the embedded time.Time, whose precision
// varies; reading stays its affair.
func (t Time) MarshalJSON() ([]byte, error) { return t.quoted(), nil }

func (t Time) quoted() []byte {
	return t.UTC().AppendFormat(make([]byte, 0, len(timeLayout)+2), `"`+timeLayout+`"`)
}
