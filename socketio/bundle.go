package socketio

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley/socketio/internal/gzipped"
)

// bundle serves the files of the JavaScript client.
type bundle struct {
	files map[string]*bundled // by name
}

// bundled is one file.
type bundled struct {
	data   []byte
	etag   string        // without the quotes
	packed func() []byte // compressed at the first call; nil if that gains nothing
}

// newBundle reads the files named socket.io*; others are not served.
func newBundle(files fs.FS) *bundle {
	b := &bundle{files: map[string]*bundled{}}
	names, err := fs.Glob(files, "socket.io*")
	if err != nil { // the pattern is well formed
		return b
	}
	gzip := gzipped.New(gzip.BestCompression)
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			continue
		}
		sum := sha256.Sum256(data)
		b.files[name] = &bundled{
			data:   data,
			etag:   hex.EncodeToString(sum[:8]),
			packed: sync.OnceValue(func() []byte { return gzip.Compress(data) }),
		}
	}
	return b
}

func (b *bundle) serve(w http.ResponseWriter, r *http.Request, name string) {
	file, ok := b.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	data, etag := file.data, file.etag
	if packed := file.packed(); packed != nil {
		h.Add("Vary", "Accept-Encoding")
		if gzipped.AcceptedBy(r) {
			data, etag = packed, etag+"-gzip"
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Cache-Control", "public, max-age=0")
	h.Set("Content-Type", mediaOf(name))
	h.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}

func mediaOf(name string) string {
	if strings.HasSuffix(name, ".map") {
		return "application/json; charset=utf-8"
	}
	return "text/javascript; charset=utf-8"
}
