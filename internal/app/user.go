package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"parley/internal/chat"
	"parley/internal/config"
)

// NewUser is an account to be added. Role is admin or member.
type NewUser struct {
	Name     string `json:"name"`
	Password string `json:"password"`
	Role     string `json:"role"`
}

// AddUser adds an account to the server that keeps its chat here, whether
// it runs or not.
func AddUser(ctx context.Context, at *config.Storage, user NewUser) (chat.User, error) {
	var added chat.User
	err := manage(ctx, at, pathAddUser, user, &added, func(service *chat.Service) (err error) {
		added, err = addUser(ctx, service, user)
		return err
	})
	return added, sentence(err)
}

// SetPassword gives an account another password and ends all its sessions.
func SetPassword(ctx context.Context, at *config.Storage, name, password string) error {
	if _, err := os.Stat(at.Data); err != nil {
		return fmt.Errorf("cannot use the data directory %s: %w", at.Data, err)
	}
	in := newPassword{Name: name, Password: password}
	return sentence(manage(ctx, at, pathSetPassword, in, nil, func(service *chat.Service) error {
		return service.SetPassword(ctx, name, password)
	}))
}

type newPassword struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

func addUser(ctx context.Context, service *chat.Service, user NewUser) (chat.User, error) {
	return service.AddUser(ctx, chat.AddUserInput{Name: user.Name, Password: user.Password, Role: chat.Role(user.Role)})
}

// manage asks the running server, or, where none runs, does it on the database
// itself.
func manage(ctx context.Context, at *config.Storage, path string, in, out any, alone func(*chat.Service) error) error {
	if err := askAdmin(ctx, at.Data, path, in, out); !errors.Is(err, errNotRunning) {
		return err
	}
	store, err := openStore(ctx, at, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return err
	}
	service, err := newChat(ctx, store, nobody{}, 0, &chat.Options{Registration: chat.RegistrationClosed})
	if err != nil {
		return errors.Join(err, store.Close())
	}
	return errors.Join(alone(service), store.Close())
}

// nobody is the publisher where nobody is connected.
type nobody struct{}

func (nobody) Publish(chat.Event) {}

// sentence takes the code off a refusal: an operator reads the message only.
func sentence(err error) error {
	var refusal *chat.Error
	if errors.As(err, &refusal) {
		return errors.New(refusal.Message)
	}
	return err
}
