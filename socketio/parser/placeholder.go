package parser

import (
	"encoding/json"
	"errors"
	"strconv"
)

// A placeholder is the object {"_placeholder":true,"num":N} that stands in the
// JSON for attachment N.

var errPlaceholder = errors.New("parser: placeholder without an attachment")

// place is a placeholder found in a JSON text.
type place struct {
	start, end int
	marked     bool // has "_placeholder":true
	num        int  // the attachment, valid if indexed
	indexed    bool
}

// member looks at one member of an object that may turn out to be a
// placeholder. The last of several members with the same key counts.
func (p *place) member(key []byte, k kind, value []byte) {
	switch {
	case keyIs(key, "_placeholder"):
		p.marked = k == kindLiteral && string(value) == "true"
	case keyIs(key, "num"):
		num, err := strconv.ParseUint(string(value), 10, 31)
		p.num, p.indexed = int(num), err == nil
	}
}

// keyIs compares a JSON string, in its quotes, with a name.
func keyIs(key []byte, name string) bool {
	inner := key[1 : len(key)-1]
	if string(inner) == name {
		return true
	}
	const longest = len(`\u005f`) // way to write a letter
	if len(inner) <= len(name) || len(inner) > len(name)*longest {
		return false
	}
	var decoded string
	return json.Unmarshal(key, &decoded) == nil && decoded == name
}

// foundPlace ends an object that may be a placeholder.
func (s *scanner) foundPlace(found place) {
	if s.places == nil || !found.marked {
		return
	}
	found.end = s.pos
	places := *s.places
	for len(places) > 0 && places[len(places)-1].start > found.start {
		places = places[:len(places)-1] // inside this one, which replaces it
	}
	*s.places = append(places, found)
}

// placesIn finds the placeholders of a JSON text, in order. Each is checked to
// have an index below count.
func placesIn(data []byte, count int) ([]place, error) {
	var places []place
	s := scanner{data: data, places: &places}
	if _, err := s.check(); err != nil {
		return nil, err
	}
	for _, p := range places {
		if !p.indexed || p.num >= count {
			return nil, errPlaceholder
		}
	}
	return places, nil
}

// replacePlaces appends data to dst, with each placeholder replaced by what
// replace appends for its index.
func replacePlaces(dst, data []byte, places []place, replace func(dst []byte, num int) []byte) []byte {
	end := 0
	for _, p := range places {
		dst = append(dst, data[end:p.start]...)
		dst = replace(dst, p.num)
		end = p.end
	}
	return append(dst, data[end:]...)
}

func appendPlaceholder(dst []byte, num int) []byte {
	dst = append(dst, `{"_placeholder":true,"num":`...)
	dst = strconv.AppendInt(dst, int64(num), 10)
	return append(dst, '}')
}
