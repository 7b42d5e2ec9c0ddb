// Package gzipped compresses what HTTP requests are answered.
package gzipped

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// Compressor makes gzip of one level.
type Compressor struct {
	level   int
	writers sync.Pool // of *gzip.Writer with the level
}

// New returns a Compressor. The level is one of compress/gzip's; with another
// one nothing is compressed.
func New(level int) *Compressor { return &Compressor{level: level} }

// Compress returns body compressed, or nil if that is not smaller.
func (c *Compressor) Compress(body []byte) []byte {
	var out bytes.Buffer
	writer, ok := c.writers.Get().(*gzip.Writer)
	if ok {
		writer.Reset(&out)
	} else {
		fresh, err := gzip.NewWriterLevel(&out, c.level)
		if err != nil {
			return nil
		}
		writer = fresh
	}
	writer.Write(body) // neither fails: out does not
	writer.Close()
	c.writers.Put(writer)
	if out.Len() >= len(body) {
		return nil
	}
	return out.Bytes()
}

// AcceptedBy reads Accept-Encoding (RFC 9110, section 12.5.3). The first of gzip
// and "*" decides; a weight of 0 is a refusal.
func AcceptedBy(r *http.Request) bool {
	for _, list := range r.Header["Accept-Encoding"] {
		for part := range strings.SplitSeq(list, ",") {
			coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
			coding = strings.TrimSpace(coding)
			if coding != "*" && !strings.EqualFold(coding, "gzip") {
				continue
			}
			_, q, weighted := strings.Cut(weight, "=")
			return !weighted || strings.Trim(q, "0. ") != ""
		}
	}
	return false
}
