package engineio

import (
	"net/http"

	"parley/socketio/internal/gzipped"
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

// compress returns body, compressed if that is worth it and r accepts it. The
// headers tell.
func (srv *Server) compress(h http.Header, r *http.Request, body []byte) []byte {
	opts := &srv.opts.HTTPCompression
	if opts.Off || len(body) < opts.Threshold {
		return body
	}
	h.Add("Vary", "Accept-Encoding")
	if !gzipped.AcceptedBy(r) {
		return body
	}
	small := srv.gzip.Compress(body)
	if small == nil {
		return body
	}
	h.Set("Content-Encoding", "gzip")
	return small
}
