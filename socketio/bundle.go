package socketio

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"time"
)

// bundle serves the files of the JavaScript client.
type bundle struct {
	files fs.FS
	etags map[string]string // of each file
}

// newBundle finds the files named socket.io*; others are not served.
func newBundle(files fs.FS) *bundle {
	b := &bundle{files: files, etags: map[string]string{}}
	names, err := fs.Glob(files, "socket.io*")
	if err != nil { // the pattern is well formed
		return b
	}
	for _, name := range names {
		if data, err := fs.ReadFile(files, name); err == nil {
			sum := sha256.Sum256(data)
			b.etags[name] = `"` + hex.EncodeToString(sum[:8]) + `"`
		}
	}
	return b
}

func (b *bundle) serve(w http.ResponseWriter, r *http.Request, name string) {
	etag, ok := b.etags[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	data, err := fs.ReadFile(b.files, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=0")
	w.Header().Set("ETag", etag)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}
