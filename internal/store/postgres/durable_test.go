package postgres

import (
	"log/slog"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/store/postgres/pgtest"
)

func TestOpenWriter_TurnsOnTheCommitThatWaitsForTheDisk(t *testing.T) {
	address := pgtest.Start(t, "synchronous_commit=off").Database()
	s, err := Open(t.Context(), address, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	config, err := pgconn.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	c, err := openWriter(t.Context(), config, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if value, err := c.setting("synchronous_commit"); value != "on" || err != nil {
		t.Errorf("got %q, %v", value, err)
	}
}
