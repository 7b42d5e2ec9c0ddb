package chat

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Server is what a server says of itself. What its operator has fixed at the start, nobody changes from within.
type Server struct {
	Name              string
	NameFixed         bool
	Registration      Registration
	RegistrationFixed bool
	New               bool // its owner has neither set it up nor said that it is fine as it is
}

const (
	defaultServerName = "Parley"
	maxServerName     = 64 // characters
)

// settingServer is the key of a keptServer.
const settingServer = "server"

// keptServer is what was decided about the server, as it is stored.
type keptServer struct {
	Name         string       `json:"name,omitempty"`
	Registration Registration `json:"registration,omitempty"`
	New          bool         `json:"new,omitempty"`
}

// Server is what the server says of itself, to anybody.
func (s *Service) Server(ctx context.Context) (Server, error) {
	var server Server
	err := s.store.View(ctx, func(tx Tx) (err error) {
		server, err = s.server(tx)
		return err
	})
	return server, err
}

// UpdateServerInput changes what is not nil.
type UpdateServerInput struct {
	Name         *string // 1–64 characters
	Registration *Registration
	SetUp        bool // the owner need not be asked again
}

// UpdateServer changes what the server says of itself (ServerChanged, unless all is as before). Only its owner and admins
// may. Errors: Forbidden, Invalid (Field name, registration), Conflict (Field name, registration: fixed by the operator).
func (s *Service) UpdateServer(ctx context.Context, by Session, in UpdateServerInput) (Server, error) {
	var server Server
	err := s.store.Update(ctx, func(tx Tx) error {
		me, err := s.me(tx, by)
		if err != nil {
			return err
		}
		if err := s.permitOnServer("server:update", me); err != nil {
			return err
		}
		before, err := s.server(tx)
		if err != nil {
			return err
		}
		if err := s.changeServer(tx, before, in); err != nil {
			return err
		}
		if server, err = s.server(tx); err != nil {
			return err
		}
		if server.Name != before.Name || server.Registration != before.Registration {
			s.publish(tx, ServerChanged{Server: server})
		}
		return nil
	})
	if err != nil {
		return Server{}, err
	}
	return server, nil
}

// changeServer checks and stores what is asked for.
func (s *Service) changeServer(tx Tx, now Server, in UpdateServerInput) error {
	kept, err := loadServer(tx)
	if err != nil {
		return err
	}
	if in.Name != nil && *in.Name != now.Name {
		if now.NameFixed {
			return fixedByOperator("name")
		}
		if kept.Name, err = serverName(*in.Name); err != nil {
			return err
		}
	}
	if in.Registration != nil && *in.Registration != now.Registration {
		if now.RegistrationFixed {
			return fixedByOperator("registration")
		}
		if kept.Registration = *in.Registration; !kept.Registration.known() {
			return invalidField("registration", "Who may join is open, invite or closed.")
		}
	}
	kept.New = kept.New && !in.SetUp
	return keepServer(tx, kept)
}

func (r Registration) known() bool {
	return r == RegistrationOpen || r == RegistrationInvite || r == RegistrationClosed
}

func fixedByOperator(field string) *Error {
	e := Errorf(Conflict, "This is set by the operator of the server.")
	e.Field = field
	return e
}

// serverName is a name of a server as it is stored.
func serverName(given string) (string, error) {
	name := norm.NFC.String(strings.TrimSpace(given))
	if name == "" || !plainText(name, maxServerName) || strings.ContainsFunc(name, isControl) {
		return "", invalidField("name", "The name of a server has 1 to %d characters.", maxServerName)
	}
	return name, nil
}

// server is what the operator has fixed, else what was decided here, else the default.
func (s *Service) server(tx Tx) (Server, error) {
	kept, err := loadServer(tx)
	if err != nil {
		return Server{}, err
	}
	server := Server{
		Name:              cmp.Or(s.opts.Name, kept.Name, defaultServerName),
		NameFixed:         s.opts.Name != "",
		Registration:      cmp.Or(s.opts.Registration, kept.Registration, s.opts.DefaultRegistration),
		RegistrationFixed: s.opts.Registration != "",
	}
	// Where the operator has decided all of it there is nothing to ask.
	server.New = kept.New && !(server.NameFixed && server.RegistrationFixed)
	return server, nil
}

// askOwner notes that whoever owns this new server is to be asked how it shall be.
func askOwner(tx Tx) error {
	kept, err := loadServer(tx)
	if err != nil {
		return err
	}
	kept.New = true
	return keepServer(tx, kept)
}

func loadServer(tx Tx) (keptServer, error) {
	var kept keptServer
	value, err := tx.Setting(settingServer)
	if errors.Is(err, ErrNotFound) {
		return kept, nil
	}
	if err != nil {
		return kept, fmt.Errorf("load the settings of the server: %w", err)
	}
	if err := json.Unmarshal([]byte(value), &kept); err != nil {
		return kept, fmt.Errorf("read the settings of the server: %w", err)
	}
	return kept, nil
}

func keepServer(tx Tx, kept keptServer) error {
	value, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("write the settings of the server: %w", err)
	}
	if err := tx.SetSetting(settingServer, string(value)); err != nil {
		return fmt.Errorf("keep the settings of the server: %w", err)
	}
	return nil
}
