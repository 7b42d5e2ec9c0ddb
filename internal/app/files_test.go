package app_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/config"
	"parley/internal/wire"
)

// upload sends a form with one file.
func (p *parley) upload(t *testing.T, d *device, field, name string, content []byte) (int, uploaded) {
	t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	if err := w.WriteField("alt", "what it shows"); err != nil {
		t.Fatal(err)
	}
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return p.postForm(t, d, &form, w.FormDataContentType())
}

type uploaded struct {
	OK    bool
	Error wire.Error
	File  wire.File
}

func (p *parley) postForm(t *testing.T, d *device, form io.Reader, contentType string) (int, uploaded) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/api/v1/files", form)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	if d != nil {
		request.Header.Set("Authorization", "Bearer "+d.token)
	}
	response, err := p.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var a uploaded
	if err := json.NewDecoder(response.Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, a
}

func (p *parley) download(t *testing.T, d *device, path string, headers ...string) (int, http.Header, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header(headers...)
	if d != nil {
		request.Header.Set("Authorization", "Bearer "+d.token)
	}
	response, err := p.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(body)
}

const page = "<!doctype html><script>alert(1)</script>"

func TestFile_IsReadByItsUploaderThenByTheRoomAndGoneWithItsMessage(t *testing.T) {
	parley := start(t, nil)
	ann, bob, eve := parley.person(t, "ann"), parley.person(t, "bob"), parley.person(t, "eve")
	room := ann.ok(wire.RoomCreate, m{"name": "Secret", "private": true, "members": []string{"bob"}}).Room.ID
	status, up := parley.upload(t, ann, "file", `C:\dir\ä page.html`, []byte(page))
	if status != 200 || !up.OK || up.File.Name != "ä page.html" || up.File.Bytes != int64(len(page)) ||
		up.File.MIME != "text/html; charset=utf-8" || up.File.Alt != "what it shows" {
		t.Fatalf("%d %+v", status, up)
	}
	reads := func(when string, d *device, want int) {
		t.Helper()
		if status, _, _ := parley.download(t, d, up.File.URL); status != want {
			t.Errorf("%s: %d, want %d", when, status, want)
		}
	}
	reads("before it is sent, the uploader", ann, 200)
	reads("before it is sent, another", bob, 404)
	reads("a stranger", nil, 401)

	for d, files := range map[*device][]any{bob: {up.File.ID}, ann: {up.File.ID, "1"}} {
		if got := d.refused(wire.MessageSend, m{"room": room, "body": "x", "files": files}); got.Code != "not_found" || got.Field != "files" {
			t.Errorf("%s: %+v", d.me.Name, got)
		}
	}
	sent := ann.ok(wire.MessageSend, m{"room": room, "body": "", "files": []any{up.File.ID}}).Message
	if got := next[wire.MessagePush](bob, wire.MessageNew); len(got.Message.Files) != 1 || got.Message.Files[0] != up.File {
		t.Errorf("got %+v", got.Message.Files)
	}
	reads("a member", bob, 200)
	reads("no member", eve, 404)
	ann.ok(wire.RoomKick, m{"room": room, "user": "bob"})
	reads("who was kicked", bob, 404)
	ann.ok(wire.MessageDelete, m{"room": room, "seq": sent.Seq})
	reads("after the message was deleted", ann, 404)
}

func TestFile_IsNeverRunByABrowser(t *testing.T) {
	parley := start(t, nil)
	ann := parley.person(t, "ann")
	_, up := parley.upload(t, ann, "file", "ä page.html", []byte(page))
	status, h, body := parley.download(t, ann, up.File.URL)
	if status != 200 || body != page {
		t.Fatalf("%d %q", status, body)
	}
	for name, want := range map[string]string{
		"Content-Disposition":          "attachment; filename*=utf-8''%C3%A4%20page.html",
		"Content-Security-Policy":      "sandbox; default-src 'none'",
		"X-Content-Type-Options":       "nosniff",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cache-Control":                "private, no-cache",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if status, _, body := parley.download(t, ann, up.File.URL, "Range", "bytes=2-8"); status != 206 || body != page[2:9] {
		t.Errorf("a part: %d %q", status, body)
	}
	if status, _, _ := parley.download(t, ann, up.File.URL, "If-None-Match", h.Get("ETag")); status != 304 {
		t.Errorf("unchanged: %d", status)
	}
}

func TestFile_BadUploadsAreRefusedAndKeepNothing(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.FileBytes = 1 << 20 })
	ann := parley.person(t, "ann")
	check := func(what string, status int, a uploaded, wantStatus int, code string) {
		t.Helper()
		if status != wantStatus || a.OK || string(a.Error.Code) != code {
			t.Errorf("%s: %d %+v", what, status, a)
		}
	}
	status, a := parley.upload(t, nil, "file", "x", []byte("x"))
	check("a stranger", status, a, 401, "unauthorized")
	status, a = parley.upload(t, ann, "photo", "x", []byte("x"))
	check("another field", status, a, 400, "invalid")
	status, a = parley.upload(t, ann, "file", "x", make([]byte, 1<<20+1))
	check("one byte too much", status, a, 413, "too_large")
	status, a = parley.postForm(t, ann, strings.NewReader("{}"), "application/json")
	check("no form", status, a, 400, "invalid")
	status, a = parley.postForm(t, ann, strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nhalf"), "multipart/form-data; boundary=x")
	check("half a form", status, a, 400, "invalid")

	left, err := os.ReadDir(filepath.Join(parley.dir, "files"))
	if err != nil || len(left) != 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	if status, a := parley.upload(t, ann, "file", "x", make([]byte, 1<<20)); status != 200 || a.File.Bytes != 1<<20 {
		t.Errorf("the largest there may be: %d %+v", status, a)
	}
}

func TestReady_TellsTheLimitsOfFiles(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.FileBytes = 12345 })
	_, ready := parley.focused(t, parley.person(t, "ann"))
	if limits := ready.Server.Limits; limits.Files != 10 || limits.FileBytes != 12345 {
		t.Errorf("got %+v", limits)
	}
}

func TestAvatar_IsAFileThatEverybodyMayRead(t *testing.T) {
	parley := start(t, nil)
	ann, bob := parley.person(t, "ann"), parley.person(t, "bob")
	gif := []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;")
	_, up := parley.upload(t, ann, "file", "me.gif", gif)
	ann.ok(wire.UserUpdate, m{"avatar": up.File.ID})
	if got := next[wire.UserPush](bob, wire.UserChanged); got.User.Avatar != up.File.ID.String() {
		t.Errorf("got %+v", got)
	}
	if status, h, body := parley.download(t, bob, "/files/"+up.File.ID.String()+"/avatar"); status != 200 || body != string(gif) || h.Get("Content-Type") != "image/gif" {
		t.Errorf("%d %v", status, h)
	}
}
