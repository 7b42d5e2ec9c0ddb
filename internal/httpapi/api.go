package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/wire"
)

// bodyDeadline is how long a client may take to send a JSON body.
const bodyDeadline = 10 * time.Second

// api is everything below /api/: JSON in and out, refused to foreign web pages.
func (s *server) api() (http.Handler, error) {
	mux := http.NewServeMux()
	s.route(mux, "POST /api/v1/login", wire.AuthLogin, s.login)
	s.route(mux, "POST /api/v1/logout", wire.AuthLogout, s.logout)
	s.route(mux, "GET /api/v1/me", wire.UserGet, s.me)
	s.route(mux, "GET /api/v1/server", wire.AuthLogin, s.about)
	s.route(mux, "POST /api/v1/files", wire.FileUpload, s.upload)
	s.mirror(mux)
	mux.Handle("/", s.answer(func(http.ResponseWriter, *http.Request) (any, error) {
		return nil, chat.Errorf(chat.NotFound, "There is no such route.")
	}))
	protection := http.NewCrossOriginProtection()
	for _, origin := range s.opts.Origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("trust the origin %q: %w", origin, err)
		}
	}
	protection.SetDenyHandler(s.answer(func(http.ResponseWriter, *http.Request) (any, error) {
		return nil, chat.Errorf(chat.Forbidden, "Requests of other web sites are refused.")
	}))
	return protection.Handler(mux), nil
}

// route registers a route that is no event's mirror, under the rule that it
// shares with one.
func (s *server) route(mux *http.ServeMux, pattern, rule string, f func(w http.ResponseWriter, r *http.Request) (any, error)) {
	s.opts.Events.Offer(rule)
	mux.Handle(pattern, s.answer(f))
}

// answer makes a handler of a function that returns the answer or why there is
// none.
func (s *server) answer(f func(w http.ResponseWriter, r *http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out, err := f(w, r)
		s.respond(w, r, out, err)
	})
}

// respond sends an answer, or why there is none.
func (s *server) respond(w http.ResponseWriter, r *http.Request, out any, err error) {
	status := http.StatusOK
	if err != nil {
		refused, written := wire.Refuse(err)
		if !written {
			s.opts.Logger.Error("request failed", "method", r.Method, "path", r.URL.Path, "error", err)
		}
		out, status = refused, wire.Status(refused.Error.Code)
		if refused.Error.RetryMS > 0 {
			w.Header().Set("Retry-After", strconv.FormatInt((refused.Error.RetryMS+999)/1000, 10))
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(out); err != nil {
		s.opts.Logger.Debug("send an answer", "path", r.URL.Path, "error", err)
	}
}

func (s *server) login(w http.ResponseWriter, r *http.Request) (any, error) {
	var in wire.LoginRequest
	if err := s.read(w, r, &in); err != nil {
		return nil, err
	}
	result, err := s.opts.Login.Login(r.Context(), chat.LoginInput{
		Name:     in.Name,
		Password: in.Password,
		Invite:   in.Invite,
		AskNew:   in.AskNew,
		Cookie:   true,
		Client:   r.UserAgent(),
		Address:  r.RemoteAddr,
	}, tokenOf(r))
	if err != nil {
		return nil, err
	}
	auth.SetCookie(w, r, result.Token)
	answer := wire.LoginAnswer{User: wire.FromUser(result.User), Created: result.Created}
	if in.Token {
		answer.Token = result.Token
	}
	return answer, nil
}

func (s *server) logout(w http.ResponseWriter, r *http.Request) (any, error) {
	session, err := s.session(r)
	if err != nil {
		return nil, err
	}
	if err := s.opts.Chat.Logout(r.Context(), session); err != nil {
		return nil, err
	}
	auth.ClearCookie(w, r)
	return wire.Accepted{}, nil
}

func (s *server) me(_ http.ResponseWriter, r *http.Request) (any, error) {
	session, err := s.session(r)
	if err != nil {
		return nil, err
	}
	me, err := s.opts.Chat.Me(r.Context(), session)
	if err != nil {
		return nil, err
	}
	return wire.MeAnswer{Me: wire.FromMe(me)}, nil
}

// about is what anybody may know of the server, such as who is about to log in.
func (s *server) about(_ http.ResponseWriter, r *http.Request) (any, error) {
	server, err := s.opts.Chat.Server(r.Context())
	if err != nil {
		return nil, err
	}
	return wire.ServerAnswer{Server: wire.FromServer(server)}, nil
}

// session is who a request comes from.
func (s *server) session(r *http.Request) (chat.Session, error) {
	token := tokenOf(r)
	if token == "" {
		return chat.Session{}, chat.Errorf(chat.Unauthorized, "Log in first.")
	}
	return s.opts.Chat.Authenticate(r.Context(), token)
}

// tokenOf is the token of a request: that of its Authorization header, else
// that of its cookie.
func tokenOf(r *http.Request) string {
	if token := auth.BearerToken(r); token != "" {
		return token
	}
	return auth.CookieToken(r)
}

// read decodes the JSON object that is the body of a request.
func (s *server) read(w http.ResponseWriter, r *http.Request, in any) error {
	if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || mediaType != "application/json" {
		return &wire.FieldError{Want: "JSON, with the Content-Type application/json"}
	}
	connection := http.NewResponseController(w)
	if err := connection.SetReadDeadline(time.Now().Add(bodyDeadline)); err != nil {
		return fmt.Errorf("limit the time of a body: %w", err)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.opts.BodyBytes))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return chat.Errorf(chat.TooLarge, "A request may have %d bytes.", tooLarge.Limit)
		}
		return &wire.FieldError{Want: "complete"}
	}
	// Left in place, the deadline would end a request that waits for its turn to hash.
	if err := connection.SetReadDeadline(time.Time{}); err != nil {
		return fmt.Errorf("end the time of a body: %w", err)
	}
	return wire.Decode(body, in)
}
