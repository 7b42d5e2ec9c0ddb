package httpapi_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"parley/internal/api"
	"parley/internal/httpapi"
)

var built = fstest.MapFS{
	"index.html":           {Data: []byte("<!doctype html>page")},
	"index.html.br":        {Data: []byte("brotli page")},
	"index.html.gz":        {Data: []byte("gzip page")},
	"assets/app-1a2b.js":   {Data: []byte("code")},
	"favicon.svg":          {Data: []byte("<svg/>")},
	"manifest.webmanifest": {Data: []byte("{}")},
}

// serve starts the handler; its socket endpoint tells how it sees a request.
func serve(t *testing.T, change func(*httpapi.Options)) *httptest.Server {
	t.Helper()
	opts := &httpapi.Options{
		Client: built,
		Events: api.New(nil, nil),
		Ready:  func(context.Context) error { return nil },
		Socket: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, r.URL.Scheme+" "+r.RemoteAddr)
		}),
	}
	if change != nil {
		change(opts)
	}
	handler, err := httpapi.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// do sends a request with headers given as "Name: value".
func do(t *testing.T, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "identity") // else the transport asks for gzip by itself
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

func TestClient_PathsWithoutAnExtensionAreThePage(t *testing.T) {
	server := serve(t, nil)
	for _, path := range []string{"/", "/room/42", "/a%20b", "/index.html"} {
		response, body := do(t, "GET", server.URL+path, "")
		if response.StatusCode != 200 || body != "<!doctype html>page" || response.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %d %q %v", path, response.StatusCode, body, response.Header)
		}
		if got := response.Header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
	}
}

func TestClient_HashedAssetsAreKeptForEver(t *testing.T) {
	server := serve(t, nil)
	response, body := do(t, "GET", server.URL+"/assets/app-1a2b.js", "")
	if body != "code" || response.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("%q %v", body, response.Header)
	}
	if got := response.Header.Get("Content-Type"); got != "text/javascript; charset=utf-8" {
		t.Errorf("Content-Type %q", got)
	}
}

func TestClient_AFileThatIsNotThereIsNotThePage(t *testing.T) {
	server := serve(t, nil)
	for _, path := range []string{"/assets/old.js", "/index.html.br", "/robots.txt"} {
		if response, _ := do(t, "GET", server.URL+path, ""); response.StatusCode != 404 {
			t.Errorf("%s: %d", path, response.StatusCode)
		}
	}
}

func TestClient_SendsTheBestFormThatTheBrowserTakes(t *testing.T) {
	server := serve(t, nil)
	tests := []struct{ accept, encoding, body string }{
		{"gzip, deflate, br, zstd", "br", "brotli page"},
		{"gzip, br;q=0", "gzip", "gzip page"},
		{"gzip;q=0.5", "gzip", "gzip page"},
		{"br; q=0.000, gzip; q=0", "", "<!doctype html>page"},
		{"identity", "", "<!doctype html>page"},
	}
	for _, test := range tests {
		response, body := do(t, "GET", server.URL+"/", "", "Accept-Encoding: "+test.accept)
		if body != test.body || response.Header.Get("Content-Encoding") != test.encoding {
			t.Errorf("%s: %q %q", test.accept, response.Header.Get("Content-Encoding"), body)
		}
		if got := response.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("%s: Vary %q", test.accept, got)
		}
	}
}

func TestClient_AnUnchangedFileIsNotSentAgain(t *testing.T) {
	server := serve(t, nil)
	first, _ := do(t, "GET", server.URL+"/favicon.svg", "")
	again, body := do(t, "GET", server.URL+"/favicon.svg", "", "If-None-Match: "+first.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("%d %q", again.StatusCode, body)
	}
}

func TestClient_SaysWhenItIsNotBuilt(t *testing.T) {
	server := serve(t, func(o *httpapi.Options) { o.Client = nil })
	response, body := do(t, "GET", server.URL+"/", "")
	if response.StatusCode != 503 || body != "The web client is not built. Run make\n" {
		t.Errorf("%d %q", response.StatusCode, body)
	}
}

func TestClient_TakesNothing(t *testing.T) {
	server := serve(t, nil)
	response, _ := do(t, "POST", server.URL+"/", "x")
	if response.StatusCode != http.StatusMethodNotAllowed || response.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("%d %v", response.StatusCode, response.Header)
	}
	if response, body := do(t, "HEAD", server.URL+"/", ""); response.StatusCode != 200 || body != "" {
		t.Errorf("HEAD: %d %q", response.StatusCode, body)
	}
}

func TestClient_FailsToStartOnFilesThatCannotBeRead(t *testing.T) {
	_, err := httpapi.New(&httpapi.Options{Client: broken{}, Events: api.New(nil, nil)})
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
}

type broken struct{}

func (broken) Open(string) (fs.File, error) { return nil, fs.ErrPermission }

func TestEveryAnswer_CarriesTheSecurityHeaders(t *testing.T) {
	server := serve(t, nil)
	for _, path := range []string{"/", "/missing.png", "/api/v1/me", "/healthz", "/socket.io/"} {
		response, _ := do(t, "GET", server.URL+path, "")
		h := response.Header
		if !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'; style-src 'self';") ||
			h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, h)
		}
		if h.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: HSTS over plain HTTP", path)
		}
	}
}

func TestHealth_TellsWhetherItLivesAndIsReady(t *testing.T) {
	broken := errors.New("the disk is gone")
	server := serve(t, func(o *httpapi.Options) { o.Ready = func(context.Context) error { return broken } })
	if response, body := do(t, "GET", server.URL+"/healthz", ""); response.StatusCode != 200 || body != "ok\n" {
		t.Errorf("%d %q", response.StatusCode, body)
	}
	response, body := do(t, "GET", server.URL+"/readyz", "")
	if response.StatusCode != 503 || strings.Contains(body, "disk") {
		t.Errorf("%d %q", response.StatusCode, body)
	}
	server = serve(t, nil)
	if response, _ := do(t, "GET", server.URL+"/readyz", ""); response.StatusCode != 200 {
		t.Errorf("%d", response.StatusCode)
	}
}

func TestProxyHeaders_CountOnlyBehindAProxy(t *testing.T) {
	headers := []string{"X-Forwarded-For: 198.51.100.7, 203.0.113.9", "X-Forwarded-Proto: https"}
	server := serve(t, nil)
	if _, body := do(t, "GET", server.URL+"/socket.io/", "", headers...); !strings.HasPrefix(body, "http 127.0.0.1:") {
		t.Errorf("without a proxy: %q", body)
	}
	server = serve(t, func(o *httpapi.Options) { o.BehindProxy = true })
	response, body := do(t, "GET", server.URL+"/socket.io/", "", headers...)
	if body != "https 203.0.113.9:0" {
		t.Errorf("behind a proxy: %q", body)
	}
	if response.Header.Get("Strict-Transport-Security") == "" {
		t.Error("behind a proxy with TLS: no HSTS")
	}
	if _, body := do(t, "GET", server.URL+"/socket.io/", "", "X-Forwarded-For: nonsense"); !strings.HasPrefix(body, "http 127.0.0.1:") {
		t.Errorf("behind a proxy, unreadable: %q", body)
	}
}

func TestAPI_RefusesOtherWebSites(t *testing.T) {
	server := serve(t, func(o *httpapi.Options) { o.Origins = []string{"https://friend.example"} })
	foreign := [][]string{
		{"Sec-Fetch-Site: cross-site"},
		{"Sec-Fetch-Site: same-site"},
		{"Origin: https://evil.example"},
		{"Origin: null"},
	}
	for _, headers := range foreign {
		response, body := do(t, "POST", server.URL+"/api/v1/login", `{}`, append(headers, "Content-Type: application/json")...)
		if response.StatusCode != 403 || !strings.Contains(body, `"code":"forbidden"`) {
			t.Errorf("%v: %d %s", headers, response.StatusCode, body)
		}
	}
	response, _ := do(t, "POST", server.URL+"/api/v1/logout", `{}`, "Origin: https://friend.example", "Sec-Fetch-Site: cross-site")
	if response.StatusCode != 401 {
		t.Errorf("an allowed origin: %d", response.StatusCode)
	}
}

func TestAPI_AnswersEveryBadRequestInTheEnvelope(t *testing.T) {
	server := serve(t, nil)
	const asJSON = "Content-Type: application/json"
	tests := []struct {
		method, path, body, header string
		status                     int
		code                       string
	}{
		{"POST", "/api/v1/login", `{"name":"ann"}`, "Content-Type: text/plain", 400, "invalid"},
		{"POST", "/api/v1/login", `name=ann`, "Content-Type: application/x-www-form-urlencoded", 400, "invalid"},
		{"POST", "/api/v1/login", `{"name":`, asJSON, 400, "invalid"},
		{"POST", "/api/v1/login", `[]`, asJSON, 400, "invalid"},
		{"POST", "/api/v1/login", ``, asJSON, 400, "invalid"},
		{"POST", "/api/v1/login", `{"name":7}`, asJSON, 400, "invalid"},
		{"POST", "/api/v1/login", `{"name":"` + strings.Repeat("x", 70_000) + `"}`, asJSON, 413, "too_large"},
		{"GET", "/api/v1/login", ``, asJSON, 404, "not_found"},
		{"GET", "/api/v1/me", ``, asJSON, 401, "unauthorized"},
		{"POST", "/api/v1/logout", ``, asJSON, 401, "unauthorized"},
		{"GET", "/api/v1/nothing", ``, asJSON, 404, "not_found"},
		{"DELETE", "/api/", ``, asJSON, 404, "not_found"},
	}
	for _, test := range tests {
		response, body := do(t, test.method, server.URL+test.path, test.body, test.header)
		if response.StatusCode != test.status || !strings.HasPrefix(body, `{"ok":false,"error":{"code":"`+test.code+`"`) {
			t.Errorf("%s %s %.20s: %d %s", test.method, test.path, test.body, response.StatusCode, body)
		}
		if response.Header.Get("Content-Type") != "application/json" || response.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s %s: %v", test.method, test.path, response.Header)
		}
	}
}
