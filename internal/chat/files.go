package chat

import (
	"context"
	"io"
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
	return File{}, errSoon()
}

// OpenFile reads a file: one's own until it is sent, then whoever may read the room. The caller closes it. Error: NotFound.
func (s *Service) OpenFile(ctx context.Context, by Session, id string) (File, io.ReadSeekCloser, error) {
	return File{}, nil, errSoon()
}

// SweepFiles forgets the bytes of files whose message was deleted, and of uploads that nobody has sent for a day. It
// tells how many are gone. The app calls it now and then.
func (s *Service) SweepFiles(ctx context.Context) (int, error) {
	return 0, errSoon()
}
