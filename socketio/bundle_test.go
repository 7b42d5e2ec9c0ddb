package socketio_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"parley/socketio"
)

func TestClient_LargeFilesAreCompressedForWhoAcceptsIt(t *testing.T) {
	const script, sources = "client();", `{"version":3}`
	files := fstest.MapFS{
		"socket.io.min.js":     {Data: []byte(strings.Repeat(script, 1000))},
		"socket.io.min.js.map": {Data: []byte(strings.Repeat(sources, 1000))},
	}
	opts := quiet(t)
	opts.Client = files
	server := start(t, socketio.New(opts))
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	for name, media := range map[string]string{
		"socket.io.min.js":     "text/javascript; charset=utf-8",
		"socket.io.min.js.map": "application/json; charset=utf-8",
	} {
		etags := map[string]string{}
		for accepted, coding := range map[string]string{"identity": "", "gzip": "gzip"} {
			get := func(etag string) *http.Response {
				t.Helper()
				r, err := http.NewRequestWithContext(testContext(t), "GET", server.URL+"/socket.io/"+name, nil)
				must(t, err)
				r.Header = http.Header{"Accept-Encoding": {accepted}, "If-None-Match": {etag}}
				response, err := http.DefaultClient.Do(r)
				must(t, err)
				t.Cleanup(func() { response.Body.Close() })
				return response
			}
			response := get("")
			body := io.Reader(response.Body)
			if coding == "gzip" {
				unpacked, err := gzip.NewReader(body)
				must(t, err)
				body = unpacked
			}
			data, err := io.ReadAll(body)
			must(t, err)
			h := response.Header
			if string(data) != string(files[name].Data) || h.Get("Content-Encoding") != coding {
				t.Errorf("%s in %q: %d bytes in %q", name, coding, len(data), h.Get("Content-Encoding"))
			}
			if h.Get("Content-Type") != media || h.Get("Vary") != "Accept-Encoding" || h.Get("Cache-Control") != "public, max-age=0" {
				t.Errorf("%s in %q: %v", name, coding, h)
			}
			if got := get(h.Get("ETag")).StatusCode; got != http.StatusNotModified {
				t.Errorf("%s in %q, with its ETag: %d", name, coding, got)
			}
			etags[h.Get("ETag")] = coding
		}
		if len(etags) != 2 {
			t.Errorf("%s: the ETags of both forms are %v", name, etags)
		}
	}
}

func TestServer_AlsoServesThePathWithoutItsLastSlash(t *testing.T) {
	io := socketio.New(quiet(t))
	t.Cleanup(func() { must(t, io.Shutdown(testContext(t))) })
	mux := http.NewServeMux()
	mux.Handle("/socket.io", io)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	response, err := server.Client().Get(server.URL + "/socket.io?EIO=4&transport=polling")
	must(t, err)
	must(t, response.Body.Close())
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %d", response.StatusCode)
	}
}
