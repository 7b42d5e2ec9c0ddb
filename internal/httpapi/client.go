package httpapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// client serves the web client from memory: it is a few hundred kilobytes that
// are in the binary anyway.
type client struct {
	assets map[string]asset // by path without the leading slash; nil if the client is not built
}

// asset is one file in the forms it was built in.
type asset struct {
	contentType string
	forms       []form // the best first; the last is the file itself
}

// form is a file in one encoding; the file itself has none.
type form struct {
	encoding string
	etag     string
	data     []byte
}

const indexFile = "index.html"

// newClient reads the built client. Without one every page says how to get it.
func newClient(files fs.FS) (*client, error) {
	if files == nil {
		return &client{}, nil
	}
	c := &client{assets: make(map[string]asset)}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || isCompressed(name) {
			return err
		}
		read, err := readAsset(files, name)
		c.assets[name] = read
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the web client: %w", err)
	}
	return c, nil
}

func isCompressed(name string) bool {
	return strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")
}

func readAsset(files fs.FS, name string) (asset, error) {
	a := asset{contentType: contentType(name)}
	for _, variant := range []struct{ encoding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}} {
		data, err := fs.ReadFile(files, name+variant.suffix)
		if err != nil {
			if variant.suffix != "" {
				continue // not every file is worth compressing
			}
			return asset{}, err
		}
		sum := sha256.Sum256(data)
		etag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		a.forms = append(a.forms, form{encoding: variant.encoding, etag: etag, data: data})
	}
	return a, nil
}

// contentType is decided by the name alone, not by what the machine has in its
// MIME tables.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".txt", ".md":
		return "text/plain; charset=utf-8"
	}
	if known := mime.TypeByExtension(path.Ext(name)); known != "" {
		return known
	}
	return "application/octet-stream"
}

// ServeHTTP serves a file, or the page itself for a path without an extension.
func (c *client) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		plain(w, http.StatusMethodNotAllowed, "Only GET and HEAD are served here.")
		return
	}
	if c.assets == nil {
		plain(w, http.StatusServiceUnavailable, "The web client is not built. Run make")
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if path.Ext(name) == "" {
		name = indexFile
	}
	found, ok := c.assets[name]
	if !ok {
		plain(w, http.StatusNotFound, "There is no such page.")
		return
	}
	w.Header().Set("Cache-Control", cacheControl(name))
	found.serve(w, r, name)
}

// cacheControl lets browsers keep for ever what is named by its content.
func cacheControl(name string) string {
	if strings.HasPrefix(name, "assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

func (a asset) serve(w http.ResponseWriter, r *http.Request, name string) {
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Add("Vary", "Accept-Encoding")
	chosen := a.choose(r.Header.Values("Accept-Encoding"))
	if chosen.encoding != "" {
		h.Set("Content-Encoding", chosen.encoding)
	}
	h.Set("ETag", chosen.etag)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(chosen.data))
}

// choose is the best form that a client accepts.
func (a asset) choose(accepted []string) form {
	for _, form := range a.forms[:len(a.forms)-1] {
		if accepts(accepted, form.encoding) {
			return form
		}
	}
	return a.forms[len(a.forms)-1]
}

// accepts reads Accept-Encoding: a list of names, each perhaps with a weight, of
// which 0 means never.
func accepts(headers []string, encoding string) bool {
	for _, header := range headers {
		for item := range strings.SplitSeq(header, ",") {
			name, weight, _ := strings.Cut(item, ";")
			if !strings.EqualFold(strings.TrimSpace(name), encoding) {
				continue
			}
			value := strings.TrimPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
			return strings.Trim(value, "0.") != "" || value == ""
		}
	}
	return false
}
