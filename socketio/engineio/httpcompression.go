package engineio

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// HTTPCompression configures the compression of what polls are answered.
type HTTPCompression struct {
	// Off turns it off.
	Off bool
	// Threshold is the size in bytes below which an answer is not compressed.
	Threshold int // default 1024
	// Level is one of compress/gzip's.
	Level int // default gzip.BestSpeed
}

// gzipper compresses answers whose frames allow it and whose clients accept
// it.
type gzipper struct {
	HTTPCompression
	writers sync.Pool // of *gzip.Writer with the level
}

// compress returns body, compressed if that is worth it and r accepts it. The
// headers tell.
func (z *gzipper) compress(h http.Header, r *http.Request, body []byte) []byte {
	if z.Off || len(body) < z.Threshold {
		return body
	}
	h.Add("Vary", "Accept-Encoding")
	if !acceptsGzip(r) {
		return body
	}
	var out bytes.Buffer
	writer, ok := z.writers.Get().(*gzip.Writer)
	if ok {
		writer.Reset(&out)
	} else {
		fresh, err := gzip.NewWriterLevel(&out, z.Level)
		if err != nil {
			return body // the level is none of compress/gzip's
		}
		writer = fresh
	}
	writer.Write(body) // neither fails: out does not
	writer.Close()
	z.writers.Put(writer)
	if out.Len() >= len(body) {
		return body
	}
	h.Set("Content-Encoding", "gzip")
	return out.Bytes()
}

// acceptsGzip reads Accept-Encoding (RFC 9110, section 12.5.3). What names gzip
// and "*" with a weight of 0 is taken as a refusal.
func acceptsGzip(r *http.Request) bool {
	for _, list := range r.Header["Accept-Encoding"] {
		for part := range strings.SplitSeq(list, ",") {
			coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
			coding = strings.TrimSpace(coding)
			if coding != "*" && !strings.EqualFold(coding, "gzip") {
				continue
			}
			_, q, _ := strings.Cut(weight, "=")
			return strings.Trim(q, "0. ") != "" || !strings.Contains(weight, "=")
		}
	}
	return false
}
