package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"time"

	"parley/internal/chat"
	"parley/internal/wire"
)

const (
	uploadPause = 30 * time.Second // how long an upload may stand still
	formBytes   = 64 << 10         // what a form may have beside the file
	altBytes    = 8 << 10
)

// upload keeps the file of a multipart form. An alt text goes before the file.
func (s *server) upload(w http.ResponseWriter, r *http.Request) (any, error) {
	by, err := s.session(r)
	if err != nil {
		return nil, err
	}
	if err := s.opts.Events.Admit(by.User, wire.FileUpload); err != nil {
		return nil, err
	}
	if r.ContentLength > s.opts.FileBytes+formBytes {
		return nil, s.errTooLarge()
	}
	body := &patientBody{ReadCloser: http.MaxBytesReader(w, r.Body, s.opts.FileBytes+formBytes), connection: http.NewResponseController(w)}
	defer body.end()
	r.Body = body
	form, err := r.MultipartReader()
	if err != nil {
		return nil, errForm()
	}
	alt, part, err := findFile(form)
	if err != nil {
		return nil, s.uploadError(err)
	}
	start := make([]byte, 512) // all that http.DetectContentType looks at
	n, err := io.ReadFull(part, start)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, s.uploadError(err)
	}
	start = start[:n]
	file, err := s.opts.Chat.Upload(r.Context(), by, chat.UploadInput{
		Name: part.FileName(), MIME: http.DetectContentType(start), Alt: alt,
		Content: io.MultiReader(bytes.NewReader(start), part),
	})
	if err != nil {
		return nil, s.uploadError(err)
	}
	return wire.FileAnswer{File: wire.FromFile(file)}, nil
}

// findFile reads a form up to its file.
func findFile(form *multipart.Reader) (alt string, file *multipart.Part, err error) {
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, &wire.FieldError{Field: "file", Want: "a file"}
		}
		if err != nil {
			return "", nil, err
		}
		switch part.FormName() {
		case "file":
			return alt, part, nil
		case "alt":
			text, err := io.ReadAll(io.LimitReader(part, altBytes))
			if err != nil {
				return "", nil, err
			}
			alt = string(text)
		}
	}
}

// uploadError is why an upload has failed, as the client is told.
func (s *server) uploadError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return s.errTooLarge()
	}
	var refusal *chat.Error
	var shape *wire.FieldError
	if errors.As(err, &refusal) || errors.As(err, &shape) {
		return err
	}
	var broken *brokenBody
	if errors.As(err, &broken) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errForm()
	}
	return err
}

func (s *server) errTooLarge() error {
	e := chat.Errorf(chat.TooLarge, "A file may have %d bytes.", s.opts.FileBytes)
	e.Field = "file"
	return e
}

func errForm() error { return &wire.FieldError{Want: "a complete multipart form with a file"} }

// patientBody is a request's body that may take long but not stand still.
type patientBody struct {
	io.ReadCloser
	connection *http.ResponseController
}

// brokenBody is the error of a body that the client has not sent whole.
type brokenBody struct{ error }

func (e *brokenBody) Unwrap() error { return e.error }

// Read implements io.Reader.
func (b *patientBody) Read(p []byte) (int, error) {
	if err := b.connection.SetReadDeadline(time.Now().Add(uploadPause)); err != nil {
		return 0, fmt.Errorf("limit the pause of an upload: %w", err)
	}
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &brokenBody{err}
	}
	return n, err
}

// end lets the connection take its time again.
func (b *patientBody) end() {
	_ = b.connection.SetReadDeadline(time.Time{}) // or it is gone
}

// download sends a file to who may read it now, as something to be saved: a
// browser must never run what people have uploaded.
func (s *server) download(w http.ResponseWriter, r *http.Request) {
	by, err := s.session(r)
	if err != nil {
		s.respond(w, r, nil, err)
		return
	}
	file, content, err := s.opts.Chat.OpenFile(r.Context(), by, r.PathValue("id"))
	if err != nil {
		s.respond(w, r, nil, err)
		return
	}
	defer content.Close()
	h := w.Header()
	h.Set("Content-Type", file.MIME)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-cache") // asked again each time: who may read it may change
	h.Set("ETag", `"`+file.ID.String()+`"`)
	http.ServeContent(w, r, "", time.Time{}, content)
}
