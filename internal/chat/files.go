package chat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Limits of files.
const (
	MaxFiles     = 10 // in one message
	maxFileName  = 200
	maxAltText   = 1000
	maxMediaType = 100
)

// File is an upload.
type File struct {
	ID     ID
	Name   string
	MIME   string
	Bytes  int64
	Width  int // pixels; 0 = not an image
	Height int
	Alt    string
}

// Blobs keeps the bytes of files, each under the id of its file.
type Blobs interface {
	// Put stores all of content durably and tells its size. If it fails nothing is kept.
	Put(ctx context.Context, id ID, content io.Reader) (size int64, err error)
	// Open reads what Put has stored. Error: ErrNotFound.
	Open(ctx context.Context, id ID) (io.ReadSeekCloser, error)
	// Remove forgets the bytes; it is no error if there are none.
	Remove(ctx context.Context, id ID) error
}

// UploadInput describes a file to be kept.
type UploadInput struct {
	Name    string // cut to 200 characters; its path and control characters are dropped
	MIME    string // as the edge has found it out from the bytes
	Width   int
	Height  int
	Alt     string // at most 1,000 characters
	Content io.Reader
}

// Upload keeps a file of the acting user that a message can then carry. Its bytes are on disk before its row is. Errors:
// TooLarge (more than Options.MaxFileBytes), Invalid (Field alt), Unavailable (this server keeps no files).
func (s *Service) Upload(ctx context.Context, by Session, in UploadInput) (File, error) {
	if s.opts.Blobs == nil {
		return File{}, Errorf(Unavailable, "This server keeps no files.")
	}
	if !plainText(in.Alt, maxAltText) {
		return File{}, invalidField("alt", "A description has at most %d characters.", maxAltText)
	}
	if _, err := s.Me(ctx, by); err != nil {
		return File{}, err
	}
	file := File{
		ID: s.opts.NewID(), Name: fileName(in.Name), MIME: cutText(in.MIME, maxMediaType),
		Width: in.Width, Height: in.Height, Alt: strings.TrimSpace(in.Alt),
	}
	var err error
	if file.Bytes, err = s.opts.Blobs.Put(ctx, file.ID, &cappedReader{from: in.Content, left: s.opts.MaxFileBytes}); err != nil {
		return File{}, fmt.Errorf("keep the bytes of a file: %w", err)
	}
	err = s.store.Update(ctx, func(tx Tx) error {
		me, err := s.actor(tx, by)
		if err != nil {
			return err
		}
		return tx.InsertFile(me.ID, file, s.now())
	})
	if err != nil {
		return File{}, errors.Join(err, s.opts.Blobs.Remove(context.WithoutCancel(ctx), file.ID))
	}
	return file, nil
}

// fileName is a name without its path and what could mislead in it.
func fileName(raw string) string {
	name := strings.ToValidUTF8(raw[strings.LastIndexAny(raw, `/\`)+1:], "")
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if isControl(r) {
			return -1
		}
		return r
	}, norm.NFC.String(name)))
	if runes := []rune(name); len(runes) > maxFileName {
		name = string(runes[:maxFileName])
	}
	if strings.Trim(name, ".") == "" {
		return "file"
	}
	return name
}

// cappedReader fails with TooLarge where there is more than there may be.
type cappedReader struct {
	from io.Reader
	left int64
}

// Read implements io.Reader.
func (r *cappedReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.left -= int64(n)
	if r.left < 0 {
		return 0, Errorf(TooLarge, "This file is larger than this server keeps.")
	}
	return n, err
}

// OpenFile reads a file: one's own until it is sent, then whoever may read the room. The caller closes it. Error: NotFound.
func (s *Service) OpenFile(ctx context.Context, by Session, id string) (File, io.ReadSeekCloser, error) {
	if s.opts.Blobs == nil {
		return File{}, nil, errNoFile("id")
	}
	var file StoredFile
	err := s.store.View(ctx, func(tx Tx) error {
		me, err := s.actor(tx, by)
		if err != nil {
			return err
		}
		if file, err = findFile(tx, "id", id); err != nil {
			return err
		}
		return mayReadFile(tx, me.ID, file)
	})
	if err != nil {
		return File{}, nil, err
	}
	content, err := s.opts.Blobs.Open(ctx, file.ID)
	if errors.Is(err, ErrNotFound) {
		return File{}, nil, errNoFile("id")
	}
	if err != nil {
		return File{}, nil, fmt.Errorf("open the bytes of a file: %w", err)
	}
	return file.File, content, nil
}

func findFile(tx Tx, field, named string) (StoredFile, error) {
	id, ok := ParseID(named)
	if !ok {
		return StoredFile{}, errNoFile(field)
	}
	file, err := tx.File(id)
	if errors.Is(err, ErrNotFound) {
		return StoredFile{}, errNoFile(field)
	}
	if err != nil {
		return StoredFile{}, fmt.Errorf("find file: %w", err)
	}
	return file, nil
}

func mayReadFile(tx Tx, user ID, file StoredFile) error {
	switch {
	case file.AvatarOf != 0:
		return nil
	case file.Room == 0 && file.Owner == user:
		return nil
	case file.Room == 0:
		return errNoFile("id")
	}
	_, _, err := findRoom(tx, user, file.Room.String())
	if CodeOf(err) == NotFound {
		return errNoFile("id")
	}
	return err
}

func errNoFile(field string) *Error {
	e := Errorf(NotFound, "This file does not exist or is used already.")
	e.Field = field
	return e
}

// loose is an own file that belongs to nothing yet.
func loose(tx Tx, user ID, field, named string) (File, error) {
	file, err := findFile(tx, field, named)
	if err != nil {
		return File{}, err
	}
	if file.Owner != user || file.Room != 0 || file.AvatarOf != 0 {
		return File{}, errNoFile(field)
	}
	return file.File, nil
}

// attach makes files a message's own.
func attach(tx Tx, m *Message, ids []string) error {
	for _, id := range ids {
		file, err := loose(tx, m.Author.ID, "files", id)
		if err != nil {
			return err
		}
		if err := tx.SendFile(file.ID, m.Room, m.Seq); err != nil {
			return fmt.Errorf("attach a file: %w", err)
		}
		m.Files = append(m.Files, file)
	}
	return nil
}
