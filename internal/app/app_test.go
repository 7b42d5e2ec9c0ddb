package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"go.uber.org/goleak"

	"parley/internal/app"
	"parley/internal/config"
	"parley/internal/wire"
	"parley/socketio/socketiotest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// parley is a server of a test.
type parley struct {
	*app.App
	url  string
	dir  string
	http *http.Client
	log  *strings.Builder // complete after Close

	mayLogErrors bool // the test makes some
}

// start serves a fresh database on a free port, as "parley serve" does.
func start(t *testing.T, change func(*config.Serve)) *parley {
	t.Helper()
	return startIn(t, t.TempDir(), change)
}

// startIn serves the database of a directory.
func startIn(t *testing.T, dir string, change func(*config.Serve)) *parley {
	t.Helper()
	cfg := flagsFor(t, dir)
	cfg.LoginDeadline = time.Minute // a test may take its time with who has not logged in
	if change != nil {
		change(cfg)
	}
	p := &parley{dir: dir, http: &http.Client{Transport: &http.Transport{}}, log: new(strings.Builder)}
	logger := slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	running, err := app.Start(t.Context(), cfg, &app.Options{Version: "test", Logger: logger, HashMemory: 64})
	if err != nil {
		t.Fatal(err)
	}
	p.App, p.url = running, running.URL()
	t.Cleanup(func() {
		p.http.CloseIdleConnections()
		if err := running.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if strings.Contains(p.log.String(), "level=ERROR") && !p.mayLogErrors {
			t.Errorf("the server logged errors:\n%s", p.log)
		}
	})
	return p
}

// flagsFor are those of "parley serve" with a data directory.
func flagsFor(t *testing.T, dir string) *config.Serve {
	t.Helper()
	cfg := new(config.Serve)
	flags, err := kong.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := flags.Parse([]string{"--listen=127.0.0.1:0", "--data=" + dir}); err != nil {
		t.Fatal(err)
	}
	if onPostgres != nil {
		cfg.Database = onPostgres.of(dir)
	}
	return cfg
}

// dial opens a socket with a handshake auth, nil for none.
func (p *parley) dial(t *testing.T, auth m) *device {
	t.Helper()
	return p.dialWith(t, auth, nil)
}

// dialWith opens a socket with further request headers.
func (p *parley) dialWith(t *testing.T, auth m, headers http.Header) *device {
	t.Helper()
	client, err := p.tryDial(t, auth, &socketiotest.Options{Header: headers})
	if err != nil {
		t.Fatal(err)
	}
	return &device{T: t, client: client}
}

func (p *parley) tryDial(t *testing.T, auth m, opts *socketiotest.Options) (*socketiotest.Client, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	opts.HTTPClient = p.http
	if auth != nil {
		opts.Auth = auth
	}
	client, err := socketiotest.Dial(ctx, p.url, opts)
	if err == nil {
		t.Cleanup(client.Close)
	}
	return client, err
}

// refusedDial opens a socket that must be refused and returns the data of the
// refusal.
func (p *parley) refusedDial(t *testing.T, auth m, headers http.Header) string {
	t.Helper()
	_, err := p.tryDial(t, auth, &socketiotest.Options{Header: headers})
	var refusal *socketiotest.ConnectError
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v, want a connect_error", err)
	}
	if refusal.Message == "" {
		t.Error("the refusal says nothing")
	}
	return string(refusal.Data)
}

// eventually waits for what becomes true by itself soon.
func (p *parley) eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !is() {
		if time.Now().After(deadline) {
			t.Fatalf("it did not come true: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func passwordOf(name string) string { return "the passphrase of " + name }

// device logs a person in on a new socket.
func (p *parley) device(t *testing.T, name string) *device {
	t.Helper()
	d := p.dial(t, nil)
	in := d.ok(wire.AuthLogin, m{"name": name, "password": passwordOf(name)})
	d.token, d.me = in.Token, in.User
	next[wire.ReadyPush](d, wire.Ready)
	return d
}

// person is device for somebody new.
func (p *parley) person(t *testing.T, name string) *device {
	t.Helper()
	d := p.device(t, name)
	if d.me.Name != name {
		t.Fatalf("%s is %s", name, d.me.Name)
	}
	return d
}

// header makes headers of names and values in turn.
func header(pairs ...string) http.Header {
	h := make(http.Header)
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

// post sends a JSON body; nil sends none.
func (p *parley) post(t *testing.T, path string, payload m, headers http.Header) (int, http.Header, answer) {
	t.Helper()
	var body io.Reader = http.NoBody
	if payload != nil {
		data, err := json.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	return p.do(t, request, headers)
}

func (p *parley) get(t *testing.T, path string, headers http.Header) (int, http.Header, answer) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p.do(t, request, headers)
}

func (p *parley) do(t *testing.T, request *http.Request, headers http.Header) (int, http.Header, answer) {
	t.Helper()
	request.Header.Set("Content-Type", "application/json")
	for name, values := range headers {
		request.Header[name] = values
	}
	response, err := p.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var a answer
	if err := json.NewDecoder(response.Body).Decode(&a); err != nil {
		t.Fatalf("%s %s: %v", request.Method, request.URL, err)
	}
	return response.StatusCode, response.Header, a
}

// cookieOf is the session cookie that an answer sets, as a request carries it.
func cookieOf(t *testing.T, h http.Header) string {
	t.Helper()
	pair, _, found := strings.Cut(h.Get("Set-Cookie"), ";")
	if !found || !strings.HasPrefix(pair, "parley_session=") {
		t.Fatalf("no session cookie in %v", h)
	}
	return pair
}
