package httpapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"parley/internal/api"
	"parley/internal/chat"
	"parley/internal/wire"
)

// eventTimeout is how long one event may take.
const eventTimeout = 10 * time.Second

// idempotencyKey is the header that stands for the cid of a message.
const idempotencyKey = "Idempotency-Key"

// mirror answers every event of the table over HTTP: POST /api/v1/room/history
// is room:history, and so is GET, since it only reads.
func (s *server) mirror(mux *http.ServeMux) {
	for endpoint := range s.opts.Events.Endpoints() {
		path := "/api/v1/" + strings.ReplaceAll(endpoint.Event, ":", "/")
		mux.Handle("POST "+path, s.answer(func(w http.ResponseWriter, r *http.Request) (any, error) {
			return s.event(endpoint, r, func(in any) error { return s.readEvent(w, r, in) })
		}))
		if endpoint.Reads {
			mux.Handle("GET "+path, s.answer(func(_ http.ResponseWriter, r *http.Request) (any, error) {
				return s.event(endpoint, r, func(in any) error { return wire.DecodeQuery(r.URL.Query(), in) })
			}))
		}
	}
}

// event answers who a request comes from.
func (s *server) event(endpoint *api.Endpoint, r *http.Request, read api.Reader) (any, error) {
	ctx, cancel := context.WithTimeout(r.Context(), eventTimeout)
	defer cancel()
	by, err := s.session(r)
	if err != nil {
		return nil, err
	}
	if err := s.opts.Events.Admit(by.User, endpoint.Event); err != nil {
		return nil, err
	}
	return endpoint.Answer(ctx, by, read)
}

// readEvent reads the body of an event, and the header that may stand for one
// of its fields.
func (s *server) readEvent(w http.ResponseWriter, r *http.Request, in any) error {
	if err := s.read(w, r, in); err != nil {
		return err
	}
	send, ok := in.(*wire.SendRequest)
	key := r.Header.Get(idempotencyKey)
	if !ok || key == "" {
		return nil
	}
	if send.CID != "" && send.CID != key {
		e := chat.Errorf(chat.Invalid, "The %s and the cid differ.", idempotencyKey)
		e.Field = "cid"
		return e
	}
	send.CID = key
	return nil
}
