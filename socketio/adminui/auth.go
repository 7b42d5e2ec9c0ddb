package adminui

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	"parley/socketio"
)

// credentials are what the page sends when it connects.
type credentials struct {
	Username  string `json:"username"`
	Password  string `json:"password"`
	SessionID string `json:"sessionId"`
}

// signedIn is the data of a page's socket. Nothing of it is ever encoded.
type signedIn struct {
	session string // "" if the page has one already
}

// errCredentials is what the page looks for.
var errCredentials = &socketio.ConnectError{Message: "invalid credentials"}

// authenticate is middleware: it admits who knows the password or a session.
func (a *admin) authenticate(next socketio.ConnectFunc) socketio.ConnectFunc {
	return func(ctx context.Context, s *socketio.Socket) error {
		h := s.Handshake()
		var c credentials
		if h.Auth != nil && json.Unmarshal(h.Auth, &c) != nil {
			return errCredentials
		}
		if c.SessionID != "" && a.doors.knows(c.SessionID) {
			s.SetData(&signedIn{})
			return next(ctx, s)
		}
		if !a.matches(ctx, &c) {
			a.opts.Logger.Warn("admin sign-in refused", "address", h.Address)
			return errCredentials
		}
		a.opts.Logger.Info("admin signed in", "address", h.Address)
		s.SetData(&signedIn{session: a.doors.open(a.opts.MaxSessions, a.opts.SessionAge)})
		return next(ctx, s)
	}
}

// matches compares the password also for a name that is wrong, which so takes
// as long.
func (a *admin) matches(ctx context.Context, c *credentials) bool {
	if c.Password == "" {
		return false
	}
	select {
	case a.doors.comparing <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	defer func() { <-a.doors.comparing }()
	err := bcrypt.CompareHashAndPassword([]byte(a.opts.PasswordHash), []byte(c.Password))
	if err != nil && !errors.Is(err, bcrypt.ErrMismatchedHashAndPassword) {
		a.opts.Logger.Error("admin password was not compared", "error", err)
	}
	return subtle.ConstantTimeCompare([]byte(c.Username), []byte(a.opts.Username)) == 1 && err == nil
}

// doors remembers who has signed in.
type doors struct {
	comparing chan struct{} // full while a password is compared

	mu       sync.Mutex // guards the fields below
	sessions []session  // the oldest first
}

// session is a sign-in. It is kept as a hash, of which the comparison tells
// nothing about the id.
type session struct {
	hash    [sha256.Size]byte
	expires time.Time
}

// open remembers a sign-in and returns its id.
func (d *doors) open(most int, age time.Duration) string {
	const size = 24
	var id [size]byte
	rand.Read(id[:]) // never fails: crypto/rand ends the process instead
	text := base64.RawURLEncoding.EncodeToString(id[:])
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forgetOld()
	if len(d.sessions) >= most {
		d.sessions = d.sessions[len(d.sessions)-most+1:]
	}
	d.sessions = append(d.sessions, session{sha256.Sum256([]byte(text)), time.Now().Add(age)})
	return text
}

func (d *doors) knows(id string) bool {
	hash := sha256.Sum256([]byte(id))
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forgetOld()
	for _, s := range d.sessions {
		if s.hash == hash {
			return true
		}
	}
	return false
}

// forgetOld drops what has expired. All live equally long. d.mu is held.
func (d *doors) forgetOld() {
	for len(d.sessions) > 0 && !time.Now().Before(d.sessions[0].expires) {
		d.sessions = d.sessions[1:]
	}
}
