package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"parley/internal/chat"
	"parley/internal/wire"
)

// The command talks to a server that runs through a Unix socket in the data
// directory, which only who may read the database can open.
const (
	adminSocket     = "admin.sock"
	pathAddUser     = "/user/add"
	pathSetPassword = "/user/password"
)

var errNotRunning = errors.New("no server runs on this data directory")

// admin answers the command. Nil is an admin that could not be started.
type admin struct {
	server *http.Server
	done   chan struct{}
}

// startAdmin serves the socket. The lock of the data directory is held by now,
// so that a socket found there is one left over. Where the system has no such
// sockets, or the path is too long for one, the command works while the server
// is stopped only.
func startAdmin(dir string, service *chat.Service, logger *slog.Logger) (*admin, error) {
	path := filepath.Join(dir, adminSocket)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("remove the admin socket of an earlier run: %w", err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		logger.Warn("accounts can be managed only while the server is stopped", "error", err)
		return nil, nil
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("protect the admin socket: %w", err), listener.Close())
	}
	a := &admin{server: &http.Server{Handler: adminRoutes(service), ReadTimeout: 10 * time.Second}, done: make(chan struct{})}
	go func() {
		defer close(a.done)
		if err := a.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("serve the admin socket", "error", err)
		}
	}()
	return a, nil
}

func (a *admin) close() error {
	if a == nil {
		return nil
	}
	err := a.server.Close()
	<-a.done
	return err
}

func adminRoutes(service *chat.Service) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+pathAddUser, func(w http.ResponseWriter, r *http.Request) {
		var user NewUser
		answerAdmin(w, r, &user, func() (any, error) { return addUser(r.Context(), service, user) })
	})
	mux.HandleFunc("POST "+pathSetPassword, func(w http.ResponseWriter, r *http.Request) {
		var in newPassword
		answerAdmin(w, r, &in, func() (any, error) {
			return struct{}{}, service.SetPassword(r.Context(), in.Name, in.Password)
		})
	})
	return mux
}

// answerAdmin answers 200 and the result, or 400 and why not.
func answerAdmin(w http.ResponseWriter, r *http.Request, in any, do func() (any, error)) {
	err := json.NewDecoder(r.Body).Decode(in)
	var out any
	if err == nil {
		out, err = do()
	}
	if err != nil {
		refused, _ := wire.Refuse(err)
		out = refused.Error
		w.WriteHeader(http.StatusBadRequest)
	}
	_ = json.NewEncoder(w).Encode(out) // a command that is gone needs no answer
}

// askAdmin asks the running server; errNotRunning if none answers.
func askAdmin(ctx context.Context, dir, path string, in, out any) error {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(dir, adminSocket))
	}
	transport := &http.Transport{DialContext: dial}
	defer transport.CloseIdleConnections()
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("ask the running server: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://parley"+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask the running server: %w", err)
	}
	response, err := transport.RoundTrip(request)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return errNotRunning
	}
	if err != nil {
		return fmt.Errorf("ask the running server: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		var refused wire.Error
		if err := json.NewDecoder(response.Body).Decode(&refused); err != nil {
			return fmt.Errorf("read the answer of the running server: %w", err)
		}
		return &chat.Error{Code: refused.Code, Message: refused.Message}
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(out)
}
