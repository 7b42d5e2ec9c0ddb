package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/term"

	"parley/internal/app"
	"parley/internal/config"
)

// userCommands manage accounts, also while the server runs. Passwords come from
// a prompt or from standard input, never from an argument, which others on the
// machine could read.
type userCommands struct {
	Add      userAddCommand      `cmd:"" help:"Add an account."`
	Password userPasswordCommand `cmd:"" help:"Give an account another password and sign out all its devices."`
}

type userAddCommand struct {
	config.Storage `embed:""`

	Role string `enum:"admin,member" default:"member" help:"admin or member. The first account of a server is its owner."`
	Name string `arg:"" help:"Name of the account."`
}

type userPasswordCommand struct {
	config.Storage `embed:""`

	Name string `arg:"" help:"Name of the account."`
}

// Run adds an account.
func (c *userAddCommand) Run(std streams) error {
	password, err := readPassword(std)
	if err != nil {
		return err
	}
	added, err := app.AddUser(context.Background(), &c.Storage, app.NewUser{Name: c.Name, Password: password, Role: c.Role})
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "Added %s (%s).\n", added.Name, added.Role)
	return nil
}

// Run changes a password.
func (c *userPasswordCommand) Run(std streams) error {
	password, err := readPassword(std)
	if err != nil {
		return err
	}
	if err := app.SetPassword(context.Background(), &c.Storage, c.Name, password); err != nil {
		return err
	}
	fmt.Fprintf(std.out, "Changed the password of %s. All their devices are signed out.\n", c.Name)
	return nil
}

// readPassword asks twice without an echo, or reads one line where standard
// input is no terminal.
func readPassword(std streams) (string, error) {
	terminal := int(std.in.Fd())
	if !term.IsTerminal(terminal) {
		line, err := bufio.NewReader(std.in).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	first, err := prompt(std, "Password: ")
	if err != nil {
		return "", err
	}
	second, err := prompt(std, "Once more: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the two passwords differ")
	}
	return first, nil
}

func prompt(std streams, text string) (string, error) {
	fmt.Fprint(std.err, text)
	password, err := term.ReadPassword(int(std.in.Fd()))
	fmt.Fprintln(std.err)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(password), nil
}
