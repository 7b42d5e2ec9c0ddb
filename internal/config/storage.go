package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// Storage is where a chat is kept.
type Storage struct {
	Data         string `default:"./data" placeholder:"DIR" help:"Directory of the uploads and, with SQLite, of the database, default ./data. It is created if needed."`
	Database     string `default:"sqlite" placeholder:"sqlite|postgres://USER@HOST/NAME" help:"Database, default sqlite: a file in the data directory. An address with a password belongs into PARLEY_DATABASE or --database-file."`
	DatabaseFile string `placeholder:"FILE" help:"File with the address of the database in it, for a password that others shall not read."`
}

const inAFile = "sqlite"

// Postgres is the address of the PostgreSQL database, "" for SQLite.
func (s *Storage) Postgres() (string, error) {
	address := s.Database
	if s.DatabaseFile != "" {
		text, err := os.ReadFile(s.DatabaseFile)
		if err != nil {
			return "", fmt.Errorf("cannot read --database-file: %w", err)
		}
		address = strings.TrimSpace(string(text))
	}
	if address == inAFile || address == "" {
		return "", nil
	}
	if !isPostgres(address) {
		return "", errors.New("--database must be sqlite or like postgres://parley@localhost/parley")
	}
	return address, nil
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// CheckArguments refuses the arguments of a command if one of them tells a password.
func CheckArguments(args []string) error {
	for _, arg := range args {
		address := strings.TrimPrefix(arg, "--database=")
		if !isPostgres(address) {
			continue
		}
		u, err := url.Parse(address)
		if err != nil {
			return errors.New("--database must be like postgres://parley@localhost/parley") // the cause may tell a password
		}
		if _, tells := u.User.Password(); tells || u.Query().Has("password") {
			return errors.New("everybody on this machine can read the password in the arguments: put the address into PARLEY_DATABASE or a --database-file")
		}
	}
	return nil
}
