package chat_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
)

// memory is chat.Blobs without a disk.
type memory struct {
	mu   sync.Mutex // guards kept
	kept map[chat.ID][]byte
}

func (m *memory) Put(_ context.Context, id chat.ID, content io.Reader) (int64, error) {
	all, err := io.ReadAll(content)
	if err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[id] = all
	return int64(len(all)), nil
}

type memoryFile struct{ *bytes.Reader }

func (memoryFile) Close() error { return nil }

func (m *memory) Open(_ context.Context, id chat.ID) (io.ReadSeekCloser, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if all, ok := m.kept[id]; ok {
		return memoryFile{bytes.NewReader(all)}, nil
	}
	return nil, chat.ErrNotFound
}

func (m *memory) Remove(_ context.Context, id chat.ID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, id)
	return nil
}

func (m *memory) ids() []chat.ID {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.kept))
}

// archive is a house that keeps files of up to 100 bytes.
func archive(t *testing.T) (*house, *memory) {
	blobs := &memory{kept: make(map[chat.ID][]byte)}
	return newHouse(t, func(o *chat.Options) { o.Blobs, o.MaxFileBytes = blobs, 100 }), blobs
}

func (h *house) upload(t *testing.T, by chat.Session, name, mime, content string) chat.File {
	t.Helper()
	file, err := h.Upload(t.Context(), by, chat.UploadInput{Name: name, MIME: mime, Content: strings.NewReader(content)})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// reads is what somebody gets of a file.
func (h *house) reads(t *testing.T, by chat.Session, id chat.ID) string {
	t.Helper()
	_, content, err := h.OpenFile(t.Context(), by, id.String())
	if err != nil {
		return string(chat.CodeOf(err))
	}
	defer content.Close()
	all, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

func TestFiles_OwnUntilSentThenTheRooms(t *testing.T) {
	h, _ := archive(t)
	ann, bob, chen := h.login(t, "ann"), h.login(t, "bob"), h.login(t, "chen")
	h.room(t, ann, chat.CreateRoomInput{Name: "secret", Private: true, Members: []string{"bob"}})
	file := h.upload(t, ann, `C:\photos\a cat.png`, "image/png", "meow")
	if file.Name != "a cat.png" || file.Bytes != 4 || file.MIME != "image/png" {
		t.Errorf("%+v", file)
	}
	check := func(when string, want ...string) {
		t.Helper()
		got := []string{h.reads(t, ann, file.ID), h.reads(t, bob, file.ID), h.reads(t, chen, file.ID)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", when, diff)
		}
	}
	check("before it is sent", "meow", "not_found", "not_found")
	in := chat.SendInput{Room: "secret", CID: "1", Files: []string{file.ID.String()}}
	_, err := h.Send(t.Context(), bob, in)
	wantCode(t, err, chat.NotFound)
	sent, err := h.Send(t.Context(), ann, in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]chat.File{file}, sent.Message.Files); diff != "" {
		t.Error(diff)
	}
	check("sent", "meow", "meow", "not_found")
	again, err := h.Send(t.Context(), ann, in)
	if err != nil || !again.Duplicate || len(again.Message.Files) != 1 {
		t.Errorf("again: %+v, %v", again, err)
	}
	_, err = h.Send(t.Context(), ann, chat.SendInput{Room: "secret", CID: "1", Body: "something else"})
	wantCode(t, err, chat.Conflict)
	_, err = h.Send(t.Context(), ann, chat.SendInput{Room: "secret", Body: "once more", Files: in.Files})
	wantCode(t, err, chat.NotFound)
	page, err := h.History(t.Context(), bob, chat.HistoryInput{Room: "secret"})
	if err != nil || len(page.Messages) != 1 || len(page.Messages[0].Files) != 1 {
		t.Errorf("history: %+v, %v", page, err)
	}
	if got := found(t, h, bob, chat.SearchInput{Query: "cat", Has: chat.HasFile}); len(got) != 1 {
		t.Errorf("search by the file's name: %q", got)
	}
	if _, err := h.Edit(t.Context(), ann, chat.EditInput{Room: "secret", Seq: 1, Body: ""}); err != nil {
		t.Errorf("no text beside a file: %v", err)
	}
	if _, err := h.Kick(t.Context(), ann, "secret", "bob"); err != nil {
		t.Fatal(err)
	}
	check("after the kick", "meow", "not_found", "not_found")
	if _, err := h.Delete(t.Context(), ann, chat.DeleteInput{Room: "secret", Seq: 1}); err != nil {
		t.Fatal(err)
	}
	check("deleted", "not_found", "not_found", "not_found")
}

func TestFiles_SweptWhenNobodyCanReadThem(t *testing.T) {
	h, blobs := archive(t)
	ann := h.login(t, "ann")
	kept, deleted, loose := h.upload(t, ann, "kept", "", "1"), h.upload(t, ann, "deleted", "", "2"), h.upload(t, ann, "loose", "", "3")
	for _, file := range []chat.File{deleted, kept} {
		if _, err := h.Send(t.Context(), ann, chat.SendInput{Files: []string{file.ID.String()}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Delete(t.Context(), ann, chat.DeleteInput{Room: "everyone", Seq: 1}); err != nil {
		t.Fatal(err)
	}
	sweep := func(left ...chat.ID) {
		t.Helper()
		if err := h.Sweep(t.Context()); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(left, blobs.ids()); diff != "" {
			t.Error(diff)
		}
	}
	sweep(kept.ID, loose.ID)
	sweep(kept.ID, loose.ID)
	h.clock.t = h.clock.t.Add(25 * time.Hour)
	sweep(kept.ID)
}

func TestFiles_Refusals(t *testing.T) {
	h, blobs := archive(t)
	ann := h.login(t, "ann")
	for what, c := range map[string]struct {
		in   chat.UploadInput
		code chat.Code
	}{
		"too large":   {chat.UploadInput{Name: "x", Content: strings.NewReader(strings.Repeat("x", 101))}, chat.TooLarge},
		"largest":     {chat.UploadInput{Name: "x", Content: strings.NewReader(strings.Repeat("x", 100))}, ""},
		"described":   {chat.UploadInput{Name: "x", Alt: strings.Repeat("é", 1001), Content: strings.NewReader("x")}, chat.Invalid},
		"interrupted": {chat.UploadInput{Name: "x", Content: iotest.ErrReader(errors.New("gone"))}, chat.Internal},
	} {
		if _, err := h.Upload(t.Context(), ann, c.in); chat.CodeOf(err) != c.code {
			t.Errorf("%s: %v", what, err)
		}
	}
	if left := blobs.ids(); len(left) != 1 {
		t.Errorf("%d files are kept", len(left))
	}
	for raw, want := range map[string]string{"../../etc/passwd": "passwd", "a\x00\u202eb": "ab", "..": "file", "": "file", " x ": "x", strings.Repeat("é", 300): strings.Repeat("é", 200)} {
		if file := h.upload(t, ann, raw, "", "x"); file.Name != want {
			t.Errorf("%q becomes %q", raw, file.Name)
		}
	}
	_, err := h.Send(t.Context(), ann, chat.SendInput{Files: make([]string, 11)})
	wantCode(t, err, chat.Invalid)
	for _, id := range []string{"", "x", "1"} {
		_, err := h.Send(t.Context(), ann, chat.SendInput{Files: []string{id}})
		wantCode(t, err, chat.NotFound)
		_, _, err = h.OpenFile(t.Context(), ann, id)
		wantCode(t, err, chat.NotFound)
	}
	without := newHouse(t, nil)
	_, err = without.Upload(t.Context(), without.login(t, "ann"), chat.UploadInput{Name: "x", Content: strings.NewReader("x")})
	wantCode(t, err, chat.Unavailable)
}

func TestFiles_APictureIsForEverybody(t *testing.T) {
	h, _ := archive(t)
	ann, bob := h.login(t, "ann"), h.login(t, "bob")
	first, second := h.upload(t, ann, "1.png", "image/png", "one"), h.upload(t, ann, "2.png", "image/png", "two")
	text := h.upload(t, ann, "3.txt", "text/plain", "three")
	set := func(id string) (chat.User, error) {
		return h.UpdateUser(t.Context(), ann, chat.UpdateUserInput{Avatar: &id})
	}
	for _, file := range []chat.File{first, first, second} {
		if me, err := set(file.ID.String()); err != nil || me.Avatar != file.ID {
			t.Fatalf("%+v, %v", me, err)
		}
		if h.reads(t, bob, file.ID) == "not_found" {
			t.Error("bob cannot see it")
		}
	}
	if got := h.reads(t, bob, first.ID); got != "not_found" {
		t.Errorf("the old one reads %q", got)
	}
	_, err := set(text.ID.String())
	wantCode(t, err, chat.Invalid)
	_, err = set(first.ID.String())
	wantCode(t, err, chat.NotFound)
	if seen, err := h.User(t.Context(), bob, "ann"); err != nil || seen.Avatar != second.ID {
		t.Errorf("%+v, %v", seen, err)
	}
	_, err = h.Send(t.Context(), ann, chat.SendInput{Files: []string{second.ID.String()}})
	wantCode(t, err, chat.NotFound)
	if me, err := set(""); err != nil || me.Avatar != 0 {
		t.Errorf("%+v, %v", me, err)
	}
}
